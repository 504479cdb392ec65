"""An output as the input with spans replaced, in columns: a million edits take no million objects."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from loops.source import Source


@dataclass(frozen=True, slots=True)
class Patch:
    """Spans of the source in order, none touching another, and the bytes that stand there in the output.

    Edit `n` puts ``text[text_end[n - 1]:text_end[n]]`` in the place of ``[start[n], end[n])``.
    """

    start: array[int]
    end: array[int]
    text_end: array[int]
    text: bytes

    def __len__(self) -> int:
        return len(self.start)

    def __iter__(self) -> Iterator[tuple[int, int, bytes]]:
        """Start, end and new bytes of each edit."""
        raise NotImplementedError

    def write(self, source: Source, out: BinaryIO) -> None:
        """Write `source` with the edits made to `out`, in blocks: memory does not grow with it."""
        raise NotImplementedError
