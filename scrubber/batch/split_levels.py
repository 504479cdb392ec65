"""The hierarchical levels of one transaction set: which go when claims go, the numbers of those that stay.

Source: 005010X222A1, HL in loops 2000A, 2000B, 2000C: HL01 counts from 1 in each ST, HL02 names the level
above (none for 20), HL04 says whether levels below follow.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import compress
from typing import TYPE_CHECKING, Final, NamedTuple

from scrubber.batch.split_frames import Passing, trailer_of

if TYPE_CHECKING:
    from loops import Batch
    from loops.delimiters import Delimiters
    from scrubber.batch.split_patch import Patching

BILLING, SUBSCRIBER, PATIENT = 20, 22, 23
_KINDS: Final = {b"20": BILLING, b"22": SUBSCRIBER, b"23": PATIENT}
_NOBODY: Final = -1
_HL01: Final = len("HL*")


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
        first, stop = bisect_left(index.hl_start, start), bisect_left(index.hl_start, end)
        self._starts = memoryview(index.hl_start)[first:stop]  # no copy: there may be a million
        self._kind = bytearray()
        self._parent = array("i")
        self._below = array("I")  # how many levels stand right below each
        self._number_width, self._parent_width = bytearray(), bytearray()  # of HL01 and HL02
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
            while low < stop and claims[low] < level:
                low += 1
            self._claims.append(low)
        self._claims.append(stop)
        if self._claims[0] != first or any(map(self._own, self._of_kind(BILLING))):
            return "a claim of its transaction set stands under no subscriber"
        return ""

    def _read(self, passing: Passing) -> int:
        """Read HL01 to HL03; return the ordinal (from 1) of the first HL that is wrong, or 0."""
        data, match = self._batch.source.data, _hl(self._delimiters).match
        nobody = billing = subscriber = (_NOBODY, b"")  # a level and its HL01
        for level, place in enumerate(self._starts):
            passing.at(place)
            found = match(data, place)
            if found is None:
                return level + 1
            number, above, digits = found.groups()
            kind = _KINDS[digits]
            parent, name = billing if kind == SUBSCRIBER else subscriber if kind == PATIENT else nobody
            named = above == name or int(above or 0) == parent + 1
            if int(number) != level + 1 or not named or (parent == _NOBODY) != (kind == BILLING):
                return level + 1
            if kind == BILLING:
                billing, subscriber = (level, number), nobody
            else:
                self._below[parent] += 1
                if kind == SUBSCRIBER:
                    subscriber = (level, number)
            self._kind.append(kind)
            self._parent.append(parent)
            self._below.append(0)
            self._number_width.append(len(number))
            self._parent_width.append(len(above))
        return 0

    def _of_kind(self, kind: int) -> Iterator[int]:
        """The levels of a kind."""
        level = self._kind.find(kind)
        while level >= 0:
            yield level
            level = self._kind.find(kind, level + 1)

    def _own(self, level: int) -> int:
        return self._claims[level + 1] - self._claims[level]

    def torn(self, hold: bytearray) -> Iterator[range]:
        """The claims of each subscriber loop that `hold` would tear apart.

        Where a subscriber's own claims and those of dependents stand in one loop 2000B, SBR02 and 2010BA
        speak of the subscriber as the patient. An output with the dependents alone would say so too, which
        the guide does not want.
        """
        dependents: dict[int, list[int]] = {}
        for level in self._of_kind(PATIENT):
            if self._own(self._parent[level]):
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
        assert self.trailer is not None
        alive, left = self._living(hold, side)
        claims, below, put = self._claims, self._below, out.put
        starts, ends = self._batch.index.claim_start, self._batch.index.claim_end
        number, made, renumbered = _zeros(len(alive)), 0, 0
        claim = _next(hold, 1 - side, claims[0], claims[-1])  # what goes next
        behind = 0  # the level after the last that stayed
        for level in compress(range(len(alive)), alive):
            if level != behind:
                put(self._starts[behind], self._starts[level])
            made, behind = made + 1, level + 1
            number[level] = made
            if made != behind or below[level] != left[level]:
                start = self._starts[level]
                if made != behind:
                    renumbered += 1
                    self._renumber(start, level, number, out)
                if below[level] != left[level]:
                    self._say_below(start, b"1" if left[level] else b"0", out)
                passing.at(start)
            if claim < claims[level]:
                claim = _next(hold, 1 - side, claims[level], claims[-1])
            while claim < claims[behind]:
                put(starts[claim], ends[claim])
                claim = _next(hold, 1 - side, claim + 1, claims[-1])
        if behind != len(alive):
            put(self._starts[behind], self.trailer.start)
        return Changed(len(alive) - made, renumbered)

    def _renumber(self, start: int, level: int, number: array[int], out: Patching) -> None:
        """Write HL01 out of `number`, and HL02 where that is not what it was."""
        parent = self._parent[level]
        above = 0 if parent == _NOBODY else number[parent]
        start += _HL01
        end = start + self._number_width[level]
        if above == parent + 1:
            out.put(start, end, b"%d" % number[level])
        else:
            end += 1 + self._parent_width[level]
            out.put(start, end, b"%d%b%d" % (number[level], self._delimiters.element, above))

    def _say_below(self, start: int, after: bytes, out: Patching) -> None:
        """Write HL04, where it is there and not `after` already."""
        found = _hl04(self._delimiters).match(self._batch.source.data, start)
        if found and found[1] != after:
            out.put(*found.span(1), after)

    def _living(self, hold: bytearray, side: int) -> tuple[bytearray, array[int]]:
        """Whether each level stays, and how many levels are left right below it."""
        count = len(self._starts)
        if side:  # what is held, and all above it
            alive, left = bytearray(count), _zeros(count)
            for level in self._with_held(hold):
                for one in self._upwards(level):
                    if alive[one]:
                        break
                    alive[one] = 1
                    if self._parent[one] != _NOBODY:
                        left[self._parent[one]] += 1
            return alive, left
        alive, left = bytearray(b"\1") * count, self._below[:]
        for level in self._with_held(hold):
            for one in self._upwards(level):
                if not alive[one] or left[one] or self._owns(hold, side, one):
                    break
                alive[one] = 0
                if self._parent[one] != _NOBODY:
                    left[self._parent[one]] -= 1
        return alive, left

    def _upwards(self, level: int) -> Iterator[int]:
        """A level and those above it."""
        while level != _NOBODY:
            yield level
            level = self._parent[level]

    def _with_held(self, hold: bytearray) -> Iterator[int]:
        """The levels that held claims stand under."""
        claim, stop = _next(hold, 1, self._claims[0], self._claims[-1]), self._claims[-1]
        while claim < stop:
            level = bisect_right(self._claims, claim) - 1
            yield level
            claim = _next(hold, 1, self._claims[level + 1], stop)

    def _owns(self, hold: bytearray, side: int, level: int) -> bool:
        """Whether a claim of that side stands under a level."""
        return hold.find(side, self._claims[level], self._claims[level + 1]) >= 0


def _zeros(count: int) -> array[int]:
    return array("I", (0,)) * count


def _count(hold: bytearray, side: int, claims: range) -> int:
    return hold.count(side, claims.start, claims.stop)


def _next(hold: bytearray, side: int, claim: int, stop: int) -> int:
    """The first claim of that side from `claim` on; `stop` where there is none before that."""
    found = hold.find(side, claim, stop)
    return stop if found < 0 else found


@lru_cache(maxsize=64)
def _hl(delimiters: Delimiters) -> re.Pattern[bytes]:
    """HL with HL01 to HL03."""
    e, t = re.escape(delimiters.element), re.escape(delimiters.terminator)
    numbers = rb"(\d{1,9})" + e + rb"(\d{0,9})" + e
    return re.compile(b"HL" + e + numbers + b"(20|22|23)(?=[" + e + t + b"])")


@lru_cache(maxsize=64)
def _hl04(delimiters: Delimiters) -> re.Pattern[bytes]:
    """HL with HL04."""
    e, t = re.escape(delimiters.element), re.escape(delimiters.terminator)
    return re.compile(
        b"HL" + (e + b"[^" + e + t + b"]*") * 3 + e + b"([^" + e + t + b"]*)(?=[" + e + t + b"])"
    )
