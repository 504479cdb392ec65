"""Count claims, service lines and cents on written bytes, and hold in against released plus held.

Nothing here goes through `loops.scan`, the claim views or the splitting code: their faults shall show.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import compress
from operator import itemgetter, mul
from typing import TYPE_CHECKING, Final, NamedTuple
from zlib import crc32

from loops.source import Source, open_source

if TYPE_CHECKING:
    from loops.source import Readable

_FIRST, _BLOCK = 1 << 14, 1 << 20
_ISA: Final = re.compile(
    rb"ISA([^0-9A-Za-z\s])(?:(?!(?:GS|ST)\1)(?:(?!\1)[^\r\n]){0,60}\1){15}"
    rb"(?!\1)([^0-9A-Za-z])(?!\1|\2)([^0-9A-Za-z])"
)
_BOM: Final = b"\xef\xbb\xbf"
_BLANK: Final = b"\r\n\t \0\x1a"
_AMOUNT: Final = re.compile(rb"-?(?:[0-9]{1,16}(?:\.[0-9]{0,2}0*)?|\.[0-9]{1,2}0*)")
_ZEROS: Final = bytes.maketrans(b"123456789", b"000000000")
_CENTS: Final = {
    dollars * b"0" + part: cents
    for part, cents in ((b"", 100), (b".", 100), (b".0", 10), (b".00", 1))
    for dollars in range(0 if part in (b".0", b".00") else 1, 17)
}
"""What an amount of each usual form, its digits all zeros, counts when it is read without its point."""

_SECOND: Final = itemgetter(1)  # the letter of a segment's id that tells it from others
_ENVELOPE: Final = re.compile(b"[TES]")  # that of ST, SE, GS, GE, ISA, IEA
_OF_CLAIMS: Final = bytes.maketrans(b"LV", b"\1\0")  # CLM, SV1
_OF_LINES: Final = bytes.maketrans(b"LV", b"\0\1")


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
        reach = min(_FIRST, _BLOCK)  # many an interchange is short
        while start < size:
            stop = data.find(self._terminator, start + reach)
            stop = size if stop < 0 else stop
            block = data[start:stop]
            if last := self._count(block):  # its text may stand within another segment before it
                end = self._end.search(block, block.rfind(self._terminator, 0, block.index(last)))
                assert end is not None
                return start + end.start(1) if end[1] else min(start + end.end() + 1, size)
            self._source.release(self._start, stop)
            start, reach = stop, min(2 * reach, _BLOCK)
        return size

    def _count(self, block: bytes) -> bytes:
        """Count a block of whole segments, and return that which ends the interchange if it is in there."""
        rows: list[bytes] = self._rows.findall(block)
        letters = bytes(map(_SECOND, rows))
        first = 0
        for mark in (found.start() for found in _ENVELOPE.finditer(letters)):
            self._add(rows[first:mark], letters[first:mark])
            if rows[mark].startswith(b"I"):
                return rows[mark]
            self._inside = rows[mark].startswith(b"ST")
            if self._inside:
                self._into.sets.append(Sums())
            first = mark + 1
        self._add(rows[first:], letters[first:])
        return b""

    def _add(self, rows: list[bytes], letters: bytes) -> None:
        """Add CLM and SV1 segments to where they stand; `letters` are the second ones of their ids."""
        if not rows:
            return
        amounts = _amounts(rows, self._separator)
        charges, odd = _cents([*compress(amounts, letters.translate(_OF_CLAIMS))])
        line_charges, odd_lines = _cents([*compress(amounts, letters.translate(_OF_LINES))])
        sums = Sums(
            letters.count(b"L"),
            letters.count(b"V"),
            charges,
            line_charges,
            tuple(sorted(odd + odd_lines)),
            sum(map(crc32, rows)),
        )
        if self._inside:
            self._into.sets[-1] += sums
        else:
            self._into.outside += sums


@lru_cache(maxsize=64)
def _patterns(element: bytes, terminator: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """One match for each CLM, SV1 and segment of the envelope; and one for what ends an interchange."""
    e, t = re.escape(element), re.escape(terminator)
    before = t + b"[" + re.escape(bytes(set(b"\r\n\t ") - {*element, *terminator})) + b"]*+"
    rest = b"(?:" + e + b"[^" + t + b"]*+|(?=" + t + rb")|\Z)"
    rows = b"((?:CLM|SV1|S[TE]|G[SE]|I[SE]A)" + rest + b")"
    end = b"(?:IEA|(ISA))" + rest
    return re.compile(before + rows), re.compile(before + end)


def _amounts(rows: list[bytes], separator: bytes) -> list[bytes]:
    """Element 02 of each segment, empty where there is none."""
    try:
        return [row.split(separator, 3)[2] for row in rows]
    except IndexError:
        return [b"".join(row.split(separator, 3)[2:3]) for row in rows]


def _cents(amounts: list[bytes]) -> tuple[int, tuple[bytes, ...]]:
    """The sum of amounts in cents, and those that are no whole cents."""
    text = b" ".join(amounts)
    forms = text.translate(_ZEROS).split(b" ")
    if len(forms) == len(amounts) and _CENTS.keys() >= set(forms):  # mostly all of them are usual
        numbers = map(int, text.translate(None, b".").split(b" "))
        return sum(map(mul, numbers, map(_CENTS.__getitem__, forms))), ()
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
