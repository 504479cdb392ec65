"""Find the place of every segment in the guide: innermost open loop first, remembered per key.

The walk has the semantics of pyx12's walker: from the current place the
children of the open loop at the same or a later position are tried, then those
of its parent from the position just left, up to the root; a loop is entered
only by its first segment; a segment that fits nowhere leaves the place as it
was. The answer depends on the place and the segment's key alone, so it is
worked out once and remembered: a `Step` is a dict from key to the next Step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, count
from operator import add
from typing import TYPE_CHECKING, Final

from loops.guide import Guide, Loop, SegmentPlace, load
from loops.patterns import any_of

if TYPE_CHECKING:
    from loops.delimiters import Delimiters
    from loops.source import Buffer

_REMEMBERED: Final = 1024
_LONGEST_KEY: Final = 64
WINDOW: Final = 1 << 20
LEADING: Final = b"\r\n \t"


class Step(dict[bytes, "Step"]):
    """Where the walk stands after a segment; ``step[key]`` is where it stands after the next.

    `place` is the guide's place of the segment, or None when it fits nowhere;
    `standing` the last place that was found (None before the first).
    """

    __slots__ = ("_learn", "loop_id", "place", "standing")

    def __init__(self, learn: _Learner, place: SegmentPlace | None, standing: SegmentPlace | None) -> None:
        super().__init__()
        self._learn = learn
        self.place = place
        self.standing = standing
        self.loop_id = place.loop.id if place else ""

    def __missing__(self, key: bytes) -> Step:
        step = self._learn.step(self.standing, key)
        if len(self) < _REMEMBERED and len(key) < _LONGEST_KEY:  # garbage must not fill the memory
            self[key] = step
        return step


class _Learner:
    """Works a step out from the guide, the slow way, once per place and key of one set of delimiters."""

    def __init__(self, guide: Guide, delimiters: Delimiters) -> None:
        self._guide = guide
        self._delimiters = delimiters
        self._found: dict[SegmentPlace, Step] = {}
        self._lost: dict[SegmentPlace | None, Step] = {}
        self._reachable: dict[tuple[SegmentPlace | None, str], tuple[SegmentPlace, ...]] = {}
        self.start = Step(self, None, None)

    def step(self, standing: SegmentPlace | None, key: bytes) -> Step:
        id_, qualifier, second = self._split(key)
        for place in self._places(standing, id_):
            if place.takes(qualifier, second):
                return self.at(place)
        if standing not in self._lost:
            self._lost[standing] = Step(self, None, standing)
        return self._lost[standing]

    def at(self, place: SegmentPlace) -> Step:
        if place not in self._found:
            self._found[place] = Step(self, place, place)
        return self._found[place]

    def _places(self, standing: SegmentPlace | None, id_: str) -> tuple[SegmentPlace, ...]:
        if id_ not in self._guide.keys:
            return ()
        if (standing, id_) not in self._reachable:
            self._reachable[standing, id_] = tuple(reachable(self._guide, standing, id_))
        return self._reachable[standing, id_]

    def _split(self, key: bytes) -> tuple[str, bytes, bytes]:
        element, component = self._delimiters.element, self._delimiters.component
        id_, _, rest = key.partition(element)
        qualifier, _, second = rest.partition(element)
        if not id_ and qualifier:
            return "HL", qualifier, b""
        return id_.decode("latin-1"), qualifier.rstrip(component), second


def reachable(guide: Guide, standing: SegmentPlace | None, id_: str) -> Iterator[SegmentPlace]:
    """The places of `id_` that the walk may go to from `standing` (None: before all), nearest first."""
    loop, position = (standing.loop, standing.position) if standing else (guide.root, 0)
    while True:
        for child in loop.children:
            if child.position >= position:
                yield from _entries(child, id_)
        if loop.parent is None:
            return
        position, loop = loop.position, loop.parent


def _entries(child: Loop | SegmentPlace, id_: str) -> Iterator[SegmentPlace]:
    if isinstance(child, SegmentPlace):
        if child.id == id_:
            yield child
    elif child.children and isinstance(child.first, SegmentPlace):
        yield from _entries(child.first, id_)
    else:  # a loop that begins with a loop is looked through
        for inner in child.children:
            if isinstance(inner, Loop):
                yield from _entries(inner, id_)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some consecutive segments: `ends` are the offsets of their terminators, `steps` where each was found.

    `start` is the offset of the first byte; a segment begins after the
    terminator before it, line ends and blanks (`LEADING`) skipped.
    """

    start: int
    ends: list[int]
    steps: list[Step]


class Walker:
    """Walks the segments of one interchange. Get it with `walker`, which remembers what was learned."""

    def __init__(self, delimiters: Delimiters, guide: Guide) -> None:
        self.delimiters = delimiters
        self.leading = _leading(delimiters)
        self._learner = _Learner(guide, delimiters)
        self._keys = re.compile(_key_pattern(guide, delimiters))
        self._starts = {place.path: place for place in reversed(guide.places)}

    @property
    def start(self) -> Step:
        """The step before any segment."""
        return self._learner.start

    def at(self, path: str) -> Step:
        """The step that stands at a place, for instance ``/ISA_LOOP/GS_LOOP/ST_LOOP/DETAIL/2000A/HL``."""
        return self._learner.at(self._starts[path])

    def steps(self, data: bytes, step: Step) -> list[Step]:
        """Where each whole segment of `data` is found, when the walk stands at `step` before the first."""
        # What follows the last terminator is no segment, and a pattern would search it in vain for long.
        keys = self._keys.findall(data, 0, data.rfind(self.delimiters.terminator) + 1)
        return [step := step[key] for key in keys]

    def walk(self, data: bytes, step: Step, offset: int = 0) -> Stretch:
        """Walk the whole segments of `data`, whose first byte stands at `offset`, from `step` on."""
        steps = self.steps(data, step)
        lengths = map(len, data.split(self.delimiters.terminator)[: len(steps)])
        ends = list(map(add, accumulate(lengths), count(offset)))  # as many terminators as segments before
        return Stretch(offset, ends, steps)

    def stretches(self, data: Buffer, start: int, end: int) -> Iterator[Stretch]:
        """Walk ``data[start:end]`` (from ISA on) in windows of about a megabyte."""
        step = self.start
        while start < end:
            stop = window_end(data, start, end, self.delimiters.terminator)
            stretch = self.walk(bytes(data[start:stop]), step, start)
            if stretch.steps:
                step = stretch.steps[-1]
                yield stretch
            start = stop


def window_end(data: Buffer, start: int, end: int, terminator: bytes) -> int:
    """Offset after the first segment terminator that stands a window after `start`, at most `end`."""
    if start + WINDOW >= end:
        return end
    found = data.find(terminator, start + WINDOW, end)
    return end if found < 0 else found + 1


@lru_cache(maxsize=64)
def walker(delimiters: Delimiters) -> Walker:
    """The walker for a set of delimiters, over the guide of 005010X222A1."""
    return Walker(delimiters, load())


def _leading(delimiters: Delimiters) -> bytes:
    """The bytes of `LEADING` that may stand before a segment: not those that separate something."""
    return bytes(byte for byte in LEADING if bytes([byte]) not in (delimiters.element, delimiters.terminator))


def _ids(guide: Guide, key: str) -> bytes:
    return any_of(id_.encode() for id_, where in guide.keys.items() if where == key)


def _key_pattern(guide: Guide, delimiters: Delimiters) -> bytes:
    """One match a segment, its one group the key: the id, and the qualifier where a place of that id has one.

    An HL gives ``*22`` (its key is element 03); a segment that begins with
    separators gives an empty key, so that it cannot pass for an HL.
    """
    e, t, c = (re.escape(d) for d in (delimiters.element, delimiters.terminator, delimiters.component))
    # Nothing here is ever given back once it is taken: so say to the matcher, which need not remember then.
    plain = b"[^" + e + t + b"]*+"
    by_pair = any_of(id_.encode() for id_ in guide.pairs) + (e + plain) * 2
    by_element = _ids(guide, "01") + e + plain
    by_component = _ids(guide, "01-1") + e + b"[^" + e + t + c + b"]*+"
    skip = b"[" + re.escape(_leading(delimiters)) + b"]*+"
    prefix = b"(?:HL" + (e + plain) * 2 + b"(?=" + e + b")|" + e + b"[^" + t + b"]*|)"
    key = b"(" + e + plain + b"|" + by_pair + b"|" + by_element + b"|" + by_component + b"|" + plain + b")"
    return skip + prefix + key + b"[^" + t + b"]*+" + t
