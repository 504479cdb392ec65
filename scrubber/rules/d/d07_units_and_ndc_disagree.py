"""INJ-D07: billed units and NDC quantity tell different doses."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from loops import Claim, Drug, ServiceLine
from loops.values import padded_ndc
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.common import units
from scrubber.rules.gates import NDC, on_claim
from scrubber.tables import NoData, Row

_ONE, _PER_CENT = Decimal(1), Decimal("0.02")
_BY_THE_HUNDRED: Final = 100  # MUE of a code of which one unit cannot be a usual dose


@rule(
    code="INJ-D07",
    name="units-and-ndc-disagree",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "CMS, ASP NDC-HCPCS crosswalk",
            "January to March 2026: billing units in a container and in a package",
            "https://www.cms.gov/medicare/payment/part-b-drugs/asp-pricing-files",
        ),
        cite(
            "Horizon NJ Health, reminder on National Drug Codes",
            "an NDC that does not go with the HCPCS code: 16, M119",
            "https://www.horizonnjhealth.com/for-providers/news/updates-and-announcements/reminder-use-national-drug-codes-ndc",
        ),
    ),
    expected=Expected(status=("A7:476",), carc=("16", "151"), rarc=("M53", "N430", "M119")),
    when=on_claim(NDC),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The units of a drug line must be the dose that its NDC quantity holds, rounded up to whole units.

    Why: A unit is what the code says, not a vial and not a milligram. Payers
    compare both; milligrams billed as units pay too much and deny, a vial billed
    as one unit loses money. An NDC of another drug is told as well. Which of the
    two is right only the record tells.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1885*20*UN*60***1
        DTP*472*D8*20260302
        LIN**N4*00338007225
        CTP****2*ML

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1885*20*UN*4***1
        DTP*472*D8*20260302
        LIN**N4*00338007225
        CTP****2*ML
    """
    for line in ctx.drugs:
        drug = line.drug
        if drug and drug.qualifier == "N4" and line.units and drug.quantity:
            yield from _judge(claim, ctx, line, padded_ndc(drug.ndc) or drug.ndc)


def _judge(claim: Claim, ctx: Context, line: ServiceLine, ndc: str) -> Iterator[Hit]:
    row = ctx.find("ndc_hcpcs", (ndc, line.code), line)
    if row is None:
        yield from _of_another_drug(ctx, line, ndc)
        yield from _one_for_all(ctx, line)
        return
    mine = [dose for dose in _doses(row, line.drug) if dose] if line.drug else []
    if not mine or any(_close(line.units or Decimal(0), dose) for dose in mine):
        return
    same = [one for one in ctx.drugs if one.code == line.code and one.first_day == line.first_day]
    likely = [dose for one in same if one.drug for dose in _doses(row, one.drug)]
    billed = sum((one.units for one in same if one.units), Decimal(0))
    if any(_close(billed, dose) for dose in [*likely, mine[0] * len(same)]):
        return  # several lines share the dose, for instance one with JW
    yield _hit(line, row, mine[0])


def _doses(row: Row, drug: Drug) -> list[Decimal]:
    """The units that the NDC quantity may stand for: a container or, of the package code, the whole."""
    quantity = drug.quantity or Decimal(0)
    known = _sizes(row["units_container"], row["units_package"], row["size"])
    if known is None:
        return []
    container, package, size = known
    if drug.unit == "UN":
        return [quantity * container, quantity * package]
    return [quantity * container / size] if drug.unit == "ML" and size else []


@lru_cache(maxsize=1024)
def _sizes(container: str, package: str, size: str) -> tuple[Decimal, Decimal, Decimal] | None:
    """Units in a container and in a package, quantity of a container; None where the table has not all."""
    try:
        return Decimal(container), Decimal(package), Decimal(size)
    except InvalidOperation:
        return None


def _close(billed: Decimal, dose: Decimal) -> bool:
    return abs(billed - dose) <= max(_ONE, dose * _PER_CENT)


def _hit(line: ServiceLine, row: Row, dose: Decimal) -> Hit:
    assert line.units is not None
    quantity = f"{line.drug.quantity:f} {line.drug.unit}" if line.drug and line.drug.quantity else ""
    says = (
        f"line {line.number}: {units(line.units)} of {line.code}, but {quantity} of its NDC is "
        f"{units(dose)} of {row['dose']} {row['measure']}: compare both with the dose given"
    )
    step = _number(row["dose"])
    exact = step is not None and step != 1 and line.units == dose * step
    severity = Severity.DENY if exact else None
    evidence = {"units": str(line.units), "ndc_units": str(dose), "dose_of_a_unit": row["dose"]}
    return Hit(line.sv1.spot(4), says, (line,), severity, rests_on=(fact(row),), evidence=evidence)


def _one_for_all(ctx: Context, line: ServiceLine) -> Iterator[Hit]:
    """One unit of a code that counts single milligrams (or the like), by the hundred in a usual dose."""
    if line.units != 1:
        return
    drug = ctx.find("drugs", line.code, line)
    limit = ctx.find("mue", (line.code, "medicare"), line) if drug and drug["unit_amount"] == "1" else None
    if drug is not None and limit is not None and int(limit["units"]) >= _BY_THE_HUNDRED:
        says = (
            f"line {line.number}: one unit of {line.code} is 1 {drug['unit_measure']}: "
            "bill as many as were given, not the vial"
        )
        yield Hit(line.sv1.spot(4), says, (line,), evidence={"unit": f"1 {drug['unit_measure']}"})


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _of_another_drug(ctx: Context, line: ServiceLine, ndc: str) -> Iterator[Hit]:
    table = ctx.table("ndc_hcpcs")
    if line.first_day is None or isinstance(table.covers(line.first_day), NoData) or not line.drug:
        return
    if line.code.isdigit():  # a CPT code of a product, for which Medicare has a code of its own
        return
    codes = sorted({row["hcpcs"] for row in table.rows(ndc, on=line.first_day)})
    unlisted = ctx.find("noc_codes", line.code, line) is not None  # INJ-D12
    if codes and not unlisted and ctx.find("drugs", line.code, line) is not None:  # else INJ-D10
        says = (
            f"line {line.number}: the NDC is of {' or '.join(codes)}, the line bills {line.code}: "
            "compare both with the package"
        )
        yield Hit(line.drug.lin.spot(3), says, (line,), evidence={"codes": codes})
