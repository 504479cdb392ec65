"""One pass over the bytes at the speed of a pattern: envelope, HL blocks, claims, lines of interest.

Nothing is kept but offsets in arrays, so that a million claims fit in memory;
claims become objects only when `loops.batch.Batch.claim` is asked for them.
"""

from __future__ import annotations

import re
import sys
from array import array
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from loops.delimiters import Delimiters, Isa, read_isa
from loops.envelope import Foreign, Group, foreign_name
from loops.errors import NotX12Error
from loops.patterns import any_of
from loops.problem import Problem
from loops.walker import LEADING, WINDOW, window_end

if TYPE_CHECKING:
    from loops.source import Buffer, Source

LONGEST_SEGMENT: Final = 1 << 20  # far above what the guide allows: such a file is a mistake or an attack
LARGEST_CLAIM: Final = 2 << 20
BOM: Final = b"\xef\xbb\xbf"
NONE: Final = 0xFFFFFFFF
_MARK, _CLAIM, _LEVEL, _NAME, _BIRTH, _LINE = 1, 2, 3, 4, 5, 6  # groups of the pattern
_LEVELS: Final = frozenset({b"20", b"22", b"23"})
_AFTER_IEA: Final = re.compile(rb"[\s\0\x1a]*")
_ANY_ISA: Final = re.compile(rb"ISA([^A-Za-z0-9\s])[0-9A-Za-z ]{0,2}\1")
_STRANGERS: Final = tuple(
    (re.compile(begin), what)
    for begin, what in (
        (rb"GS[^A-Za-z0-9\s]", "the file begins with a GS segment: the ISA envelope around it is missing"),
        (
            rb"ST[^A-Za-z0-9\s]",
            "the file begins with an ST segment: the ISA and GS envelope around it is missing",
        ),
        (rb"UN[AB]", "the file is an EDIFACT interchange, not X12"),
        (rb"\xc9\xe2\xc1", "the text is EBCDIC: have it converted to ASCII when it is transferred"),
        (rb"PK\x03\x04|\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf", "the file is compressed: unpack it first"),
        (rb"-----BEGIN PGP", "the file is encrypted: decrypt it first"),
        (rb"%PDF", "the file is a PDF document, not an X12 interchange"),
        (rb"<", "the file is XML or HTML, not an X12 interchange"),
        (rb"[\[{]", "the file is JSON, not an X12 interchange"),
    )
)


def _offsets() -> array[int]:
    return array("Q")


def _ordinals() -> array[int]:
    return array("I")  # four bytes: a file has millions of these at most


@dataclass(slots=True)
class Index:
    """What the pass found, as columns of offsets (``set``: an 837P transaction set, ST to SE).

    `isa_end` is where each interchange of `isas` ends, IEA with its terminator included.
    A claim's HL columns are ordinals into the HL columns, `NONE` where it has
    no such HL. `person` is a hash of who the patient is, 0 when unknown;
    `wanted` is 1 where the claim holds one of the codes asked for.
    """

    isas: list[Isa] = field(default_factory=list)
    isa_end: array[int] = field(default_factory=_offsets)
    groups: list[Group] = field(default_factory=list)
    foreign: list[Foreign] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    set_start: array[int] = field(default_factory=_offsets)
    set_end: array[int] = field(default_factory=_offsets)
    set_isa: array[int] = field(default_factory=_ordinals)
    set_group: array[int] = field(default_factory=_ordinals)
    hl_start: array[int] = field(default_factory=_offsets)
    hl_end: array[int] = field(default_factory=_offsets)
    claim_start: array[int] = field(default_factory=_offsets)
    claim_end: array[int] = field(default_factory=_offsets)
    claim_set: array[int] = field(default_factory=_ordinals)
    billing: array[int] = field(default_factory=_ordinals)
    subscriber: array[int] = field(default_factory=_ordinals)
    patient: array[int] = field(default_factory=_ordinals)
    person: array[int] = field(default_factory=lambda: array("q"))
    wanted: bytearray = field(default_factory=bytearray)


def scan(source: Source, codes: frozenset[str]) -> Index:
    """Index `source`; claims with a line SV101 ``HC:code`` of `codes` are marked as wanted.

    Raises NotX12Error with one line for the user when there is no interchange.
    """
    data, index = source.data, Index()
    position = first_isa(bytes(data[:4096]))
    while position < len(data):
        isa = read_isa(data, position)
        if isinstance(isa, Problem):
            position = past_bad_isa(data, index.problems, isa)
            continue
        index.isas.append(isa)
        index.problems += isa.problems
        interchange = _Interchange(source, index, isa, _marks(isa.delimiters, codes))
        end = interchange.run()
        index.isa_end.append(end)
        if not interchange.marked:
            message = "no transaction follows the ISA: is the terminator that it declares the one in use?"
            index.problems.append(Problem("X12-TERMINATOR", message, isa.start, end))
        position = next_isa(data, index.problems, end)
    if not index.isas:
        raise NotX12Error(index.problems[0].message)
    return index


def first_isa(head: bytes) -> int:
    """Offset of the ISA with which a source must begin; NotX12Error says what stands there instead."""
    text = head.removeprefix(BOM).lstrip(LEADING)
    if text.startswith(b"ISA"):
        return len(head) - len(text)
    if not text.strip(b"\r\n\t \0\x1a"):
        raise NotX12Error("the file is empty: there is nothing to read")
    if b"I\0S\0A" in head:
        raise NotX12Error("the text is UTF-16: save it as ASCII and send it again")
    for begin, what in _STRANGERS:
        if begin.match(text):
            raise NotX12Error(what)
    raise NotX12Error("the file does not begin with an ISA segment: it is not an X12 interchange")


def next_isa(data: Buffer, problems: list[Problem], position: int) -> int:
    """Offset of the next interchange after `position`, or the end; other text between is a problem more."""
    blank = _AFTER_IEA.match(data, position)
    rest = blank.end() if blank else position
    if rest >= len(data) or data[rest : rest + 3] == b"ISA":
        return rest
    end = find_isa(data, rest)
    message = f"{end - rest} bytes stand outside any interchange: they are not read"
    problems.append(Problem("X12-OUTSIDE", message, rest, end))
    return end


def past_bad_isa(data: Buffer, problems: list[Problem], bad: Problem) -> int:
    """Offset of the next ISA after one that cannot be read; what stands between is one problem more."""
    end = find_isa(data, bad.start + 3)
    before = problems[-1] if problems else None
    if (
        before and before.code == bad.code and before.end == bad.start
    ):  # an ISA a byte must not fill the memory
        problems[-1] = replace(before, end=end)
    else:
        problems.append(replace(bad, end=end))
    return end


def find_isa(data: Buffer, position: int) -> int:
    """Offset of the next thing that looks like an ISA, or the end."""
    found = _ANY_ISA.search(data, position)
    return found.start() if found else len(data)


@lru_cache(maxsize=64)
def _marks(delimiters: Delimiters, codes: frozenset[str]) -> re.Pattern[bytes]:
    e, t, c = (re.escape(d) for d in (delimiters.element, delimiters.terminator, delimiters.component))
    leading = re.escape(bytes(set(LEADING) - set(delimiters.terminator) - set(delimiters.element)))
    end, element = b"(?=[" + e + t + b"])", b"[^" + e + t + b"]*+"
    wanted = any_of(code.encode() for code in codes) + b"(?=[" + e + c + t + b"])"
    return re.compile(
        t + b"[" + leading + b"]*+(?:"
        rb"(ISA(?=[^A-Za-z0-9\s])|(?:GS|ST|SE|GE|IEA)" + end + b")|"  # an ISA may declare other separators
        b"CLM" + end + b"()|"
        b"HL" + end + b"(?:" + (e + element) * 2 + e + b")?(" + element + b")|"
        b"NM1" + e + b"((?:IL|QC)" + e + b"[^" + t + b"]*+)|"
        b"DMG" + e + b"([^" + t + b"]*+)|"
        b"SV1" + e + b"HC" + c + wanted + b"())"
    )  # fmt: skip


class _Interchange:
    """The pass over one interchange: what is open while the marks go by."""

    def __init__(self, source: Source, index: Index, isa: Isa, marks: re.Pattern[bytes]) -> None:
        self.source, self.index, self.isa, self.marks = source, index, isa, marks
        self.data = source.data
        self.separator = isa.delimiters.element
        self.terminator = isa.delimiters.terminator
        self.group: Group | None = None
        self.foreign: tuple[int, str] | None = None
        self.open = ""  # "claim", "hl" or nothing
        self.in_set = self.marked = False
        self.levels: dict[bytes, int] = {}
        self.member = self.first = self.birth = b""

    def run(self) -> int:
        """Index it and return the offset where the next thing may begin."""
        size, terminator = len(self.data), self.terminator
        start = self.isa.end - 1  # a mark begins with the terminator before it
        while start < size:
            stop = window_end(self.data, start, size, terminator)
            end = self._window(start, stop)
            if end:
                return end
            if stop - start > WINDOW + LONGEST_SEGMENT:  # asked here, as an IEA may have ended it before
                raise NotX12Error(
                    f"a segment before byte {stop} is longer than {LONGEST_SEGMENT >> 20} MiB:"
                    " is the segment terminator that the ISA declares the one in use?"
                )
            self.source.release(start, stop)
            start = stop if stop == size else stop - 1
        self._close(size)
        return size

    def _window(self, start: int, stop: int) -> int:
        """Take in the marks between; return where the interchange ends, or 0."""
        data, wanted = self.data, self.index.wanted
        for match in self.marks.finditer(data, start, stop):
            kind = match.lastindex
            if kind == _CLAIM:
                self._claim(match.start(_CLAIM) - len(b"CLM"))
            elif kind == _LEVEL:
                self._hl(data.find(b"HL", match.start()), match[_LEVEL])
            elif kind == _MARK:
                end = self._mark(match[_MARK], match.start(_MARK))
                if end:
                    return end
            elif self.open == "claim":
                if kind == _LINE:
                    wanted[-1] = 1
            elif kind == _NAME:
                self._name(match[_NAME].split(self.separator, 9))
            elif kind == _BIRTH:
                self.birth = b"".join(match[_BIRTH].split(self.separator, 2)[1:2])
        return 0

    def _mark(self, id_: bytes, position: int) -> int:
        """Take in a control segment; return where the interchange ends, or 0."""
        self.marked = self.marked or id_ != b"GS"
        self._end_open(position)
        if id_ == b"SE":
            self._close(self._segment_end(position))
        else:
            self._close(position)
            if id_ == b"ISA":
                return position
            if id_ == b"IEA":
                return self._segment_end(position)
            if id_ == b"ST":
                self._open_set(position)
            elif id_ == b"GS":
                self.group = Group(self.isa, self._elements(position), position)
                self.index.groups.append(self.group)
        return 0

    def _open_set(self, position: int) -> None:
        name = foreign_name(self._elements(position), self.group)
        if name:
            self.foreign = (position, sys.intern(name))
            return
        self.in_set = True
        self.levels.clear()
        self.index.set_start.append(position)
        self.index.set_end.append(position)
        self.index.set_isa.append(len(self.index.isas) - 1)
        self.index.set_group.append(len(self.index.groups) - 1 if self.group else NONE)

    def _close(self, end: int) -> None:
        self._end_open(end)
        if self.foreign:
            start, name = self.foreign
            self.index.foreign.append(Foreign(name, self.group, start, end))
        if self.in_set:
            self.index.set_end[-1] = end
        self.foreign, self.in_set = None, False

    def _end_open(self, end: int) -> None:
        """End the claim or HL block that is open, if one is."""
        if not self.open:
            return
        starts, ends = (
            (self.index.claim_start, self.index.claim_end)
            if self.open == "claim"
            else (self.index.hl_start, self.index.hl_end)
        )
        if end - starts[-1] > LARGEST_CLAIM:
            what = "a claim" if self.open == "claim" else "an HL loop"
            raise NotX12Error(f"{what} at byte {starts[-1]} is larger than {LARGEST_CLAIM >> 20} MiB")
        ends[-1] = end
        self.open = ""

    def _hl(self, position: int, level: bytes) -> None:
        self.marked = True
        self._end_open(position)
        if not self.in_set:
            return
        if level == b"20":
            self.levels.clear()
        elif level == b"22":
            self.levels.pop(b"22", None)
        self.levels.pop(b"23", None)
        if level in _LEVELS:
            self.levels[level] = len(self.index.hl_start)
        self.index.hl_start.append(position)
        self.index.hl_end.append(position)
        self.open = "hl"
        self.first = self.birth = b""
        if level != b"23":  # a dependent is told by the subscriber's id and by its own name and birth
            self.member = b""

    def _name(self, elements: list[bytes]) -> None:
        self.first, self.birth = b"".join(elements[3:4]), b""
        if elements[0] == b"IL":
            self.member = b"".join(elements[8:9])

    def _claim(self, position: int) -> None:
        self.marked = True
        self._end_open(position)
        if not self.in_set:
            return
        index, levels = self.index, self.levels
        index.claim_start.append(position)
        index.claim_end.append(position)
        index.claim_set.append(len(index.set_start) - 1)
        index.billing.append(levels.get(b"20", NONE))
        index.subscriber.append(levels.get(b"22", NONE))
        index.patient.append(levels.get(b"23", NONE))
        known = self.member or (self.first and self.birth)
        index.person.append(hash((self.member, self.birth, self.first.upper())) if known else 0)
        index.wanted.append(0)
        self.open = "claim"

    def _elements(self, position: int) -> tuple[bytes, ...]:
        raw = bytes(self.data[position : self._segment_end(position)])
        return tuple(raw.rstrip(self.terminator).split(self.separator)[1:])

    def _segment_end(self, position: int) -> int:
        found = self.data.find(self.terminator, position)
        return len(self.data) if found < 0 else found + 1
