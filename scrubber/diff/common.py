"""Bytes in separators that are the same for every file, so that equal segments are equal bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from loops.walker import LEADING

if TYPE_CHECKING:
    from loops import Batch, Segment
    from loops.delimiters import Delimiters

TERMINATOR: Final = b"\x1c"
ELEMENT: Final = b"\x1d"
COMPONENT: Final = b"\x1f"
_KEPT: Final = 8 << 20
_COMMON: Final = TERMINATOR + ELEMENT + COMPONENT
_ENDINGS: Final = (TERMINATOR + b"\r\n", TERMINATOR + b"\n")
_BETWEEN: Final = re.compile(rb"(?:\A|\x1c)[\r\n \t\x1c]")


def plain(raw: bytes, delimiters: Delimiters) -> bytes:
    """Segments in the common separators, without what stands between them.

    Text that holds a common separator as data stays as it is: it may then look
    different from what says the same, never the same as what says something else.
    """
    strays, table = _translation(delimiters)
    if len(raw.translate(None, strays)) != len(raw):
        return raw
    text = raw.translate(table)
    for ending in _ENDINGS:
        text = text.replace(ending, TERMINATOR)
    if _BETWEEN.search(text) is None:
        return text.rstrip(TERMINATOR)
    pieces = [piece.lstrip(LEADING) for piece in text.split(TERMINATOR)]
    return TERMINATOR.join(filter(None, pieces))


class Said(NamedTuple):
    """A segment, and what it says in the common separators."""

    segment: Segment
    text: bytes


def said(segments: Sequence[Segment]) -> list[Said]:
    """What segments of one file say; an ISA declares the separators and stays as it is."""
    if not segments:
        return []
    strays, table = _translation(segments[0].delimiters)
    found = []
    for segment in segments:
        raw = segment.raw
        as_it_is = segment.id == "ISA" or len(raw.translate(None, strays)) != len(raw)
        found.append(Said(segment, raw if as_it_is else raw.translate(table)))
    return found


def texts(parts: Iterable[Said]) -> tuple[bytes, ...]:
    """What several segments say."""
    return tuple([part.text for part in parts])


class Behind:
    """Lets go of what was read of a batch, as offsets rise, so that memory does not grow with the file."""

    def __init__(self, batch: Batch) -> None:
        self._source = batch.source
        self._passed = 0

    def let_go(self, position: int) -> None:
        """What stands before `position` was read."""
        if not 0 <= position - self._passed < _KEPT:
            self._source.release(min(self._passed, position), position)
            self._passed = position


@lru_cache(maxsize=64)
def _translation(delimiters: Delimiters) -> tuple[bytes, bytes]:
    """The common separators that are data in such a file, and the table that makes its separators common."""
    own = delimiters.terminator + delimiters.element + delimiters.component
    return bytes(set(_COMMON) - set(own)), bytes.maketrans(own, _COMMON)
