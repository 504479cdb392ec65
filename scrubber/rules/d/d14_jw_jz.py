"""INJ-D14: JW or JZ on drugs from single-dose containers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from loops import Claim, ServiceLine
from scrubber.codes import is_drug
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Fact, Hit, cite, fact, rule
from scrubber.rules.gates import DRUG, on_claim

_WASTE: Final = frozenset({"JW", "JZ"})
_REQUIRED, _ENFORCED = date(2023, 7, 1), date(2023, 10, 1)
_CENT: Final = Decimal("0.01")
_DOSES: Final = 10
_CLINICS: Final = frozenset({"50", "72"})  # FQHC and RHC are exempt
_CLINIC_TAXONOMY: Final = ("261QF0400X", "261QR1300X")


@rule(
    code="INJ-D14",
    name="jw-jz",
    severity=Severity.DENY,
    cites=(
        cite(
            "CMS, 100-04 ch. 17 s. 40, New Claims Modifier Requirement",
            "JZ or JW on drugs from single-dose containers from 2023-07-01",
            "https://www.hhs.gov/guidance/document/new-claims-modifier-requirement-drugs-and-biologicals-single-dose-container-or-single-use",
        ),
        cite(
            "Bracco, Introducing the JZ Modifier",
            "claims without may be returned as unprocessable from 2023-10-01",
            "https://braccoreimbursement.com/introducing-the-jz-modifier/",
        ),
        cite(
            "AAFP, Medicare modifier JZ",
            "rural health clinics and federally qualified health centers are exempt",
            "https://www.aafp.org/pubs/fpm/blogs/gettingpaid/entry/medicare-modifier-jz.html",
        ),
        cite(
            "Noridian, modifier JZ",
            "no JW where the billed unit already covers the vial",
            "https://med.noridianmedicare.com/web/jddme/topics/modifiers/jz",
        ),
    ),
    expected=Expected(carc=("16", "4"), rarc=("MA130", "N822")),
    when=on_claim(DRUG, *_WASTE),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Medicare: a drug from a single-dose container says JZ (nothing discarded) or has a JW line beside it.

    Why: Manufacturers pay for what is thrown away, so Medicare asks at each
    drug. JZ and JW are statements of the one who opened the vial: neither is
    ever added here. The code does not tell the container where both kinds
    exist: there the NDC decides, and it only advises.

    Bad:
        SBR*P*18*******MB
        HI*ABK:F1120
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2315*1450*UN*380***1

    Good:
        SBR*P*18*******MB
        HI*ABK:F1120
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2315:JZ*1450*UN*380***1
    """
    for line in claim.lines:
        said = _WASTE.intersection(line.modifiers) if line.modifiers else None
        if said:
            yield from _misused(ctx, line, said)
        elif line.first_day and is_drug(line.code) and not _wasted(ctx, line):
            yield from _missing(claim, ctx, line)


def _wasted(ctx: Context, line: ServiceLine) -> bool:
    """Whether a JW line of the drug stands on the day of `line`, which is none itself."""
    return any(one.line.code == line.code and "JW" in one.line.modifiers for one in ctx.patient_day(line))


def _missing(claim: Claim, ctx: Context, line: ServiceLine) -> Iterator[Hit]:
    habit = ctx.habit("jw_jz", line)
    wanted = habit.value == "required" if habit else ctx.medicare
    if not wanted or line.first_day is None or line.first_day < _REQUIRED or _exempt(claim, line):
        return
    row = ctx.find("drugs", line.code, line)
    container = row["single_dose"] if row else "unknown"
    if row is None or container == "no" or (container == "unknown" and row["noc"] != "yes"):
        return
    if container == "varies" and _many_doses(ctx, line):
        return
    says = f"line {line.number}: {line.code} without JZ or JW: "
    rests: tuple[Fact, ...] = ()
    if container == "yes":
        says += "state with JZ that nothing was discarded, or bill what was with JW, as the record says"
        severity = Severity.REJECT if line.first_day >= _ENFORCED else Severity.ADVISE
        rests = (fact(row, "container"),)
        if habit and not ctx.medicare:
            severity = Severity.DENY if habit.decides else Severity.ADVISE
    else:
        says += "needed if the container was for a single dose; its NDC tells"
        severity = Severity.ADVISE
    evidence = {"single_dose": container}
    yield Hit(line.sv1.spot(1), says, (line,), severity, rests_on=rests, evidence=evidence)


def _many_doses(ctx: Context, line: ServiceLine) -> bool:
    """Whether the container by its NDC holds many times what was billed: a multi-dose vial."""
    row = ctx.find("ndc_hcpcs", (line.drug.ndc, line.code), line) if line.drug else None
    billed = line.units or Decimal(0)
    return row is not None and billed > 0 and Decimal(row["units_container"]) >= billed * _DOSES


def _exempt(claim: Claim, line: ServiceLine) -> bool:
    free = line.charge is not None and line.charge <= _CENT
    clinic = claim.billing is not None and claim.billing.taxonomy in _CLINIC_TAXONOMY
    return free or clinic or line.place_of_service in _CLINICS


def _misused(ctx: Context, line: ServiceLine, said: frozenset[str]) -> Iterator[Hit]:
    fault = _fault(ctx, line, said)
    if fault:
        habit = ctx.habit("jw_jz", line)
        judged = ctx.medicare or (habit is not None and habit.value == "required" and habit.decides)
        index = next(n for n, modifier in enumerate(line.modifiers) if modifier in said)
        says = f"line {line.number}: {'/'.join(sorted(said))} on {line.code}: {fault}"
        severity = Severity.DENY if judged else Severity.ADVISE
        yield Hit(line.modifier_spot(index), says, (line,), severity, evidence={"modifiers": sorted(said)})


def _fault(ctx: Context, line: ServiceLine, said: frozenset[str]) -> str:
    if len(said) == 2:
        return "something was discarded or nothing was, not both: split the line or drop one"
    if not is_drug(line.code):
        return "it belongs to the drug line"
    product = ctx.find("products", line.code, line)
    if product is not None and product["kind"] == "vaccine":
        return "vaccines take neither"
    drug = ctx.find("drugs", line.code, line)
    if drug is not None and drug["single_dose"] == "no" and drug["container_confidence"] == "confirmed":
        return "the drug comes in multi-dose containers only, which take neither"
    if "JW" in said:
        return _alone(ctx, line)
    return "JW is on another line of the drug: then no line takes JZ" if _wasted(ctx, line) else ""


def _alone(ctx: Context, line: ServiceLine) -> str:
    """What is wrong with a JW line in relation to the lines of what was given."""
    given = [
        one.line
        for one in ctx.patient_day(line)
        if one.line.code == line.code and "JW" not in one.line.modifiers
    ]
    if not given:
        return "no line bills what was given of it: add that line from the record, or remove JW"
    ndc = (line.drug.ndc, line.code) if line.drug else None
    row = ctx.find("ndc_hcpcs", ndc, line) if ndc else None
    whole = row is not None and row["units_container"] == "1"
    return (
        "one unit covers the whole container, so there is nothing left to bill: remove the line"
        if whole
        else ""
    )
