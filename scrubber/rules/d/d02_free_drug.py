"""INJ-D02: a drug at no charge, or at one cent with nothing that gave it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Fix, Safety, Severity
from scrubber.payers import Habit
from scrubber.rule import Hit, cite, rule
from scrubber.rules.edits import may_recharge, with_charge
from scrubber.rules.gates import DRUG, on_claim
from scrubber.rules.given import administrations

_CENT: Final = Decimal("0.01")


@rule(
    code="INJ-D02",
    name="free-drug",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "NGS Medicare, Proper Billing for Patient Supplied Drugs",
            "a drug that was free stands at 0.01 beside its administration; rev. 2023-04-10",
            "https://ngsmedicare.com/web/ngs/search-details?selectedArticleId=3999440",
        ),
        cite(
            "Community Health Plan of Washington, Billing for Administration of Drugs",
            "no drug line and no cent: the name of the drug in the line note of 96372",
            "https://www.chpw.org/for-providers/bulletin-board/billing-for-administration-of-drugs",
        ),
    ),
    expected=Expected(status=("A7:402",), carc=("16",), rarc=("M79", "M123")),
    when=on_claim(DRUG),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A drug that was not bought: Medicare expects one cent, others zero, others no line at all.

    Why: Many systems refuse a line at zero, so Medicare asks for 0.01; a plan
    that counts the units for rebates forbids the line. The payer's profile
    decides. A drug at one cent shows only that it was given: without an administration it says nothing.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*0*UN*1***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*0.01*UN*1***1
    """
    for line in ctx.drugs:
        if line.charge is not None and 0 <= line.charge <= _CENT:
            yield from _judge(claim, ctx, line, line.charge)


def _judge(claim: Claim, ctx: Context, line: ServiceLine, charge: Decimal) -> Iterator[Hit]:
    habit = ctx.habit("drug_line", line)
    at, name = line.sv1.spot(2), f"line {line.number}: {line.code}"
    if habit and habit.value == "forbidden_if_not_supplied":
        says = f"{name} at {charge}: this payer wants no line for a free drug: name it in the note of 96372"
        yield Hit(at, says, (line,), Severity.DENY if habit.decides else None)
    elif not charge:
        fix = _one_cent(claim, line, habit)
        says = f"{name} at no charge: Medicare wants 0.01 for a free drug; see what this payer has"
        yield Hit(at, says, (line,), fix=fix)
    elif not administrations(ctx, line, "") and not ctx.gaps:
        says = (
            f"{name} at one cent and nothing that gave it: add the administration of the record, or remove it"
        )
        yield Hit(at, says, (line,))


def _one_cent(claim: Claim, line: ServiceLine, habit: Habit | None) -> Fix | None:
    """0.01 in SV102 and as much more in CLM02, where the profile says that the payer wants it."""
    if not habit or habit.value != "required_0.01" or claim.charge is None or not may_recharge(claim):
        return None
    edits = (with_charge(claim.clm, claim.charge + _CENT), with_charge(line.sv1, _CENT))
    return Fix(Safety.SUGGESTED, "one cent for a free drug", edits)
