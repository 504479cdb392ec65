"""INJ-M05: one drug on two lines of a day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.common import DISTINCT, REPEAT, rendering_npi
from scrubber.rules.gates import DRUG, on_claim

_ANSWERS: Final = DISTINCT | REPEAT | {"JW"}
_TELL_APART: Final = frozenset({"JA", "JB", "LT", "RT", "E1", "E2", "E3", "E4"})


@rule(
    code="INJ-M05",
    name="drug-on-two-lines",
    severity=Severity.DENY,
    cites=(
        cite(
            "UnitedHealthcare Community Plan of Maryland, discarded drugs",
            "a line for each NDC of a drug; waste on its own line with JW",
            "https://uhcprovider.com/content/provider/en/resource-library/news/2025/md-discarded-drugs-biologicals-policy-update.html",
        ),
        cite(
            "Blue Cross NC, Drug and Biologicals",
            "one line for a drug code and day; a second one only with JW",
            "https://www.bluecrossnc.com/providers/policies-guidelines-codes/commercial/reimbursement/updates/drug-and-biologicals",
        ),
        cite(
            "NGS Medicare, How to Avoid and Correct Duplicate Claim Denials",
            "reason 18",
            "https://ngsmedicare.com/web/ngs/how-to-avoid-duplicate-claim-denials?selectedArticleId=9213602",
        ),
    ),
    expected=Expected(carc=("18",), rarc=("M86",)),
    when=on_claim(DRUG),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A second line of a drug code on a day denies as a duplicate, unless something tells it from the first.

    Why: JW says that it was thrown away, 59, X{EPSU}, 76 or 77 that it was
    given apart, another NDC that it is another package. Nothing of these: the
    units belong on one line. Some payers take one line whatever the NDC: the profile says so.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1885*5*UN*2***1
        SV1*HC:J1885*5*UN*1***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2357*1950*UN*45***1
        SV1*HC:J2357:JW*650*UN*15***1
    """
    if len(ctx.drugs) < 2:
        return
    seen: dict[object, list[ServiceLine]] = {}
    for line in ctx.drugs:
        if line.first_day is None:
            continue
        before = seen.setdefault((line.code, line.first_day, rendering_npi(claim, line)), [])
        first = next((one for one in before if _same(ctx, one, line)), None)
        before.append(line)
        if first is not None and not _answered(ctx, line, first):
            yield _hit(ctx, line, first)


def _same(ctx: Context, one: ServiceLine, other: ServiceLine) -> bool:
    habit = ctx.habit("drug_lines_per_day", other)
    if habit and habit.value == "any":
        return False
    if habit and habit.value == "one_per_code":
        return True
    apart = _TELL_APART.intersection(one.modifiers) ^ _TELL_APART.intersection(other.modifiers)
    return _ndc(one) == _ndc(other) and not apart


def _ndc(line: ServiceLine) -> str:
    return line.drug.ndc.replace("-", "") if line.drug else ""


def _answered(ctx: Context, line: ServiceLine, first: ServiceLine) -> bool:
    habit = ctx.habit("drug_lines_per_day", line)
    answers = frozenset({"JW"}) if habit and habit.value == "one_per_code" else _ANSWERS
    return not answers.isdisjoint(line.modifiers) or not answers.isdisjoint(first.modifiers)


def _hit(ctx: Context, line: ServiceLine, first: ServiceLine) -> Hit:
    habit = ctx.habit("drug_lines_per_day", line)
    severity = Severity.ADVISE if habit and habit.value == "one_per_code" and not habit.decides else None
    says = (
        f"line {line.number}: {line.code} stands on line {first.number} of that day already: put the units "
        "on one line, or mark what was discarded (JW) or given apart, as the record has it"
    )
    return Hit(line.sv1.spot(1), says, (line, first), severity, evidence={"drug": line.code})
