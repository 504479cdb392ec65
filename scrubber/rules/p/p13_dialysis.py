"""INJ-P13: an injection beside dialysis, or of a drug of the dialysis bundle in a dialysis facility."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Fact, Hit, cite, fact, rule
from scrubber.rules.gates import INJECTED, place
from scrubber.rules.given import Given, given
from scrubber.rules.pairs import DIALYSIS
from scrubber.rules.verdict import PTP, pair_hits

FACILITY: Final = "65"
NOT_FOR_DIALYSIS: Final = "AY"
# Iron, vitamin D analogues, calcimimetic, levocarnitine: in the bundle by general knowledge.
BUNDLED: Final = frozenset(
    {"J0604", "J0606", "J0636", "J1270", "J1750", "J1756", "J1955", "J2501", "J2916", "J0887", "Q4081"}
)


@rule(
    code="INJ-P13",
    name="dialysis-with-injection",
    severity=Severity.DENY,
    cites=(
        PTP,
        cite(
            "Medicare Benefit Policy Manual (100-02), ch. 11",
            "the bundle of end-stage renal disease pays drugs of the treatment and their administration",
            "https://www.cms.gov/regulations-and-guidance/guidance/manuals/internet-only-manuals-ioms",
            checked_on=None,
        ),
    ),
    expected=Expected(status=(), carc=("97", "236"), rarc=("N70", "M15")),
    when=INJECTED.beside(DIALYSIS, *place(FACILITY)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """96372 beside dialysis needs 59 or X{EPSU}; drugs of the dialysis bundle are the facility's.

    Why: NCCI makes 96372 column 2 of 90935, 90937, 90940, 90945 and 90947, indicator 1. In a dialysis
    facility (place 65) the bundle pays for epoetins, iron and vitamin D and for giving
    them, so the practitioner's line denies; AY on the drug says that it was not for the kidney disease.

    Bad:
        SBR*P*18*******MB
        SV1*HC:90935*120*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1885*5*UN*2***1

    Good:
        SBR*P*18*******MB
        SV1*HC:90935*120*UN*1***1
        SV1*HC:96372:59*30*UN*1***1
        SV1*HC:J1885*5*UN*2***1
    """
    yield from pair_hits(ctx, DIALYSIS)
    for injection in ctx.injections:
        if injection.place_of_service == FACILITY:
            yield from _bundled(ctx, injection)


def _bundled(ctx: Context, injection: ServiceLine) -> Iterator[Hit]:
    drugs = [one for one in given(ctx, injection) if _in_the_bundle(one)]
    if not drugs:
        return
    first = drugs[0]
    sure = _esa(first) and first.service.own
    rests: tuple[Fact, ...] = (fact(first.drug, "class"),) if sure and first.drug else ()
    yield Hit(
        injection.sv1.spot(1),
        f"line {injection.number}: 96372 with {first.code} in a dialysis facility (place 65) is in the "
        "bundle that the facility gets: remove both, or AY on the drug if it was not for the kidney disease",
        (injection, *(one.service.line for one in drugs if one.service.own)),
        None if sure else Severity.ADVISE,
        rests_on=rests,
        evidence={"drugs": sorted({one.code for one in drugs}), "place_of_service": FACILITY},
    )


def _in_the_bundle(one: Given) -> bool:
    marked = NOT_FOR_DIALYSIS in one.service.line.modifiers
    return not marked and (_esa(one) or one.code in BUNDLED)


def _esa(one: Given) -> bool:
    return one.drug is not None and one.drug["class"].startswith("esa")
