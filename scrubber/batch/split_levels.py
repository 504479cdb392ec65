"""The hierarchical levels of one transaction set: which go when claims go, the numbers of those that stay.

Source: 005010X222A1, HL in loops 2000A, 2000B, 2000C: HL01 counts from 1 in each ST, HL02 names the level
above (none for 20), HL04 says whether levels below follow.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from scrubber.batch.split_frames import Passing, trailer_of

if TYPE_CHECKING:
    from loops import Batch
    from loops.delimiters import Delimiters
    from scrubber.batch.split_patch import Patching

BILLING, SUBSCRIBER, PATIENT = 20, 22, 23
_NOBODY: Final = -1


class Changed(NamedTuple):
    """How many levels were taken out, and how many were given another number."""

    levels: int
    renumbered: int


class Levels:
    """The levels of transaction set `number` (from 0), counted from 0 within it, and the claims under them.

    `fault` is why claims cannot be taken out of the set one by one, in a line; empty when they can. Claims
    have the numbers of the batch; `hold` has a byte for each of them, 1 where it is held. `passing` hears how
    far in the source a pass over several sets is.
    """

    def __init__(self, batch: Batch, number: int, passing: Passing) -> None:
        index = batch.index
        start, end = index.set_start[number], index.set_end[number]
        self._batch = batch
        self._delimiters = index.isas[index.set_isa[number]].delimiters
        self._starts = index.hl_start[bisect_left(index.hl_start, start) : bisect_left(index.hl_start, end)]
        self._match = _hl(self._delimiters).match
        self._kind = bytearray()
        self._parent = array("i")
        self._claims = array("I")  # the first claim under each level; after the last level the first of none
        self.trailer = trailer_of(batch, number)
        self.fault = self._trouble(start, end, passing)

    def _trouble(self, start: int, end: int, passing: Passing) -> str:
        if self.trailer is None:
            return "its transaction set has no SE"
        wrong = self._read(passing)
        if wrong:
            return f"HL number {wrong} of its transaction set is not numbered as the guide wants it"
        claims = self._batch.index.claim_start
        first, stop = bisect_left(claims, start), bisect_left(claims, end)
        low = first
        for level in self._starts:
            low = bisect_left(claims, level, low, stop)
            self._claims.append(low)
        self._claims.append(stop)
        if self._claims[0] != first or any(
            self._own(level) for level, kind in enumerate(self._kind) if kind == BILLING
        ):
            return "a claim of its transaction set stands under no subscriber"
        return ""

    def _read(self, passing: Passing) -> int:
        """Read HL01 to HL03; return the ordinal (from 1) of the first HL that is wrong, or 0."""
        data, match = self._batch.source.data, self._match
        billing = subscriber = _NOBODY
        for ordinal, place in enumerate(self._starts):
            passing.at(place)
            found = match(data, place)
            if found is None or int(found[1]) != ordinal + 1:
                return ordinal + 1
            kind = int(found[3])
            parent = {BILLING: _NOBODY, SUBSCRIBER: billing, PATIENT: subscriber}[kind]
            if int(found[2] or 0) != parent + 1 or (parent == _NOBODY) != (kind == BILLING):
                return ordinal + 1
            if kind == BILLING:
                billing, subscriber = ordinal, _NOBODY
            elif kind == SUBSCRIBER:
                subscriber = ordinal
            self._kind.append(kind)
            self._parent.append(parent)
        return 0

    def _own(self, level: int) -> int:
        return self._claims[level + 1] - self._claims[level]

    def torn(self, hold: bytearray) -> Iterator[range]:
        """The claims of each subscriber loop that `hold` would tear apart.

        Where a subscriber's own claims and those of dependents stand in one loop 2000B, SBR02 and 2010BA
        speak of the subscriber as the patient. An output with the dependents alone would say so too, which
        the guide does not want.
        """
        dependents: dict[int, list[int]] = {}
        for level, kind in enumerate(self._kind):
            if kind == PATIENT and self._own(self._parent[level]):
                dependents.setdefault(self._parent[level], []).append(level)
        for subscriber, levels in dependents.items():
            claims = range(self._claims[subscriber], self._claims[levels[-1] + 1])
            own, theirs = claims[: self._own(subscriber)], claims[self._own(subscriber) :]
            for side in (0, 1):
                if not _count(hold, side, own) and _count(hold, side, theirs):
                    yield claims

    def take_out(self, hold: bytearray, side: int, out: Patching, passing: Passing) -> Changed:
        """Take claims out of an output that are not of its `side` (0 released, 1 held), and what held them.

        A level that had neither claims nor levels below it on arrival is released.
        """
        alive, below, left = self._living(hold, side)
        claims, put = self._claims, out.put
        starts, ends = self._batch.index.claim_start, self._batch.index.claim_end
        assert self.trailer is not None
        stops = self._starts[1:]
        stops.append(self.trailer.start)
        number, made, renumbered = _zeros(len(alive)), 0, 0
        for level, (start, stop) in enumerate(zip(self._starts, stops, strict=True)):
            if not alive[level]:
                put(start, stop)
                continue
            made += 1
            number[level] = made
            if made != level + 1 or below[level] != left[level]:
                renumbered += made != level + 1
                parent = self._parent[level]
                self._renumber(start, level, made, 0 if parent == _NOBODY else number[parent], out)
                if below[level] != left[level]:
                    self._say_below(start, b"1" if left[level] else b"0", out)
                passing.at(start)
            claim = hold.find(1 - side, claims[level], claims[level + 1])
            while claim >= 0:
                put(starts[claim], ends[claim])
                claim = hold.find(1 - side, claim + 1, claims[level + 1])
        return Changed(len(alive) - made, renumbered)

    def _renumber(self, start: int, level: int, made: int, parent: int, out: Patching) -> None:
        """Write HL01 `made` and HL02 `parent`, where they are not that already."""
        if made == level + 1:  # and so is its parent's number
            return
        found = self._match(self._batch.source.data, start)
        assert found is not None
        if parent == self._parent[level] + 1:
            out.put(found.start(1), found.end(1), b"%d" % made)
        else:
            out.put(found.start(1), found.end(2), b"%d%b%d" % (made, self._delimiters.element, parent))

    def _say_below(self, start: int, after: bytes, out: Patching) -> None:
        """Write HL04, where it is not `after` already."""
        found = self._match(self._batch.source.data, start)
        assert found is not None
        if found[4] not in (None, after):
            out.put(found.start(4), found.end(4), after)

    def _living(self, hold: bytearray, side: int) -> tuple[bytearray, array[int], array[int]]:
        """Whether each level stays; how many levels stood below it, and how many are left there."""
        count = len(self._starts)
        alive, below, left = bytearray(count), _zeros(count), _zeros(count)
        for level in reversed(range(count)):
            first, last = self._claims[level], self._claims[level + 1]
            idle = side == 0 and first == last and not below[level]
            alive[level] = idle or left[level] > 0 or hold.find(side, first, last) >= 0
            parent = self._parent[level]
            if parent != _NOBODY:
                below[parent] += 1
                left[parent] += alive[level]
        return alive, below, left


def _zeros(count: int) -> array[int]:
    return array("I", (0,)) * count


def _count(hold: bytearray, side: int, claims: range) -> int:
    return hold.count(side, claims.start, claims.stop)


@lru_cache(maxsize=64)
def _hl(delimiters: Delimiters) -> re.Pattern[bytes]:
    e, t = re.escape(delimiters.element), re.escape(delimiters.terminator)
    return re.compile(
        b"HL" + e + rb"(\d{1,9})" + e + rb"(\d{0,9})" + e + b"(20|22|23)"
        b"(?:" + e + b"([^" + e + t + b"]*))?(?=[" + e + t + b"])"
    )  # fmt: skip
