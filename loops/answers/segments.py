"""The segments of any interchange as lists of text: for answers, which need no guide to be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from loops.delimiters import Isa, read_isa
from loops.errors import NotX12Error
from loops.problem import Problem
from loops.scan import LONGEST_SEGMENT, find_isa, first_isa, next_isa, past_bad_isa
from loops.source import Source
from loops.walker import LEADING, WINDOW

Elements: TypeAlias = "list[str]"
"""A segment: its id, its elements, and empty texts behind, so that ``[n]`` (to 24) is there where absent."""

_OTHER: Final = re.compile(r"[A-Z0-9]{1,4}([:><|^!\\])[A-Z0-9]")
_FIRST_WINDOW: Final = 1 << 12  # many interchanges are small, and what is behind them would be split in vain
_ABSENT: Final = [""] * 24
_LEADING: Final = LEADING.decode("latin-1")
_AROUND: Final = _LEADING + "\0\x1a"


class Segments:
    """All segments of `source` in file order, ISA and IEA among them, one character a byte.

    `isa` is the header of the interchange at hand, `start` the offset of the
    segment at hand. Faults of the envelope gather in `problems`, for the
    caller to take. Iterating raises NotX12Error when there is no interchange.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.start = 0
        self.isa: Isa | None = None
        self.problems: list[Problem] = []
        self._component = ":"
        self._other = ""
        self._next = 0

    def components(self, composite: str) -> list[str]:
        """The components of a composite whose first is a qualifier or code.

        Some senders separate them by another character than ISA16 says: that is
        read too, and told once an interchange.
        """
        separator = self._component
        if separator not in composite and (found := _OTHER.match(composite)):
            separator = found[1]
            if separator != self._other:
                self._other = separator
                message = f"components are separated by {separator!r}, which ISA16 does not declare"
                self.problems.append(Problem("X12-COMPONENT", message, self.start, self.start))
        return composite.split(separator)

    def __iter__(self) -> Iterator[Elements]:
        data = self.source.data
        position = first_isa(bytes(data[:4096]))
        while position < len(data):
            isa = read_isa(data, position)
            if isinstance(isa, Problem):
                position = past_bad_isa(data, self.problems, isa)
                continue
            self.isa, self.start = isa, isa.start
            self._component, self._other = isa.delimiters.component_text, ""
            self.problems += isa.problems
            yield ["ISA", *(element.decode("latin-1") for element in isa.elements)]
            yield from self._interchange(isa)
            position = next_isa(data, self.problems, self._next)
        if self.isa is None:
            raise NotX12Error(self.problems[0].message)

    def _interchange(self, isa: Isa) -> Iterator[Elements]:
        """Its segments after ISA; `_next` is then where the next interchange may begin."""
        data, start, size = self.source.data, isa.end, len(self.source.data)
        width = _FIRST_WINDOW
        while start < size:
            stop = data.find(isa.delimiters.terminator, min(start + width, size)) + 1 or size
            if stop - start > width + LONGEST_SEGMENT:
                message = (
                    f"a segment is longer than {LONGEST_SEGMENT >> 20} MiB: is the terminator the one in use?"
                )
                self._next = find_isa(data, start)
                self.problems.append(Problem("X12-TERMINATOR", message, start, self._next))
                return
            yield from self._window(isa, start, stop)
            if self._next:
                return
            self.source.release(start, stop)
            start, width = stop, min(width * 2, WINDOW)
        self._next = size

    def _window(self, isa: Isa, start: int, stop: int) -> Iterator[Elements]:
        """The segments between two offsets; `_next` tells when the interchange ended there, else it is 0."""
        separator = isa.delimiters.element_text
        text = bytes(self.source.data[start:stop]).decode("latin-1")
        *pieces, rest = text.split(isa.delimiters.terminator.decode("latin-1"))
        self._next = 0
        for piece in pieces:
            body = piece.lstrip(_LEADING)
            end = start + len(piece)
            self.start = end - len(body)
            start = end + 1
            elements = body.split(separator)
            if elements[0] == "ISA":
                self._next = self.start
                return
            elements += _ABSENT
            yield elements
            if elements[0] == "IEA":
                self._next = start
                return
        rest = rest.strip(_AROUND)
        if rest:
            yield from self._cut(rest.split(separator), stop)

    def _cut(self, elements: list[str], stop: int) -> Iterator[Elements]:
        """What stands after the last terminator of the source: an IEA is taken, else the value may be cut."""
        if elements[0] == "IEA":
            yield elements + _ABSENT
            return
        message = "the file ends in the middle of a segment, which is not read: get the file again"
        self.problems.append(Problem("X12-CUT", message, self.start, stop))
