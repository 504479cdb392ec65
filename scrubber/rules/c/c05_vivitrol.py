"""INJ-C05: extended-release naltrexone is billed otherwise than as one kit given by 96372."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from loops import Claim, ServiceLine
from loops.values import padded_ndc
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import on_claim
from scrubber.rules.given import administrations

_NALTREXONE: Final = "J2315"
_KIT_UNITS: Final = Decimal(380)
_KIT_NDC: Final = "657570300"  # labeller and product; two digits of the package follow
_NDC_DIGITS: Final = 11
_NALOXONE: Final = frozenset({"J2310", "J2311", "J2312", "J2313"})
_PROGRAM: Final = "58"  # an opioid treatment program: INJ-B20
_OTHER_WAYS: Final = ("chemo", "infusion", "iv-push")


@rule(
    code="INJ-C05",
    name="naltrexone-kit",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "BCBS Alabama, PH-0139 Vivitrol",
            "380 units in 28 days",
            "https://al-policies.exploremyplan.com/portal/web/medical-policies/-/ph-0139",
        ),
        cite(
            "CMS, ASP NDC-HCPCS crosswalk",
            "January to March 2026: one kit is 380 units of J2315",
            "https://www.cms.gov/medicare/payment/part-b-drugs/asp-pricing-files",
        ),
    ),
    expected=Expected(status=("A7:476",), carc=("16", "151"), rarc=("M53", "M119")),
    when=on_claim(_NALTREXONE),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """J2315 is one kit: 380 units, NDC 65757-0300, quantity UN 1, into the muscle by 96372.

    Why: a unit is one milligram, the kit holds 380, and it is given whole once in four weeks. One unit, or
    millilitres, is the usual slip. Diagnosis, age and interval are told by INJ-N02, N06 and N08, a
    treatment program (place 58) by B20. Naloxone on the same day means that the patient was
    tested first: the record must show that the test was passed.

    Bad:
        HI*ABK:F1120
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2315*1450*UN*1***1

    Good:
        HI*ABK:F1120
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2315*1450*UN*380***1
        LIN**N4*65757030001
        CTP****1*UN
    """
    told = set()
    for line in claim.lines:
        if line.code != _NALTREXONE:
            continue
        yield from _kit(ctx, line)
        if line.first_day not in told:
            told.add(line.first_day)
            yield from _units(claim, line)
            yield from _day(ctx, line)


def _units(claim: Claim, line: ServiceLine) -> Iterator[Hit]:
    lines = [one for one in claim.lines if one.code == _NALTREXONE and one.first_day == line.first_day]
    units = sum((one.units or Decimal(0) for one in lines), Decimal(0))
    if 0 < units != _KIT_UNITS:
        says = (
            f"line {line.number}: {units.normalize():f} of J2315 on the day, a kit is 380 (one for each mg): "
            "bill the units given, and what was discarded with JW where the payer asks for it"
        )
        yield Hit(line.sv1.spot(4), says, tuple(lines), evidence={"units": f"{units.normalize():f}"})


def _kit(ctx: Context, line: ServiceLine) -> Iterator[Hit]:
    drug = line.drug
    if drug is None or drug.qualifier != "N4":
        return
    ndc = padded_ndc(drug.ndc) or drug.ndc
    if len(ndc) != _NDC_DIGITS:
        return  # INJ-D05
    if not ndc.startswith(_KIT_NDC):
        if not ctx.table("ndc_hcpcs").rows(ndc):  # one of another drug: INJ-D07
            says = f"line {line.number}: the NDC is not that of the J2315 kit (65757-0300): see the carton"
            yield Hit(drug.lin.spot(3), says, (line,), evidence={"ndc": drug.ndc})
    elif drug.ctp is not None and drug.unit != "UN":
        says = f"line {line.number}: the kit of J2315 is counted as UN 1, not in {drug.unit or 'nothing'}"
        yield Hit(drug.ctp.spot(5, 1), says, (line,), evidence={"unit": drug.unit})


def _day(ctx: Context, line: ServiceLine) -> Iterator[Hit]:
    injected = any(one.first_day == line.first_day for one in ctx.injections)
    others = [] if injected or line.place_of_service == _PROGRAM else administrations(ctx, line, *_OTHER_WAYS)
    if others:
        says = (
            f"line {line.number}: J2315 goes into the muscle by 96372, and {others[0].line.code} is "
            "on the day instead: check how it was given"
        )
        yield Hit(line.sv1.spot(1, 2), says, (line,), evidence={"administration": others[0].line.code})
    tested = [one.line.code for one in ctx.patient_day(line) if one.line.code in _NALOXONE]
    if tested:
        says = (
            f"line {line.number}: naloxone ({tested[0]}) on the day of J2315: the record must show that "
            "the test was passed before the dose"
        )
        yield Hit(line.sv1.spot(1, 2), says, (line,), evidence={"naloxone": tested[0]})
