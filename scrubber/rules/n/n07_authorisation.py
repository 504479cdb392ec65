"""INJ-N07: the number of the authorisation or referral that the payer asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from loops import Claim, Segment, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.common import guide

_AUTHORISATION: Final = "G1"
_REFERRAL: Final = "9F"
_URGENT_CARE: Final = "20"


@rule(
    code="INJ-N07",
    name="authorisation-number",
    severity=Severity.ADVISE,
    cites=(guide("2300 and 2400 REF*G1 authorisation, REF*9F referral"),),
    expected=Expected(carc=("197", "284"), rarc=("N54",)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A drug for which this payer wants an authorisation has none, or a referral number has another form.

    Why: which drugs need an authorisation is the payer's own list; what is known stands in its profile
    (habits ``prior_auth``, ``referral_pattern``), and without one nothing is told. An authorisation may
    be on file without its number on the claim, so its absence only advises. VA community care
    denies on any deviation in the referral number; urgent care (place 20) needs none.

    Bad:
        SBR*P*18*******VA
        NM1*PR*2*TRIWEST HEALTHCARE ALLIANCE*****PI*99999
        REF*9F*VA 0012345
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SBR*P*18*******VA
        NM1*PR*2*TRIWEST HEALTHCARE ALLIANCE*****PI*99999
        REF*9F*VA0012345
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    if not ctx.profile.habits:
        return
    for line in ctx.drugs:
        habit = ctx.habit("prior_auth", line)
        if (
            habit is not None
            and line.code in habit.value.split()
            and not _numbers(claim, line, _AUTHORISATION)
        ):
            says = (
                f"line {line.number}: this payer wants an authorisation for {line.code} and the claim has no "
                "REF*G1: send the number, or ask for it before the claim"
            )
            yield Hit(line.sv1.spot(1, 2), says, (line,), evidence={"drug": line.code})
    if ctx.injections:
        yield from _referral(claim, ctx, ctx.injections[0])


def _referral(claim: Claim, ctx: Context, line: ServiceLine) -> Iterator[Hit]:
    habit = ctx.habit("referral_pattern", line)
    if habit is None or line.place_of_service == _URGENT_CARE:
        return
    numbers = _numbers(claim, line, _REFERRAL) + _numbers(claim, line, _AUTHORISATION)
    if any(re.fullmatch(habit.value, one.text(2)) for one in numbers):
        return
    at = numbers[0].spot(2) if numbers else claim.clm.spot(1)
    fault = "is not in the form that this payer takes" if numbers else "is missing (2300 REF*9F or G1)"
    says = f"the referral number {fault}: copy it from the referral, without words, blanks or lost digits"
    yield Hit(at, says, ctx.injections, Severity.DENY if habit.decides and numbers else None)


def _numbers(claim: Claim, line: ServiceLine, qualifier: str) -> list[Segment]:
    """The REF segments of that kind, of the line and of the claim, that are not empty."""
    found = [*line.all("REF", qualifier), *claim.all("REF", qualifier)]
    return [one for one in found if one.text(2).strip()]
