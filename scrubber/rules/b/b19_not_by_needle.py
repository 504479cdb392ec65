"""INJ-B19: a drug that is swallowed, inhaled or put on the skin, under 96372."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.given import Given, given

ADMINS: Final = frozenset({"oral", "inhaled", "topical", "urethral", "intrauterine"})


@rule(
    code="INJ-B19",
    name="no-needle-drug-under-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "CMS, HCPCS Level II, July 2024, read in a public copy",
            "J7604 to J7699 are inhaled, J8000 to J8999 and Q0144, Q0161 to Q0181 are oral",
            "https://github.com/andrewallenbruce/northstar",
        ),
    ),
    expected=Expected(status=(), carc=("16", "97"), rarc=("N56", "M51")),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The only drug of the day needs no needle, and 96372 is an injection.

    Why: drugs that are swallowed (J8000 to J8999), inhaled (J7604 to J7699), put on the skin or
    inserted without a needle have no administration of this kind. 96372 then has no drug.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J7613*2*UN*1***1

    Good:
        SV1*HC:94640*30*UN*1***1
        SV1*HC:J7613*2*UN*1***1
    """
    told = set()
    for injection in ctx.injections:
        items = given(ctx, injection)
        if injection.first_day in told or not items or not all(_no_needle(one) for one in items):
            continue
        told.add(injection.first_day)
        own = [one for one in items if one.service.own]
        drug = (own or items)[0]
        yield Hit(
            injection.sv1.spot(1, 2),
            f"line {injection.number}: 96372 does not give {drug.code}, which needs no needle: remove it, or "
            "bill the drug that it gave",
            (injection, *(one.service.line for one in own)),
            None if own else Severity.ADVISE,
            rests_on=tuple(fact(one.drug, "admin") for one in items if one.drug and not one.swallowed),
            evidence={"drugs": sorted({one.code for one in items})},
        )


def _no_needle(one: Given) -> bool:
    return one.swallowed or one.admin in ADMINS
