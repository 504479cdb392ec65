"""The byte edits that fixes of procedure code and modifiers are made of."""

from __future__ import annotations

from loops import ServiceLine
from scrubber.finding import Edit

FIRST_MODIFIER = 3  # component of SV101


def without_modifier(line: ServiceLine, index: int) -> Edit:
    """Take modifier `index` (from 0) out of SV101, with the separator before it."""
    spot = line.modifier_spot(index)
    return _edit(line, spot.start - len(line.sv1.delimiters.component), spot.end, b"")


def with_modifier(line: ServiceLine, modifier: str) -> Edit:
    """Put `modifier` before the modifiers of SV101."""
    at = line.sv1.spot(1, FIRST_MODIFIER - 1).end
    return _edit(line, at, at, line.sv1.delimiters.component + modifier.encode("ascii"))


def with_code(line: ServiceLine, code: str) -> Edit:
    """Put `code` in the place of the procedure code SV101-2."""
    spot = line.sv1.spot(1, FIRST_MODIFIER - 1)
    return _edit(line, spot.start, spot.end, code.encode("ascii"))


def _edit(line: ServiceLine, start: int, end: int, after: bytes) -> Edit:
    segment = line.sv1
    return Edit(start, end, segment.raw[start - segment.start : end - segment.start], after)
