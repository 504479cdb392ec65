"""INJ-S03: the place of the line is of another kind than that of the claim."""

from __future__ import annotations

from collections.abc import Iterator

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.common import guide
from scrubber.rules.gates import INJECTED


@rule(
    code="INJ-S03",
    name="line-and-claim-place",
    severity=Severity.ADVISE,
    cites=(guide("loop 2400 SV105: the place of the line, where it differs from CLM05-1"),),
    expected=Expected(status=("A7:249",), carc=("5", "16"), rarc=("M77",)),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """SV105 of the injection names another kind of place than the claim does.

    Why: a line may have a place of its own, but a patient is rarely injected in two kinds of place
    on one claim, and payers that read one place only take the wrong one. Two places of one kind (a hospital
    on and off its campus) pass.

    Bad:
        CLM*C****22:B:1*Y*A*Y*Y
        SV1*HC:96372*30*UN*1*11**1
        SV1*HC:J3420*5*UN*1***1

    Good:
        CLM*C****11:B:1*Y*A*Y*Y
        SV1*HC:96372*30*UN*1*11**1
        SV1*HC:J3420*5*UN*1***1
    """
    for line in ctx.injections:
        own = line.sv1.text(5)
        if not own or own == claim.place_of_service:
            continue
        there, here = ctx.find("pos", claim.place_of_service, line), ctx.find("pos", own, line)
        if there is None or here is None or there["kind"] == here["kind"]:
            continue
        yield Hit(
            line.sv1.spot(5),
            f"line {line.number}: place {own} for 96372, but the claim says {claim.place_of_service}: see "
            "where it was given, and bill places of two kinds on two claims",
            (line,),
            evidence={"line": own, "claim": claim.place_of_service},
        )
