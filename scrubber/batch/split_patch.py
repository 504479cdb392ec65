"""An output as the input with spans replaced, in columns: a million edits take no million objects."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from scrubber.rewrite.splice import pour

if TYPE_CHECKING:
    from loops.source import Source


@dataclass(frozen=True, slots=True)
class Patch:
    """Spans of the source in order, none touching another, and the bytes that stand there in the output.

    Edit `n` puts ``text[text_end[n - 1]:text_end[n]]`` in the place of ``[start[n], end[n])``. Without edits
    the output is the source.
    """

    start: array[int]
    end: array[int]
    text_end: array[int]
    text: bytearray

    def __len__(self) -> int:
        return len(self.start)

    def __iter__(self) -> Iterator[tuple[int, int, bytes]]:
        """Start, end and new bytes of each edit."""
        text, begin = bytes(self.text), 0
        for start, end, stop in zip(self.start, self.end, self.text_end, strict=True):
            yield start, end, text[begin:stop]
            begin = stop

    def write(self, source: Source, out: BinaryIO) -> None:
        """Write `source` with the edits made to `out`, in blocks: memory does not grow with it.

        `source` must be the one that was split. Raises OSError as `out` does.
        """
        pour(source, self, out)


class Patching:
    """A patch in the making: edits come in the order of the file."""

    def __init__(self) -> None:
        self._start, self._end, self._text_end = array("Q"), array("Q"), array("I")
        self._text = bytearray()

    def __len__(self) -> int:
        return len(self._start)

    def put(self, start: int, end: int, after: bytes = b"") -> None:
        """Replace ``[start, end)`` by `after`; an edit that touches the one before it becomes part of it."""
        self._text += after
        if self._end and self._end[-1] == start:
            self._end[-1] = end
            self._text_end[-1] = len(self._text)
        else:
            self._start.append(start)
            self._end.append(end)
            self._text_end.append(len(self._text))

    def taken(self, since: int) -> Iterator[tuple[int, int]]:
        """The spans that edits from number `since` on take out without a substitute."""
        before = self._text_end[since - 1] if since else 0
        for start, end, stop in zip(
            self._start[since:], self._end[since:], self._text_end[since:], strict=True
        ):
            if stop == before:
                yield start, end
            before = stop

    def done(self) -> Patch:
        """The patch."""
        return Patch(self._start, self._end, self._text_end, self._text)
