"""INJ-A09: the frequency code is one of three, and a replacement names what it replaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.common import guide

_REPLACES: Final = {"7": "a replacement", "8": "a void"}


@rule(
    code="INJ-A09",
    name="claim-frequency-code",
    severity=Severity.REJECT,
    cites=(
        guide("loop 2300, CLM05-3; REF*F8, the payer's control number, for a replacement or void"),
        cite(
            "Stedi, claim edit: invalid claim frequency code",
            "professional claims: 1, 7 or 8",
            "https://www.stedi.com/changelog/claim-edit-invalid-claim-frequency-code",
        ),
    ),
    expected=Expected(status=("A7:535", "A7:464"), carc=("16",), rarc=("M47",)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """CLM05-3 is 1 (new), 7 (replaces) or 8 (voids); 7 and 8 need the payer's number of the old claim.

    Why: Without REF*F8 the payer cannot find the claim to replace. A claim that
    was refused at the front end was never taken in: it goes out new, as 1. Some
    payers take no replacements; for Medicare Part B sources disagree, so it advises.

    Bad:
        CLM*C****11:B:7*Y*A*Y*Y
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        CLM*C****11:B:7*Y*A*Y*Y
        REF*F8*TESTICN1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    code = claim.frequency
    old = [segment for segment in claim.all("REF", "F8") if segment.text(2)]
    if code in _REPLACES:
        if not old:
            says = (
                f"CLM05-3 is {code} ({_REPLACES[code]}) without REF*F8: add the payer's number of the claim"
            )
            yield Hit(claim.clm.spot(5, 3), says, dollars=claim.charge)
        yield from _taken(claim, ctx)
    elif code != "1":
        says = f"CLM05-3 {f'is {code}' if code else 'is empty'}: 1 for a new claim, 7 replaces, 8 voids"
        yield Hit(claim.clm.spot(5, 3), says, evidence={"frequency": code}, dollars=claim.charge)
    elif old:
        says = "CLM05-3 is 1 (new) but REF*F8 names an old claim: 7 if this one replaces it, else drop REF*F8"
        yield Hit(claim.all("REF", "F8")[0].spot(), says, severity=Severity.ADVISE, dollars=claim.charge)


def _taken(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Whether the payer takes replacements."""
    habit = ctx.habit("freq7", claim.lines[0]) if claim.lines else None
    value = habit.value if habit else ("no" if ctx.medicare else "yes")
    if value == "yes":
        return
    if value == "no":
        cure = "this payer takes no replacements: ask for a reopening, or send a new claim with 1"
    else:
        cure = "this payer takes one only of a claim that it allowed: send a denied claim new, with 1"
    severity = Severity.REJECT if habit and habit.value == "no" and habit.decides else Severity.ADVISE
    says = f"CLM05-3 is {claim.frequency} ({_REPLACES[claim.frequency]}): {cure}"
    yield Hit(claim.clm.spot(5, 3), says, severity=severity, dollars=claim.charge)
