"""INJ-C01: what kind of payer the claim goes to is not known, or the claim contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, Spot
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.common import guide

_SBR: Final = "SBR"
_LOOP: Final = "2000B"


@rule(
    code="INJ-C01",
    name="payer-class-unknown",
    severity=Severity.ADVISE,
    cites=(guide("2000B SBR09: claim filing indicator; 2010BB NM1*PR: payer and its id"),),
    expected=Expected(carc=("16", "109")),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """SBR09 is absent, ZZ or MA and the payer is not recognised, or SBR09 says what this payer is not.

    Why: which rules hold (Medicare, Medicaid, commercial) follows from the payer. Where it is not known
    no rule of one class is applied and much is only advised, so mend it first. MA is Medicare Part A:
    it has no place on a professional claim, and payers use it for Medicare Advantage as often.

    Bad:
        SBR*P*18*******ZZ
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SBR*P*18*******MB
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    if ctx.profile.conflict:
        says = (
            f"SBR09 does not fit the payer, who is {ctx.profile.title}: correct SBR09 or the payer (2010BB); "
            "no rule of one payer was applied"
        )
    elif ctx.payer_class == "unknown":
        filing = claim.subscriber.payer.filing if claim.subscriber else ""
        told = f"is {filing}" if filing else "is missing"
        says = (
            f"SBR09 {told} and the payer is not recognised: send its filing code (MB, MC, CI ...), "
            "or give it a profile; no rule of one class was applied"
        )
    else:
        return
    evidence = {"payer_class": ctx.payer_class, "conflict": ctx.profile.conflict}
    yield Hit(_at(claim), says, claim.lines[:1], evidence=evidence)


def _at(claim: Claim) -> Spot:
    segments = claim.subscriber.segments if claim.subscriber else ()
    sbr = next((one for one in segments if one.id == _SBR and one.loop == _LOOP), None)
    return sbr.spot(9) if sbr is not None else claim.clm.spot(1)
