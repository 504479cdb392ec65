"""Write down what becomes of the envelope and the transaction sets of a batch in each of its two outputs.

A count that is right stays right; one that was wrong on arrival (SE01, GE01, IEA01) stays wrong by as much:
it is a finding, and not mended in passing. Source of the counts: X12.5 and X12.6.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from loops.scan import NONE
from loops.walker import LEADING, window_end
from scrubber.batch.split_frames import Frame, Kid, Passing, Transaction, heads, trailer_of
from scrubber.batch.split_patch import Patching

if TYPE_CHECKING:
    from loops import Batch, Segment
    from loops.delimiters import Delimiters
    from scrubber.batch.split_levels import Changed, Levels
    from scrubber.batch.split_numbers import Numbers

RELEASED, HELD, BOTH = 0, 1, 2
"""In which output a transaction set stands."""

_BEFORE: Final = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n\t ]*")
_NUMBER: Final = {"ISA": 13, "GS": 6, "ST": 2, "BHT": 3}


@dataclass(frozen=True, slots=True)
class Parted:
    """A batch and what was decided of it.

    `hold` has a byte for each claim, 1 where it is held; `stand` one for each 837P set: RELEASED, HELD or
    BOTH, and then `levels` has its levels. `frames` are its interchanges. Sets of other kinds stand all in
    one output, `others`.
    """

    batch: Batch
    hold: bytearray
    stand: bytearray
    levels: dict[int, Levels]
    frames: Sequence[Frame]
    others: int = RELEASED

    def where(self, one: Transaction) -> int:
        """Where a transaction set stands."""
        return self.others if one.number == NONE else self.stand[one.number]

    def gone(self, kid: Kid) -> bool:
        """Whether all of it is held, so that nothing is left to release."""
        if isinstance(kid, Frame):
            return kid.solid and bool(kid.kids) and all(map(self.gone, kid.kids))
        return self.where(kid) == HELD

    def touched(self, kid: Kid) -> bool:
        """Whether something of it is held."""
        if isinstance(kid, Frame):
            return any(map(self.touched, kid.kids))
        return self.where(kid) != RELEASED

    def sets(self) -> Iterator[Transaction]:
        """All transaction sets, in order."""
        for frame in self.frames:
            yield from frame.sets()


@dataclass(slots=True)
class Removed:
    """How much of each thing the released file has no more, and how many levels have another HL01 in it."""

    claims: int = 0
    levels: int = 0
    transactions: int = 0
    groups: int = 0
    interchanges: int = 0
    renumbered: int = 0


class _Output:
    """An output in the making, of the claims of one `side`."""

    def __init__(self, parted: Parted, side: int) -> None:
        self.parted, self.side = parted, side
        self.out = Patching()
        self.passing = Passing(parted.batch.source)
        self._counting = Passing(parted.batch.source)

    def claims(self, number: int, st: Segment | None = None, new: bytes = b"") -> Changed:
        """Take claims out of a set that are not of this side; `new` is its number in place of `st`'s."""
        index, levels = self.parted.batch.index, self.parted.levels[number]
        before = len(self.out)
        changed = levels.take_out(self.parted.hold, self.side, self.out, self.passing)
        delimiters = index.isas[index.set_isa[number]].delimiters
        taken = sum(self._segments(*span, delimiters) for span in self.out.taken(before))
        self.trailer(levels.trailer, taken, st, new)
        return changed

    def _segments(self, start: int, end: int, delimiters: Delimiters) -> int:
        """How many segments stand in ``[start, end)``; two terminators in a row have none between them."""
        source, terminator, total = self.parted.batch.source, delimiters.terminator, 0
        while start < end:
            stop = window_end(source.data, start, end, terminator)
            text = terminator + source.data[start:stop]
            total += text.count(terminator) - 1
            if any(text.find(sign) >= 0 for sign in _signs(delimiters)):
                bare = text.translate(None, _leading(delimiters))
                total -= len(_empty(delimiters).findall(bare)) if terminator * 2 in bare else 0
            start = stop
        self._counting.at(end)
        return total

    def trailer(
        self, trailer: Segment | None, fewer: int, header: Segment | None = None, new: bytes = b""
    ) -> None:
        """Make the count of a trailer `fewer` less, its number `new` where it repeats that of `header`."""
        if trailer is None:
            return
        digits = trailer[1]
        if fewer and digits.isdigit() and len(digits) <= 10:
            count = b"%d" % max(int(digits) - fewer, 0)
            start, end = trailer.spot(1)[1:]
            self.out.put(start, end, count.zfill(len(digits)) if digits[:1] == b"0" else count)
        if header and new and trailer[2].strip() == header[_NUMBER[header.id]].strip():
            self.out.put(*trailer.spot(2)[1:], new)


class Released(_Output):
    """What may be sent: the input without the held claims, and without what has no claim left for that."""

    def __init__(self, parted: Parted) -> None:
        super().__init__(parted, RELEASED)
        self.removed = Removed(claims=parted.hold.count(1))
        self._kids(parted.frames)

    def _kids(self, kids: Sequence[Kid]) -> int:
        """Write down what becomes of `kids`; count those that are gone."""
        gone = 0
        for kid in kids:
            if self.parted.gone(kid):
                gone += 1
                self.out.put(kid.start, kid.end)
                self._count(kid)
            elif isinstance(kid, Frame):
                self.trailer(kid.trailer, self._kids(kid.kids))
            elif self.parted.touched(kid):
                changed = self.claims(kid.number)
                self.removed.levels += changed.levels
                self.removed.renumbered += changed.renumbered
        return gone

    def _count(self, kid: Kid) -> None:
        if isinstance(kid, Frame):
            self.removed.interchanges += kid.header.id == "ISA"
            self.removed.groups += kid.header.id == "GS"
            for one in kid.kids:
                self._count(one)
        else:
            index = self.parted.batch.index
            self.removed.transactions += 1
            self.removed.levels += bisect_left(index.hl_start, kid.end) - bisect_left(
                index.hl_start, kid.start
            )


class Held(_Output):
    """What is held: the held claims with all that stands above them, under new control numbers.

    With `everything` nothing is released, and all of the input is here: also what is no transaction set.
    """

    def __init__(self, parted: Parted, numbers: Numbers, *, everything: bool) -> None:
        super().__init__(parted, HELD)
        self._numbers, self._everything = numbers, everything
        data = parted.batch.source.data
        before = _BEFORE.match(data)
        self._at = before.end() if before else 0
        self._kids(parted.frames)
        self._reach(len(data))

    def _reach(self, start: int) -> None:
        """Go on at `start`: what stands before it is not held."""
        if start > self._at and not self._everything:
            self.out.put(self._at, start)
        self._at = start

    def _kids(self, kids: Sequence[Kid]) -> int:
        """Write down what becomes of `kids`; count those that are not here."""
        absent = 0
        for kid in kids:
            if not (self.parted.touched(kid) or self._everything):
                absent += 1
                continue
            self._reach(kid.start)
            if isinstance(kid, Frame):
                self._frame(kid)
            else:
                if kid.number != NONE:
                    self._set(kid.number)
                self.passing.at(kid.end)
            self._at = kid.end
        return absent

    def _frame(self, frame: Frame) -> None:
        numbers = self._numbers.isa13 if frame.header.id == "ISA" else self._numbers.gs06
        new = numbers[frame.number]
        self._renew(frame.header, new)
        self._at = frame.inner
        absent = self._kids(frame.kids)
        if frame.trailer:
            self._reach(frame.trailer.start)
            self.trailer(frame.trailer, absent, frame.header, new)

    def _set(self, number: int) -> None:
        batch = self.parted.batch
        st, bht = heads(batch, number)
        new = self._numbers.st02[number]
        self._renew(st, new)
        if bht:
            self._renew(bht, self._numbers.bht03[number])
        if self.parted.stand[number] == BOTH:
            self.claims(number, st, new)
        else:
            self.trailer(trailer_of(batch, number), 0, st, new)

    def _renew(self, segment: Segment, new: bytes) -> None:
        if new:
            self.out.put(*segment.spot(_NUMBER[segment.id])[1:], new)


@lru_cache(maxsize=64)
def _leading(delimiters: Delimiters) -> bytes:
    return bytes(set(LEADING) - set(delimiters.terminator) - set(delimiters.element))


@lru_cache(maxsize=64)
def _signs(delimiters: Delimiters) -> tuple[bytes, ...]:
    """Without one of these, every terminator has a segment before it."""
    line_ends = (bytes([blank]) for blank in _leading(delimiters) if blank != ord(" "))
    return (*line_ends, delimiters.terminator * 2, delimiters.terminator + b" ")


@lru_cache(maxsize=64)
def _empty(delimiters: Delimiters) -> re.Pattern[bytes]:
    """A terminator that no segment stands before, where blanks are left out."""
    t = re.escape(delimiters.terminator)
    return re.compile(b"(?<=" + t + b")" + t)
