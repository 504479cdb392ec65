"""INJ-B03: a vaccine administration code for an immune globulin."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import on_claim, rows
from scrubber.rules.given import Given, administrations, immune_globulin, vaccine_days

COMPONENT: Final = "90461"  # a further component of one vaccine, not a further vaccine
RIGHT: Final = {"iv": "96365 or 96374", "sc-infusion": "96369"}


@rule(
    code="INJ-B03",
    name="globulin-under-vaccine-administration",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "AAP, CPT 2010 changes in Medicine",
            "immune globulins 90281 to 90399 go with 96365 to 96368, 96372, 96374, 96375",
            "https://publications.aap.org",
            checked_on=None,
        ),
    ),
    expected=Expected(status=(), carc=("B15", "16"), rarc=("N56",)),
    when=on_claim(*rows("admin_codes", "kind", "vaccine-admin")),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """An immune globulin has no administration of its own, and a vaccine code is left over.

    Why: immune globulins are drugs, not vaccines: 96372 gives those for the muscle,
    96365 or 96374 those for the vein, 96369 those that are infused under the skin.
    90471 to 90474 belong to vaccines; where as many vaccines as such codes are on the day,
    they are accounted for.

    Bad:
        SV1*HC:90471*30*UN*1***1
        SV1*HC:J2790*100*UN*1***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2790*100*UN*1***1
    """
    for line, items in vaccine_days(claim, ctx):
        globulins = [one for one in items if immune_globulin(one)]
        if globulins and _left_over(ctx, line, items):
            yield _hit(line, globulins)


def _left_over(ctx: Context, line: ServiceLine, items: list[Given]) -> bool:
    if administrations(ctx, line, "injection", "infusion", "iv-push", "sc-infusion"):
        return False
    vaccines = sum(one.vaccine for one in items)
    services = administrations(ctx, line, "vaccine-admin")
    units = sum(one.line.units or Decimal(1) for one in services if one.line.code != COMPONENT)
    return units > vaccines


def _hit(line: ServiceLine, globulins: list[Given]) -> Hit:
    own = [one for one in globulins if one.service.own]
    drug = (own or globulins)[0]
    right = RIGHT.get(drug.admin, "96372")
    return Hit(
        line.sv1.spot(1, 2),
        f"line {line.number}: {line.code} gives vaccines, but {drug.code} is a globulin: bill {right}",
        (line, *(one.service.line for one in own)),
        evidence={"globulins": sorted({one.code for one in globulins})},
    )
