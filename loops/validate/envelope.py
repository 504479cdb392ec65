"""The counts and control numbers of interchange, group and transaction set, as the reference keeps them.

Source: X12.5 and X12.6 (ISA/IEA, GS/GE, ST/SE), HL numbering X12.6; what is
compared how, and which code comes of it, is pyx12 4.0.0's reader.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

_ID: Final = re.compile(rb"[A-Z][A-Z0-9]{1,2}\n?")
_READERS: Final = {id_: "_" + id_.decode().lower() for id_ in b"ISA GS ST HL CLM LX SE GE IEA".split()}
UNCOUNTED: Final = frozenset({b"ISA", b"IEA", b"GS", b"GE", b"ST", b"SE"})


@dataclass(frozen=True, slots=True)
class ReaderFault:
    """A fault that needs no guide: `level` is ``isa``, ``gs``, ``st`` or ``seg``.

    `code` is that of TA1, 999 AK905, IK502 or IK304; HL1, HL2 and LX are the
    reference's own. `orphan` marks a trailer with nothing open, where the
    reference has no verdict.
    """

    level: str
    code: str
    element: int = 0
    orphan: bool = False


class Envelope:
    """Follows the segments of a source and tells what does not add up."""

    def __init__(self) -> None:
        self.open: list[tuple[str, bytes | None]] = []
        self.segments = 0
        self.hl_count = 0
        self.hl_open: list[int] = []
        self.lx = 0
        self.groups = 0
        self.sets = 0
        self._isas: set[bytes | None] = set()
        self._groups: set[bytes | None] = set()
        self._sets: set[bytes | None] = set()

    def read(self, parts: list[bytes], inner: bytes) -> list[ReaderFault]:
        """Take in a segment (split at the element separator); return its faults."""
        found = []
        if not any(part.strip(inner) for part in parts[1:]):
            found.append(ReaderFault("seg", "8"))
        if not _ID.fullmatch(parts[0]) or len(parts[0]) > 3:
            found.append(ReaderFault("seg", "1"))
        name = _READERS.get(parts[0])
        if name:
            found += getattr(self, name)(_Values(parts, inner))
        if parts[0] not in UNCOUNTED:
            self.segments += 1
        return found

    def close(self) -> list[tuple[str, str]]:
        """At the end of input: (level, code) of each trailer that is missing."""
        codes = {"st": "2", "gs": "3", "isa": "023"}
        return [(level, codes[level]) for level, _ in self.open]

    def _isa(self, value: _Values) -> list[ReaderFault]:
        number = value[13]
        found = [ReaderFault("isa", "025", 13)] if number in self._isas else []
        self._isas.add(number)
        self.open.append(("isa", number))
        self.groups = 0
        self._groups = set()
        return found

    def _gs(self, value: _Values) -> list[ReaderFault]:
        number = value[6]
        found = [ReaderFault("gs", "6", 6)] if number in self._groups else []
        self._groups.add(number)
        self.open.append(("gs", number))
        self.groups += 1
        self.sets = 0
        self._sets = set()
        return found

    def _st(self, value: _Values) -> list[ReaderFault]:
        number = value[2]
        found = [ReaderFault("st", "23", 2)] if number in self._sets else []
        self._sets.add(number)
        self.open.append(("st", number))
        self.sets += 1
        self.segments = 1
        self.hl_open = []
        self.hl_count = 0
        return found

    def _hl(self, value: _Values) -> list[ReaderFault]:
        self.hl_count += 1
        found = []
        if whole(value[1]) != self.hl_count:
            found.append(ReaderFault("seg", "HL1", 1))
        if value[2] != b"" and not self.stands_under(whole(value[2])):
            found.append(ReaderFault("seg", "HL2", 2))
            self.hl_open.clear()
        self.hl_open.append(self.hl_count)
        return found

    def take_level(self, number: bytes, parent: bytes) -> bool:
        """Whether HL01 (digits) counts on and HL02 (digits or empty) names an open level; then take it in."""
        opened = self.hl_open
        if int(number) != self.hl_count + 1:
            return False
        if parent:
            above = int(parent)
            if len(opened) > 1 and opened[-2] == above:  # a sibling of the level before
                opened.pop()
            elif not self.stands_under(above):
                return False
        self.hl_count += 1
        opened.append(self.hl_count)
        return True

    def stands_under(self, parent: int | None) -> bool:
        """Whether the level `parent` is open; if so, the levels below it are closed."""
        place = bisect_left(self.hl_open, parent) if parent is not None else len(self.hl_open)
        if place == len(self.hl_open) or self.hl_open[place] != parent:
            return False
        del self.hl_open[place + 1 :]
        return True

    def _clm(self, _: _Values) -> list[ReaderFault]:
        self.lx = 0
        return []

    def _lx(self, value: _Values) -> list[ReaderFault]:
        self.lx += 1
        return [] if value[1] == b"%d" % self.lx else [ReaderFault("seg", "LX", 1)]

    def _se(self, value: _Values) -> list[ReaderFault]:
        level, number = self.open[-1] if self.open else ("", None)
        found = []
        if level != "st" or number != value[2]:
            found.append(ReaderFault("st", "3", 2, orphan=not level))
        if whole(value[1]) != self.segments + 1:
            found.append(ReaderFault("st", "4", 1))
        del self.open[-1:]
        return found

    def _ge(self, value: _Values) -> list[ReaderFault]:
        return self._trailer(value, "gs", ("3", "4", "5"), self.sets)

    def _iea(self, value: _Values) -> list[ReaderFault]:
        return self._trailer(value, "isa", ("024", "001", "021"), self.groups)

    def _trailer(
        self, value: _Values, level: str, codes: tuple[str, str, str], count: int
    ) -> list[ReaderFault]:
        unclosed, other, wrong = codes
        found = []
        if self.open and self.open[-1][0] != level:
            found.append(ReaderFault(level, unclosed))
            del self.open[-1]
        orphan = not self.open
        if orphan or self.open[-1][1] != value[2]:
            found.append(ReaderFault(level, other, 2, orphan=orphan))
        if whole(value[1]) != count:
            found.append(ReaderFault(level, wrong, 1))
        del self.open[-1:]
        return found


class _Values:
    """Element values of a segment; trailing empty components cut, None where there is no element."""

    def __init__(self, parts: list[bytes], inner: bytes) -> None:
        self._parts = parts
        self._inner = inner

    def __getitem__(self, element: int) -> bytes | None:
        if element >= len(self._parts):
            return None
        return self._parts[element].rstrip(self._inner)


def whole(value: bytes | None) -> int | None:
    """A whole number as Python reads it (signs and blanks around it allowed); None when it is none."""
    if value is None or len(value) > 4000:
        return None
    try:
        return int(value.decode("latin-1"))
    except ValueError:
        return None
