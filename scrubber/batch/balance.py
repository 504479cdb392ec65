"""Count claims, service lines and cents on written bytes, and hold in against released plus held.

Nothing here goes through `loops.scan`, the claim views or the splitting code: their faults shall show.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from zlib import crc32

from loops.source import Source, open_source

if TYPE_CHECKING:
    from loops.source import Readable

_BLOCK: Final = 1 << 20
_ISA: Final = re.compile(
    rb"ISA([^0-9A-Za-z\s])(?:(?!(?:GS|ST)\1)(?:(?!\1)[^\r\n]){0,60}\1){15}"
    rb"(?!\1)([^0-9A-Za-z])(?!\1|\2)([^0-9A-Za-z])"
)
_BOM: Final = b"\xef\xbb\xbf"
_BLANK: Final = b"\r\n\t \0\x1a"
_SUM: Final = rb"-?(?:[0-9]{1,16}(?:\.[0-9]{0,2}0*)?|\.[0-9]{1,2}0*)"
_AMOUNT: Final = re.compile(_SUM)
_AMOUNTS: Final = re.compile(_SUM + rb"(?: " + _SUM + rb")*+")
_DOLLARS_AND_CENTS: Final = re.compile(rb"[0-9]{1,16}\.[0-9]{2}(?: [0-9]{1,16}\.[0-9]{2})*+")


@dataclass(frozen=True, slots=True)
class Sums:
    """What stands in one transaction set, or outside of all.

    `claims` counts CLM, `lines` SV1; `charges` and `line_charges` add up CLM02 and SV102 in cents. `odd` are
    the amounts that are no whole cents, as texts, sorted. `content` adds up a checksum of each CLM and SV1
    segment, so that a claim cannot stand in for another.
    """

    claims: int = 0
    lines: int = 0
    charges: int = 0
    line_charges: int = 0
    odd: tuple[bytes, ...] = ()
    content: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.claims + other.claims,
            self.lines + other.lines,
            self.charges + other.charges,
            self.line_charges + other.line_charges,
            tuple(sorted(self.odd + other.odd)),
            self.content + other.content,
        )


@dataclass(slots=True)
class Tally:
    """A file counted.

    `sets` has the sums of each ST in order, of whatever kind; `outside` those of segments outside of ST and
    SE; `stray` counts the bytes, blanks apart, outside of interchanges.
    """

    sets: list[Sums] = field(default_factory=list)
    outside: Sums = Sums()
    stray: int = 0

    @property
    def total(self) -> Sums:
        """All of it together."""
        return sum(self.sets, self.outside)


class Mismatch(NamedTuple):
    """A sum that does not add up: the file, the transaction set, and by how much, in one line.

    `transaction` is its ordinal from 1 among all ST of the file; 0 where the file as a whole is meant.
    """

    file: str
    transaction: int
    what: str


def tally(source: Source | Readable) -> Tally:
    """Count a file: a path, bytes, a binary stream, or an open source, which stays open.

    Text that is no interchange counts as stray bytes. Raises OSError as the system does.
    """
    if isinstance(source, Source):
        return _counted(source)
    opened = open_source(source)
    try:
        return _counted(opened)
    finally:
        opened.close()


def _counted(source: Source) -> Tally:
    data, found = source.data, Tally()
    position = len(_BOM) if data[: len(_BOM)] == _BOM else 0
    while isa := _ISA.search(data, position):
        found.stray += _stray(source, position, isa.start())
        position = _Interchange(source, isa, found).run()
    found.stray += _stray(source, position, len(data))
    return found


def _stray(source: Source, start: int, end: int) -> int:
    return sum(
        len(source.data[place : min(place + _BLOCK, end)].translate(None, _BLANK))
        for place in range(start, end, _BLOCK)
    )


class _Interchange:
    """Counts one interchange, from its ISA to the end of its IEA or the next ISA."""

    def __init__(self, source: Source, isa: re.Match[bytes], into: Tally) -> None:
        self._source, self._into = source, into
        self._start = isa.end() - 1  # a segment is found by the terminator before it
        self._separator, self._terminator = isa[1], isa[3]
        self._rows, self._end = _patterns(isa[1], isa[3])
        self._inside = False

    def run(self) -> int:
        """Count it and return where it ends."""
        data, start, size = self._source.data, self._start, len(self._source.data)
        while start < size:
            stop = data.find(self._terminator, start + _BLOCK)
            stop = size if stop < 0 else stop
            block = data[start:stop]
            if not self._count(block):
                end = self._end.search(block)
                assert end is not None
                self._count(block[: end.start()])
                return start + end.start(1) if end[1] else min(start + end.end() + 1, size)
            self._source.release(self._start, stop)
            start = stop
        return size

    def _count(self, block: bytes) -> bool:
        """Count a block of whole segments; False, and nothing is counted, when the interchange ends in it."""
        rows = self._rows.findall(block)
        marks = [n for n, row in enumerate(rows) if row[1] in b"TES"]
        if any(rows[n][:1] == b"I" for n in marks):
            return False
        first = 0
        for mark in [*marks, len(rows)]:
            if mark > first:
                self._add(rows[first:mark])
            if mark < len(rows):
                self._inside = rows[mark][1:2] == b"T"
                if self._inside:
                    self._into.sets.append(Sums())
            first = mark + 1
        return True

    def _add(self, rows: list[bytes]) -> None:
        separator = self._separator
        parts = [row.split(separator, 3) for row in rows]
        claims = [_amount(part) for part in parts if part[0] == b"CLM"]
        lines = [_amount(part) for part in parts if part[0] == b"SV1"]
        (charges, odd), (line_charges, odd_lines) = _cents(claims), _cents(lines)
        odd = tuple(sorted(odd + odd_lines))
        sums = Sums(len(claims), len(lines), charges, line_charges, odd, sum(map(crc32, rows)))
        if self._inside:
            self._into.sets[-1] += sums
        else:
            self._into.outside += sums


def _amount(parts: list[bytes]) -> bytes:
    """Element 02 of a segment, empty where there is none."""
    return parts[2] if len(parts) > 2 else b""


@lru_cache(maxsize=64)
def _patterns(element: bytes, terminator: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """One match for each CLM, SV1 and segment of the envelope; and one for what ends an interchange."""
    e, t = re.escape(element), re.escape(terminator)
    before = t + b"[" + re.escape(bytes(set(b"\r\n\t ") - {*element, *terminator})) + b"]*+"
    rest = b"(?:" + e + b"[^" + t + b"]*+|(?=" + t + rb")|\Z)"
    rows = b"((?:CLM|SV1|ST|SE|GS|GE|IEA|ISA)" + rest + b")"
    end = b"(?:IEA|(ISA))" + rest
    return re.compile(before + rows), re.compile(before + end)


def _cents(amounts: list[bytes]) -> tuple[int, tuple[bytes, ...]]:
    """The sum of amounts in cents, and those that are no whole cents."""
    text = b" ".join(amounts)
    if text.count(b" ") == len(amounts) - 1:  # mostly none is odd, and that is seen for all of them at once
        if _DOLLARS_AND_CENTS.fullmatch(text):
            return sum(map(int, text.translate(None, b".").split())), ()
        if _AMOUNTS.fullmatch(text):
            return int(sum(map(Decimal, text.decode("ascii").split())) * 100), ()
    good = [amount for amount in amounts if _AMOUNT.fullmatch(amount)]
    odd = [amount for amount in amounts if not _AMOUNT.fullmatch(amount)]
    return int(sum(map(Decimal, map(bytes.decode, good)), Decimal(0)) * 100), tuple(odd)


def balance(
    file: str,
    before: Tally,
    released: Tally | None,
    held: Tally | None,
    *,
    released_sets: Sequence[int],
    held_sets: Sequence[int],
    exact: bool = True,
) -> tuple[Mismatch, ...]:
    """Where `before` is not `released` plus `held`; empty when all is accounted for.

    `released_sets` and `held_sets` are those of `Split`: which transaction set of the input each one of an
    output comes from. `exact` asks also that the CLM and SV1 segments are the same, byte for byte; without
    it, for a batch that was rewritten in between, counts and cents alone.
    """
    outputs = [
        (name, one or Tally(), sets)
        for name, one, sets in (("released", released, released_sets), ("held", held, held_sets))
    ]
    found = [
        f"the {name} file has {len(one.sets)} transaction sets, not {len(sets)}"
        for name, one, sets in outputs
        if len(one.sets) != len(sets)
    ]
    if {*released_sets, *held_sets} != {*range(len(before.sets))}:
        found.append(f"not each of the {len(before.sets)} transaction sets stands in an output, and no other")
    if found:
        return tuple(Mismatch(file, 0, what) for what in found)
    after = [Sums()] * len(before.sets)
    for _, one, sets in outputs:
        for number, sums in zip(sets, one.sets, strict=True):
            after[number] += sums
    rows = [(n, one, other) for n, (one, other) in enumerate(zip(before.sets, after, strict=True), 1)]
    outside = sum((one.outside for _, one, _ in outputs), Sums())
    wrong = [
        Mismatch(file, number, what)
        for number, one, other in [*rows, (0, before.outside, outside)]
        if one != other and (what := _difference(one, other, exact=exact))
    ]
    stray = sum(one.stray for _, one, _ in outputs)
    if stray != before.stray:
        what = f"{before.stray} bytes stand outside of interchanges in the input, {stray} in the outputs"
        wrong.append(Mismatch(file, 0, what))
    return tuple(wrong)


def _difference(before: Sums, after: Sums, *, exact: bool) -> str:
    """What is missing or too much in the outputs, in one line; empty when nothing is."""
    told = [
        f"{abs(more)} {what} too {'many' if more > 0 else 'few'}"
        for what, more in (("claims", after.claims - before.claims), ("lines", after.lines - before.lines))
        if more
    ]
    told += [
        f"{what} {Decimal(abs(more)) / 100:.2f} too {'much' if more > 0 else 'little'}"
        for what, more in (
            ("claim charges", after.charges - before.charges),
            ("line charges", after.line_charges - before.line_charges),
        )
        if more
    ]
    if after.odd != before.odd:
        told.append("amounts that are no whole cents differ")
    if exact and not told and after.content != before.content:
        told.append("other claims or service lines than came in")
    return f"released and held are not what came in: {', '.join(told)}" if told else ""
