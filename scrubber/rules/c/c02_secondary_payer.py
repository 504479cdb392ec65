"""INJ-C02: a claim to a secondary payer does not say what the first one did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, OtherPayer, Segment, Spot
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule

_PRIMARY: Final = "P"
_LATER: Final = frozenset("STABCDEFGH")  # SBR01 of a payer that is not the first
_WHY_SECONDARY: Final = 5


@rule(
    code="INJ-C02",
    name="secondary-without-primary",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "First Coast, Medicare Part B secondary claims in 5010 (2024-05-22)",
            "insurance type, amount and adjustments of the first payer; else 16, N245",
            "https://medicare.fcso.com/MSP/138521.asp",
        ),
    ),
    expected=Expected(carc=("22", "16"), rarc=("MA04", "N245")),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """SBR01 makes this payer a later one, and loops 2320 and 2430 do not tell what the first one paid.

    Why: a secondary payer pays after the first: it wants that payer (2320), what it paid (AMT*D, or 2430
    SVD by line) and, for Medicare, why Medicare is second (SBR05). The same for a claim that
    names two first payers.

    Bad:
        SBR*S*18***12****MB
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SBR*P*18*******MB
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    subscriber = claim.subscriber
    if subscriber is None or not claim.lines:
        return
    others = claim.other_payers
    faults: list[str] = []
    if subscriber.responsibility in _LATER:
        if not others:
            faults.append("no other payer is named (2320)")
        elif ctx.medicare and not _told(claim, others):
            faults.append("what the other payer paid is missing (2320 AMT*D or 2430 SVD)")
        if ctx.medicare and not _reason(claim):
            faults.append("SBR05 does not say why Medicare is second")
    elif subscriber.responsibility == _PRIMARY and any(one.responsibility == _PRIMARY for one in others):
        faults.append("another payer is first as well (2320 SBR01)")
    if faults:
        order = subscriber.responsibility
        says = f"SBR01 is {order}, but {'; '.join(faults)}: complete it from the remittance"
        yield Hit(_at(claim), says, claim.lines, evidence={"responsibility": order})


def _told(claim: Claim, others: tuple[OtherPayer, ...]) -> bool:
    return any(one.paid is not None for one in others) or any(line.all("SVD") for line in claim.lines)


def _reason(claim: Claim) -> bool:
    sbr = _sbr(claim)
    return sbr is not None and bool(sbr.text(_WHY_SECONDARY))


def _at(claim: Claim) -> Spot:
    sbr = _sbr(claim)
    return sbr.spot(1) if sbr is not None else claim.clm.spot(1)


def _sbr(claim: Claim) -> Segment | None:
    segments = claim.subscriber.segments if claim.subscriber else ()
    return next((one for one in segments if one.id == "SBR"), None)
