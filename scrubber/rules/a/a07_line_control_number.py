"""INJ-A07: each injection line has a control number of its own, so that answers find it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.common import guide
from scrubber.rules.gates import INJECTED


@rule(
    code="INJ-A07",
    name="line-control-number",
    severity=Severity.ADVISE,
    cites=(
        guide("loop 2400, REF*6R: line item control number, unique within the claim, at most 30 characters"),
    ),
    expected=Expected(),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """REF*6R comes back on the 277CA and the 835: without it a denied injection must be guessed at.

    Why: The number is the sender's own and says nothing about the service. It
    must differ from line to line of a claim. None is made here, and one that
    is used twice is mended by the sender too: only a number of its own books finds the line again.

    Bad:
        SV1*HC:96372*30*UN*1***1
        REF*6R*TEST01
        SV1*HC:J3420*5*UN*1***1
        REF*6R*TEST01

    Good:
        SV1*HC:96372*30*UN*1***1
        REF*6R*TEST01
        SV1*HC:J3420*5*UN*1***1
        REF*6R*TEST02
    """
    numbers = [line.control_number for line in claim.lines]
    used = Counter(numbers) if len({*numbers}) < len(numbers) else {}
    for line in ctx.injections:
        if not line.control_number:
            says = (
                f"line {line.number}: no line control number (REF*6R): give it one, so that answers find it"
            )
            yield Hit(line.sv1.spot(), says, (line,))
        elif used.get(line.control_number, 1) > 1:
            at = line.all("REF", "6R")[0].spot(2)
            says = (
                f"line {line.number}: its control number (REF*6R) stands on another line too: make it unique"
            )
            yield Hit(at, says, (line,))
