"""INJ-C06: workers' compensation and auto insurers pay by the state's own schedule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED

_WORDS: Final = {"workers-comp": "workers' compensation", "auto": "auto insurance"}


@rule(
    code="INJ-C06",
    name="state-fee-schedule",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "California, 8 CCR 9789.12.9",
            "one state's schedule for injections under workers' compensation",
            "https://www.dir.ca.gov/t8/9789_12_9.html",
        ),
    ),
    expected=Expected(carc=("P12", "P14")),
    default=False,
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A claim to workers' compensation or auto insurance: the state's fee schedule decides, not these rules.

    Why: states write their own schedules (Louisiana halves a second drug of one syringe with 51, and puts the
    giving into the price of the drug); none of them is shipped. A reminder that verdicts made from Medicare's
    edits may not hold here. Off, as there is nothing on the claim that could be mended.

    Bad:
        SBR*P*18*******WC
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1885*5*UN*2***1

    Good:
        SBR*P*18*******CI
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1885*5*UN*2***1
    """
    payer = _WORDS.get(ctx.payer_class)
    if payer and ctx.injections:
        line = ctx.injections[0]
        says = (
            f"line {line.number}: {payer} pays 96372 by the schedule of the state: look there for its rules"
        )
        yield Hit(line.sv1.spot(1), says, ctx.injections)
