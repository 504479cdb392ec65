"""INJ-C03: what the record of an injection must show, as a list to tick off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED

_VOID: Final = "8"


@rule(
    code="INJ-C03",
    name="documentation-checklist",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "42 CFR 410.26",
            "what an incident-to service rests on: order, supervision, who was allowed to give it",
            "https://www.law.cornell.edu/cfr/text/42/410.26",
        ),
    ),
    expected=Expected(carc=("16", "50"), rarc=("N706",)),
    default=False,
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A list for each 96372: order, drug, dose, route, site, lot and expiry, time, who gave it, consent.

    Why: none of it stands in an 837P, and a payer that asks for records denies without it. The list is a
    reminder for each line, never a fault, and is never written into the claim. A claim that says that
    papers are attached (PWK) must have them sent.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:96401*90*UN*1***1
        SV1*HC:J9260*5*UN*1***1
    """
    if claim.frequency == _VOID:
        return
    attached = "; papers are announced (PWK): send them" if claim.all("PWK") else ""
    for line in ctx.injections:
        says = (
            f"line {line.number}: the record must show order, drug, dose, route, site, lot and expiry, time, "
            f"who gave it, and consent where asked for{attached}"
        )
        yield Hit(line.sv1.spot(1), says, (line,))
