"""INJ-B15: a push or infusion code for a drug that is only injected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.gates import on_claim
from scrubber.rules.given import Given, administrations, given

CODES: Final = frozenset({"96365", "96374"})


@rule(
    code="INJ-B15",
    name="push-for-injected-drug",
    severity=Severity.DENY,
    cites=(
        cite(
            "Alkermes, Vivitrol prescribing information",
            "for the muscle only; each row of the drug table cites the label of its drug",
            "https://www.vivitrolhcp.com/dosing-and-administration",
        ),
    ),
    expected=Expected(status=(), carc=("16", "97"), rarc=("N56", "M51")),
    when=on_claim(*CODES),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """96365 or 96374 stands with a drug that goes into muscle or under the skin only.

    Why: depot and oily drugs (J2315, J1050, J0561, J1071, J3121, J2426 ...) must not go into a vein. The
    push or infusion pays more than 96372, so a claim with only such drugs is an overpayment
    when it is paid. Where 96372 is there for the drug, the drug of the vein may be missing: worth a look.

    Bad:
        SV1*HC:96374*80*UN*1***1
        SV1*HC:J2315*1500*UN*380***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2315*1500*UN*380***1
    """
    told = set()
    for line in claim.lines:
        if line.code not in CODES or line.first_day in told:
            continue
        told.add(line.first_day)
        drugs = [one for one in given(ctx, line) if not one.vaccine and not one.swallowed]
        if not drugs or not all(_never_iv(one) for one in drugs):
            continue
        own = [one for one in drugs if one.service.own]
        drug = (own or drugs)[0]
        injected = administrations(ctx, line, "injection", "chemo-injection", "chemo-hormonal", "prep-admin")
        cure = (
            f"bill {drug.admin} in its place" if not injected else "remove it, or bill the drug that it gave"
        )
        yield Hit(
            line.sv1.spot(1, 2),
            f"line {line.number}: {line.code} has no drug for a vein: {drug.code} is only injected: {cure}",
            (line, *(one.service.line for one in own)),
            Severity.ADVISE if injected or not own else None,
            rests_on=tuple(fact(one.drug, "route") for one in drugs if one.drug),
            evidence={"drugs": sorted({one.code for one in drugs}), "injection": bool(injected)},
        )


def _never_iv(one: Given) -> bool:
    routes = one.routes
    return bool(routes) and routes <= {"IM", "SC"} and one.admin in ("96372", "96401", "96402", "G0012")
