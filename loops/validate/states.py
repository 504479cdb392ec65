"""Where the walk stands, exactly: the place, and every count that can still be looked at.

The semantics are pyx12 4.0.0's ``map_walker`` (pyx12 is the reference for what
a guide validator reports), the code is our own. A `State` keeps the counts of
the places and loops that a later segment may still be compared with, each
capped where more makes no difference. So states are few (some hundred for any
batch), a `Transition` depends on the state and the segment's key alone, and
each is worked out once and remembered.

The two large maxima, 100 claims in loop 2300 and 50 lines in loop 2400, would
multiply the states; whoever follows the walk counts those two himself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from loops.guide import Loop, SegmentPlace

if TYPE_CHECKING:
    from loops.guide import Guide

COUNTED_OUTSIDE: Final = frozenset({"2300", "2400"})
NOT_FOUND, MISSING, LOOP_OVER, SEGMENT_OVER = "1", "3", "4", "5"  # 999 IK304


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of structure: 999 IK304 `code`; `id` and `place` of the segment it is filed under.

    `place` is None when the segment fits nowhere.
    """

    code: str
    id: str
    place: SegmentPlace | None


Counts = tuple[tuple[str, int], ...]


class State:
    """A standing of the walk: the last place found and the counts that matter; one object per standing."""

    __slots__ = ("counts", "place")

    def __init__(self, place: SegmentPlace | None, counts: Counts) -> None:
        self.place = place
        self.counts = counts


@dataclass(frozen=True, slots=True)
class Found:
    """Answer of one step: the place (None: fits nowhere), the faults, the state after it."""

    place: SegmentPlace | None
    faults: tuple[Fault, ...]
    state: State


class States:
    """Every state met so far, and the exact step from one to the next."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide
        self._states: dict[tuple[SegmentPlace | None, Counts], State] = {}
        self.start = self._state(None, {})
        self._isa = next(place for place in guide.places if place.id == "ISA")
        self._gs = next(place for place in guide.places if place.id == "GS")

    def __len__(self) -> int:
        return len(self._states)

    def step(self, state: State, id_: str, qualifier: bytes) -> Found:
        """Where a segment with `id_` and `qualifier` goes, and what its coming there reveals.

        ISA and GS go to their places whatever is open: they are never out of order.
        """
        walk = _Walk(state.counts)
        if id_ in ("ISA", "GS"):
            place = self._isa if id_ == "ISA" else self._gs
            walk.enter(place.loop)
            return Found(place, (), self._state(place, walk.counts))
        here = state.place
        loop, position = (here.loop, here.position) if here else (self._guide.root, 0)
        while True:
            found = walk.scan(loop, position, id_, qualifier)
            if found is not None:
                return Found(found, tuple(walk.faults), self._state(found, walk.counts))
            if loop.parent is None:
                return Found(None, (Fault(NOT_FOUND, id_, None),), state)
            position, loop = loop.position, loop.parent

    def _state(self, place: SegmentPlace | None, counts: dict[str, int]) -> State:
        caps = _caps(place) if place else {}
        kept = [(path, min(count, caps[path])) for path, count in counts.items() if count and path in caps]
        key = place, tuple(sorted(kept))
        state = self._states.get(key)
        if state is None:
            state = self._states[key] = State(*key)
        return state


class _Walk:
    """One step: counts going up, missing places gathered, faults told."""

    def __init__(self, counts: Counts) -> None:
        self.counts = dict(counts)
        self.faults: list[Fault] = []
        self._missing: list[SegmentPlace] = []

    def scan(self, loop: Loop, position: int, id_: str, qualifier: bytes) -> SegmentPlace | None:
        """Try the children of `loop` from `position` on."""
        for child in loop.children:
            if child.position < position:
                continue
            if isinstance(child, Loop):
                entered = self._first_match(child, id_, qualifier)
                if entered is not None:
                    return self._enter(entered)
            elif child.id == id_ and child.takes(qualifier):
                return self._take(child, id_, qualifier)
            elif child.usage == "R" and not self.counts.get(child.path):
                self._missing.append(child)
        return None

    def enter(self, loop: Loop) -> None:
        """Count an entry of `loop` and forget what was counted below it."""
        below = loop.path + "/"
        for path in [path for path in self.counts if path.startswith(below)]:
            del self.counts[path]
        self.counts[loop.path] = self.counts.get(loop.path, 0) + 1
        self.counts[_first_place(loop).path] = 1

    def _take(self, place: SegmentPlace, id_: str, qualifier: bytes) -> SegmentPlace:
        first = place.loop.first
        if isinstance(first, SegmentPlace) and first.id == id_ and first.takes(qualifier):
            return self._enter(place.loop)
        count = self.counts[place.path] = self.counts.get(place.path, 0) + 1
        if place.limit is not None and count > place.limit:
            self.faults.append(Fault(SEGMENT_OVER, id_, place))
        # Entries are told apart by id and loop id alone, and those of the same position may still come.
        self._tell(
            m
            for m in self._missing
            if (m.id, m.loop.id) != (place.id, place.loop.id) and m.position != place.position
        )
        return place

    def _enter(self, loop: Loop) -> SegmentPlace:
        self.enter(loop)
        first = _first_place(loop)
        over = loop.limit is not None and self.counts[loop.path] > loop.limit
        if over and loop.id not in COUNTED_OUTSIDE:
            self.faults.append(Fault(LOOP_OVER, first.id, first))
        self._tell(self._missing)
        return first

    def _tell(self, missing: Iterator[SegmentPlace] | list[SegmentPlace]) -> None:
        self.faults += [Fault(MISSING, place.id, place) for place in missing]

    def _first_match(self, loop: Loop, id_: str, qualifier: bytes) -> Loop | None:
        if not loop.children:
            return None
        first = loop.first
        if isinstance(first, Loop):  # a loop that begins with a loop is looked through
            inner = (child for child in loop.children if isinstance(child, Loop))
            matches = (self._first_match(child, id_, qualifier) for child in inner)
            return next((match for match in matches if match), None)
        if first.id == id_ and first.takes(qualifier):
            return loop
        if loop.usage == "R" and not self.counts.get(loop.path):
            self._missing.append(first)
        return None


def _first_place(loop: Loop) -> SegmentPlace:
    first = loop.first
    assert isinstance(first, SegmentPlace)
    return first


@lru_cache(maxsize=1024)
def _caps(place: SegmentPlace) -> dict[str, int]:
    """The counts that a segment after `place` may be compared with, and how far each matters."""
    caps: dict[str, int] = {}
    loop: Loop | None = place.loop
    position = place.position
    while loop is not None:
        if loop.id == "ISA_LOOP":
            position = 0  # ISA and GS are not walked to: nothing here may be forgotten
        for child in loop.children:
            if child.position >= position:
                _add_cap(child, caps)
        position, loop = loop.position, loop.parent
    return caps


def _add_cap(node: Loop | SegmentPlace, caps: dict[str, int]) -> None:
    limit = node.limit
    if isinstance(node, Loop):
        if node.id in COUNTED_OUTSIDE:
            limit = None
    elif node is node.loop.first:
        limit = None
    cap = limit + 1 if limit is not None else 1 if node.usage == "R" else 0
    if cap:
        caps[node.path] = cap
    if isinstance(node, Loop) and node.children and isinstance(node.first, Loop):
        for child in node.children:
            _add_cap(child, caps)
