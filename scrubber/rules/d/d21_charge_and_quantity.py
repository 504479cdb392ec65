"""INJ-D21: quantity, charge and payer's own modifier of a drug line."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import DRUG, on_claim

_TIMES: Final = 10
_CENT: Final = Decimal("0.01")
_MATTERS: Final = Decimal(200)  # dollars; below it a charge says little


@rule(
    code="INJ-D21",
    name="drug-charge-and-quantity",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "CMS, ASP payment limits",
            "January to March 2026",
            "https://www.cms.gov/medicare/payment/part-b-drugs/asp-pricing-files",
        ),
        cite(
            "Alabama Medicaid, notice of 2013-02-11",
            "J1050 with FP or U1",
            "http://medicaid.alabama.gov/news_detail.aspx?ID=7539",
        ),
        cite(
            "Texas Medicaid, provider manual 2016",
            "KX or AT on injected antibiotics and steroids",
            "http://www.tmhp.com/Manuals_HTML1/TMPPM/Archive/2016/Vol2_Medical_Specialists_and_Physicians_Services_Handbook.24.178.html",
        ),
    ),
    expected=Expected(status=("A7:476",), carc=("16", "4"), rarc=("M53", "N519")),
    when=on_claim(DRUG),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A drug line has a quantity, a charge not too far from the price of its units, and the payer's own mark.

    Why: A line of no units pays nothing. Ten times the Medicare limit, or a
    tenth of it, most often means that the units are wrong, so it is told where
    more than 200 dollars hang on it. Some states want a modifier of their own: the profile names them.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2315*14.50*UN*380***1
        DTP*472*D8*20260302

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2315*1450*UN*380***1
        DTP*472*D8*20260302
    """
    for line in ctx.drugs:
        if line.units is None or line.units <= 0:
            says = f"line {line.number}: {line.code} without a quantity (SV104): bill the units given"
            yield Hit(line.sv1.spot(4), says, (line,), evidence={"units": line.sv1.text(4)})
        elif line.charge is not None and line.charge > _CENT:
            yield from _price(ctx, line, line.units, line.charge)
        yield from _payers_own(ctx, line)


def _price(ctx: Context, line: ServiceLine, units: Decimal, charge: Decimal) -> Iterator[Hit]:
    if charge < _MATTERS and units * _TIMES < _MATTERS:
        return  # neither side can be much
    row = ctx.find("asp_limits", line.code, line)
    if row is None:
        return
    limit = Decimal(row["limit"]) * units
    low = limit > _MATTERS and charge * _TIMES < limit
    high = charge > _MATTERS and charge > limit * _TIMES
    if low or high:
        says = (
            f"line {line.number}: {charge:.2f} for {units:f} units of {line.code}, the Medicare limit is "
            f"{limit:.2f}: check the units and the charge"
        )
        yield Hit(line.sv1.spot(2), says, (line,), evidence={"limit": f"{limit:.2f}"})


def _payers_own(ctx: Context, line: ServiceLine) -> Iterator[Hit]:
    habit = ctx.habit("extra_modifiers", line)
    pairs = dict(pair.split(":", 1) for pair in habit.value.split() if ":" in pair) if habit else {}
    wanted = pairs.get(line.code, "").split("/")
    if habit and wanted[0] and not set(wanted).intersection(line.modifiers):
        says = (
            f"line {line.number}: this payer wants {' or '.join(wanted)} on {line.code}: "
            "the one that the record bears out"
        )
        yield Hit(line.sv1.spot(1), says, (line,), Severity.DENY if habit.decides else None)
