"""INJ-N04: an encounter for vaccination or chemotherapy is the reason given for an injection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.given import Given, administrations, given, immune_globulin
from scrubber.rules.indications import indication, plain, pointed

VACCINATION: Final = "Z23"
CHEMOTHERAPY: Final = "Z5111"
_ANTINEOPLASTIC: Final = ("antineoplastic", "hormonal")


@rule(
    code="INJ-N04",
    name="encounter-diagnosis-with-injection",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "ICD-10-CM Official Guidelines, s. IV.L, at AAP",
            "treatment only: the condition first; the code of the encounter where chemotherapy is why",
            "https://reader.aappublications.org/pediatric-icd-10-cm-9781610020435/21",
        ),
    ),
    expected=Expected(carc=("11", "50"), rarc=("M76",)),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """96372 points at Z23 while a drug explains it, or the claim says Z51.11 and only 96372 gives anything.

    Why: Z23 is the reason for a vaccine and its own administration, not for a drug given beside it.
    Z51.11 says that chemotherapy was given: then 96401 to 96549 stands on the day. Z23 without
    any vaccine is told by INJ-B01.

    Bad:
        HI*ABK:Z5111
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2550*5*UN*1***1

    Good:
        HI*ABK:Z5111*ABF:C3490
        SV1*HC:96413*300*UN*1***1:2
        SV1*HC:96372:59*30*UN*1***2
        SV1*HC:J2550*5*UN*1***2
    """
    codes = {plain(one.code) for one in claim.diagnoses}
    if not codes.intersection((VACCINATION, CHEMOTHERAPY)):
        return
    told = set()
    for injection in ctx.injections:
        if VACCINATION in pointed(claim, injection):
            yield from _vaccination(ctx, injection)
        if CHEMOTHERAPY in codes and injection.first_day not in told:
            told.add(injection.first_day)
            yield from _chemotherapy(claim, ctx, injection)


def _vaccination(ctx: Context, injection: ServiceLine) -> Iterator[Hit]:
    items = given(ctx, injection)
    drugs = [one for one in items if one.injected]
    if not drugs or not any(one.vaccine for one in items):
        return  # INJ-B01
    if any(immune_globulin(one) for one in drugs) or _covered(ctx, injection, drugs, VACCINATION):
        return
    yield Hit(
        injection.sv1.spot(7),
        f"line {injection.number}: 96372 points at Z23 (vaccination), but it gave {drugs[0].code}: point at "
        "the reason for the drug, and Z23 at the vaccine and its own administration",
        (injection,),
        evidence={"dx": VACCINATION, "drug": drugs[0].code},
    )


def _chemotherapy(claim: Claim, ctx: Context, injection: ServiceLine) -> Iterator[Hit]:
    known = len(ctx.gaps)
    items = given(ctx, injection)
    if administrations(ctx, injection, "chemo") or _covered(ctx, injection, items, CHEMOTHERAPY):
        return
    if any(one.drug is not None and one.drug["class"].startswith(_ANTINEOPLASTIC) for one in items):
        return  # INJ-B06, B07
    if len(ctx.gaps) > known:
        return
    dx = next(one for one in claim.diagnoses if plain(one.code) == CHEMOTHERAPY)
    yield Hit(
        dx.spot,
        f"line {injection.number}: Z51.11 says that chemotherapy was given, but only 96372 is on the day: "
        "bill the chemotherapy, or give the reason for this injection",
        (injection,),
        evidence={"dx": CHEMOTHERAPY},
    )


def _covered(ctx: Context, injection: ServiceLine, items: Sequence[Given], diagnosis: str) -> bool:
    rows = (indication(ctx, one.code, diagnosis, injection) for one in items)
    return any(row is not None and row["kind"] == "covered" for row in rows)
