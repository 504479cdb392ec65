"""INJ-A07: each injection line has a control number of its own, so that answers find it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from loops import Claim, Segment, ServiceLine
from scrubber.context import Context
from scrubber.finding import Edit, Expected, Fix, Safety, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.common import guide

_LONGEST: Final = 30  # of REF02 after 6R, by the guide
# What stands before REF in loop 2400; everything else comes after it.
_BEFORE: Final = frozenset(
    {"LX", "SV1", "SV5", "PWK", "CR1", "CR3", "CRC", "DTP", "QTY", "MEA", "CN1", "REF"}
)


@rule(
    code="INJ-A07",
    name="line-control-number",
    severity=Severity.ADVISE,
    cites=(
        guide("loop 2400, REF*6R: line item control number, unique within the claim, at most 30 characters"),
    ),
    expected=Expected(),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """REF*6R comes back on the 277CA and the 835: without it a denied injection must be guessed at.

    Why: The number is the sender's own and says nothing about the service. It
    must differ from line to line of a claim. A missing one can be made; one that
    is used twice is left to the sender, whose books hold it.

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
    used = Counter(line.control_number for line in claim.lines)
    for line in ctx.injections:
        if not line.control_number:
            says = (
                f"line {line.number}: no line control number (REF*6R): give it one, so that answers find it"
            )
            yield Hit(line.sv1.spot(), says, (line,), fix=_fix(claim, line, used))
        elif used[line.control_number] > 1:
            at = line.all("REF", "6R")[0].spot(2)
            says = (
                f"line {line.number}: its control number (REF*6R) stands on another line too: make it unique"
            )
            yield Hit(at, says, (line,))


def _fix(claim: Claim, line: ServiceLine, used: Counter[str]) -> Fix | None:
    number = f"{claim.id[: _LONGEST - 4]}-{line.number}"
    if line.all("REF", "6R") or len(number) > _LONGEST or number in used or not claim.id:
        return None
    before = _last_before(line)
    delimiters = before.delimiters
    segment = delimiters.element.join((b"REF", b"6R", number.encode("latin-1"))) + delimiters.terminator
    at = before.end + len(delimiters.terminator)
    return Fix(Safety.FORMAT, "give the line a control number", (Edit(at, at, b"", segment),))


def _last_before(line: ServiceLine) -> Segment:
    last = line.lx
    for segment in line.segments:
        if segment.loop != "2400" or segment.id not in _BEFORE:
            break
        last = segment
    return last
