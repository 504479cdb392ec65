"""INJ-D20: compounded drugs, and drugs within a clinical trial."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from loops import Claim, ServiceLine
from scrubber.codes import is_drug
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.common import guide
from scrubber.rules.gates import on_claim

_COMPOUND: Final = "J7999"
_TRIAL: Final = ("Q0", "Q1")
_NUMBER_FROM: Final = date(2014, 1, 1)
_TRIAL_DX: Final = "Z006"


@rule(
    code="INJ-D20",
    name="compound-and-trial",
    severity=Severity.ADVISE,
    cites=(
        guide("loop 2410, REF*VY ties the ingredients of a compound; loop 2300, REF*P4 numbers a trial"),
        cite(
            "CMS CR 8401, as told by Coding Ahead",
            "number of the clinical trial on each claim from 2014-01-01",
            "https://www.codingahead.com/mandatory-reporting-of-8-digit-clinical/",
        ),
    ),
    expected=Expected(carc=("16", "114"), rarc=("M123", "MA130")),
    when=on_claim(_COMPOUND, *_TRIAL),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A compound names its ingredients by NDC, tied by one number; a trial its number and Z00.6.

    Why: A compound has no price of its own: payers look at the ingredients, and
    many do not pay. Q0 and Q1 say that the service belongs to a trial; Medicare
    wants the number of the trial and its diagnosis beside them.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J7999:::::TESTOSTERONE 80 MG IM*80*UN*1***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J7999:::::TESTOSTERONE 80 MG IM*80*UN*1***1
        LIN**N4*99999001001
        CTP****1*ML
        REF*VY*TEST1
    """
    for line in claim.lines:
        if line.code == _COMPOUND and not (line.drug and line.drug.references):
            says = (
                f"line {line.number}: a compound without the NDC of its ingredients and their common number "
                "(loop 2410 with REF*VY): see whether this payer pays compounds, and how"
            )
            yield Hit(line.sv1.spot(1, 2), says, (line,))
        yield from _trial(claim, line)


def _trial(claim: Claim, line: ServiceLine) -> Iterator[Hit]:
    said = [modifier for modifier in line.modifiers if modifier in _TRIAL]
    day = line.first_day
    if (
        not said
        or day is None
        or day < _NUMBER_FROM
        or not (is_drug(line.code) or line.code.startswith("96"))
    ):
        return
    lacking = []
    if not any(segment.text(2) for segment in claim.all("REF", "P4")):
        lacking.append("the trial's number (REF*P4)")
    if not any(one.code.replace(".", "").upper() == _TRIAL_DX for one in claim.diagnoses):
        lacking.append("Z00.6 among the diagnoses")
    if lacking:
        says = f"line {line.number}: {said[0]} on {line.code} (a trial) without {' and '.join(lacking)}"
        at = line.modifier_spot(line.modifiers.index(said[0]))
        yield Hit(at, says + ": add it, or remove the modifier", (line,), evidence={"lacks": lacking})
