"""INJ-C08: the lines of a claim differ in what they say of hospice or custody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.codes import is_drug
from scrubber.context import INJECTION, Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import on_claim

_ATTENDING, _UNRELATED, _CUSTODY = "GV", "GW", "QJ"
_MARKS: Final = frozenset({_ATTENDING, _UNRELATED, _CUSTODY})


@rule(
    code="INJ-C08",
    name="hospice-or-custody",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "Novitas, modifiers for hospice patients",
            "GV: attending physician, not the hospice's; GW: not related to the terminal illness",
            "https://www.novitas-solutions.com/webcenter/portal/MedicareJL/pagebyid?contentId=00003600",
        ),
        cite(
            "Noridian, incarcerated beneficiaries (42 CFR 411.4(b))",
            "QJ only where the law makes a prisoner repay; else denied with N103",
            "https://med.noridianmedicare.com/web/jfa/topics/claim-submission/quick-reference-billing-guide/"
            "incarcerated-beneficiaries",
        ),
    ),
    expected=Expected(carc=("B9", "96"), rarc=("N103",)),
    when=on_claim(*_MARKS),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Medicare: another line has GV, GW or QJ and the injection or its drug has none, or one has GV and GW.

    Why: a patient who elected hospice, or is in custody, is so for every line of the day. A line
    without the mark is denied as the hospice's or the prison's. GV (related, by the attending
    physician) and GW (unrelated) exclude each other. A stay in a nursing facility under Part A is
    not on the claim; place 31 is told by INJ-S01.

    Bad:
        SBR*P*18*******MB
        SV1*HC:99213:25:GW*100*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SBR*P*18*******MB
        SV1*HC:99213:25:GW*100*UN*1***1
        SV1*HC:96372:GW*30*UN*1***1
        SV1*HC:J3420:GW*5*UN*1***1
    """
    if not ctx.medicare or not any(_MARKS.intersection(line.modifiers) for line in claim.lines):
        return
    for line in claim.lines:
        ours = line.code == INJECTION or is_drug(line.code)
        marks = _MARKS.intersection(line.modifiers)
        if ours and {_ATTENDING, _UNRELATED} <= marks:
            says = f"line {line.number}: GV and GW exclude each other: keep the one that the record bears out"
            yield Hit(line.sv1.spot(1), says, (line,))
        elif ours and not marks and ctx.injections:
            yield from _unmarked(claim, line)


def _unmarked(claim: Claim, line: ServiceLine) -> Iterator[Hit]:
    same = [one for one in claim.lines if one.first_day == line.first_day]
    found = [one for one in same if _MARKS.intersection(one.modifiers)]
    if found:
        marks = sorted(_MARKS.intersection(found[0].modifiers))
        says = (
            f"line {line.number}: {line.code} without {' or '.join(marks)}, which line {found[0].number} of "
            "the day carries: see whether it holds here too"
        )
        yield Hit(line.sv1.spot(1), says, (line, found[0]), evidence={"marks": marks})
