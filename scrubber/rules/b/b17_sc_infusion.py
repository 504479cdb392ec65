"""INJ-B17: a drug infused under the skin, under 96372."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context, Service
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED, rows
from scrubber.rules.given import administrations
from scrubber.rules.instead import instead

CODES: Final = {"sc-infusion": "96369 to 96371", "pump": "the pump that runs it"}


@rule(
    code="INJ-B17",
    name="sc-infusion-under-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "Clear Cost Estimate, 96369 to 96371",
            "immune globulin under the skin by pump: Hizentra, Cuvitru, Xembify, Cutaquig, HyQvia",
            "https://www.clearcostestimate.com/billing/cpt/96369-96371",
        ),
    ),
    expected=Expected(status=(), carc=("97", "16"), rarc=("N56", "M51")),
    when=INJECTED.beside(*rows("drugs", "admin", *CODES)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The only drug of the day is infused under the skin by a pump; 96372 is one injection.

    Why: immune globulins for the skin (J1551, J1555, J1558, J1559, J1575) run for an hour or more through
    a pump: 96369 for the first hour and the set-up, 96370 and 96371 beside it.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1559*900*UN*100***1

    Good:
        SV1*HC:96369*120*UN*1***1
        SV1*HC:J1559*900*UN*100***1
    """
    yield from instead(ctx, CODES, "is infused under the skin", _gives)


def _gives(ctx: Context, line: ServiceLine) -> list[Service]:
    return administrations(ctx, line, "sc-infusion")
