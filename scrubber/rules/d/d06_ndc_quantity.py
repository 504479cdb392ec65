"""INJ-D06: the quantity of an NDC, and its unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, Drug, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.common import guide
from scrubber.rules.gates import NDC, on_claim

_UNITS: Final = frozenset({"F2", "GR", "ME", "ML", "UN"})
_SELDOM: Final = frozenset({"F2", "ME"})
_DECIMALS: Final = 3


@rule(
    code="INJ-D06",
    name="ndc-quantity",
    severity=Severity.REJECT,
    cites=(
        guide("loop 2410, CTP04 and CTP05-1: required beside LIN; F2, GR, ME, ML or UN"),
        cite(
            "TMHP, National Drug Code",
            "GR, ML and UN only",
            "https://support.interfaceedi.net/Home/version-2-3/user-manual23/national-drug-code",
        ),
        cite(
            "Stedi, claim edit: invalid drug unit count",
            "more than zero",
            "https://www.stedi.com/changelog/page/17",
        ),
    ),
    expected=Expected(status=("A7:218", "A7:220"), carc=("16",), rarc=("M119", "M53")),
    when=on_claim(NDC),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Beside an NDC stand how much of it was given (CTP04, more than zero) and in what unit (CTP05-1).

    Why: The quantity is of the drug as packed: millilitres of a liquid, pieces
    (UN) of a vial of powder, a kit or a syringe where the payer says so, grams
    of a cream. A part of a vial of powder is a fraction of UN. Units that some
    payers refuse (ME, F2) are judged by the payer's profile.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
        LIN**N4*00143961901
        CTP****0*ML

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
        LIN**N4*00143961901
        CTP****1*ML
    """
    for line in claim.lines:
        if line.drug and line.drug.qualifier == "N4":
            yield from _quantity(line, line.drug)
            yield from _unit(ctx, line, line.drug)


def _quantity(line: ServiceLine, drug: Drug) -> Iterator[Hit]:
    quantity = drug.quantity
    if quantity is None or quantity <= 0:
        fault = "is missing" if drug.ctp is None or not drug.ctp.text(4) else "is not more than zero"
        says = f"line {line.number}: the NDC quantity of {line.code} (CTP04) {fault}: enter what was given"
        yield Hit(drug.ctp.spot(4) if drug.ctp else drug.lin.spot(), says, (line,))
    elif drug.ctp and -int(quantity.normalize().as_tuple().exponent) > _DECIMALS:
        says = (
            f"line {line.number}: the NDC quantity of {line.code} (CTP04) has over three decimals: round it"
        )
        yield Hit(drug.ctp.spot(4), says, (line,), Severity.DENY)


def _unit(ctx: Context, line: ServiceLine, drug: Drug) -> Iterator[Hit]:
    if drug.ctp is None:
        return
    habit = ctx.habit("ndc_units", line)
    unit = drug.unit
    if unit not in _UNITS:
        found = f"is {unit}" if unit else "is missing"
        says = f"line {line.number}: the NDC unit of {line.code} (CTP05-1) {found}: ML, UN, GR, ME or F2"
        yield Hit(drug.ctp.spot(5, 1), says, (line,))
    elif habit and unit not in habit.value.split():
        says = f"line {line.number}: this payer takes the quantity of an NDC in {habit.value}, not in {unit}"
        yield Hit(drug.ctp.spot(5, 1), says, (line,), Severity.DENY if habit.decides else Severity.ADVISE)
    elif not habit and unit in _SELDOM and ctx.payer_class == "medicaid":
        says = (
            f"line {line.number}: many Medicaid programs refuse an NDC quantity in {unit}: use ML, UN or GR"
        )
        yield Hit(drug.ctp.spot(5, 1), says, (line,), Severity.ADVISE)
