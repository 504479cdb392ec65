"""The envelope as a tree of spans: interchanges, groups, transaction sets, and what stands between them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from loops import Segment
from loops.scan import NONE
from loops.walker import LEADING

if TYPE_CHECKING:
    from loops import Batch
    from loops.delimiters import Delimiters
    from loops.source import Buffer, Source

_BETWEEN: Final = re.compile(rb"[\s\0\x1a]*")
_HEAD: Final = 1024
_HEADERS: Final = frozenset({"BHT", "HL", "CLM", "SE"})  # where the search for BHT ends
_KEPT: Final = 4 << 20


class Passing:
    """Lets go of what was read of a source on the way through it: memory must not grow with the file."""

    __slots__ = ("_far", "_source")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._far = _KEPT

    def at(self, position: int) -> None:
        """Say that all before `position` will hardly be read again."""
        if position >= self._far:
            self._source.release(self._far - _KEPT, position)
            self._far = position + _KEPT


class Transaction(NamedTuple):
    """A transaction set, ST to the start of what follows SE.

    `ordinal` counts all of the source from 0, `number` those that are 837P (`NONE` for one of another kind).
    """

    ordinal: int
    number: int
    start: int
    end: int


@dataclass(slots=True)
class Frame:
    """An interchange or group: header, kids, trailer.

    `number` is its ordinal in the index. The header is ``[start, inner)``; `end` is where the next thing
    starts: line ends belong to what they follow. `solid` is whether nothing stands between header, kids and
    trailer; else something is there that is no transaction set.
    """

    number: int
    header: Segment
    start: int
    inner: int
    end: int
    trailer: Segment | None = None
    kids: list[Kid] = field(default_factory=list)
    solid: bool = False

    def sets(self) -> Iterator[Transaction]:
        """The transaction sets within, in order."""
        for kid in self.kids:
            if isinstance(kid, Frame):
                yield from kid.sets()
            else:
                yield kid


Kid: TypeAlias = "Frame | Transaction"
_Found: TypeAlias = tuple[int, int, int, int]  # ordinal, number, start, end


def frames(batch: Batch) -> Iterator[Frame]:
    """The interchanges of a batch in order."""
    index, data = batch.index, batch.source.data
    found = [(one, end, n) for n, (one, end) in enumerate(zip(index.set_start, index.set_end, strict=True))]
    found += [(foreign.start, foreign.end, NONE) for foreign in index.foreign]
    found.sort()
    sets = deque((n, which, start, end) for n, (start, end, which) in enumerate(found))
    passing = Passing(batch.source)
    groups = deque((n, group.start) for n, group in enumerate(index.groups))
    for number, (isa, stop) in enumerate(zip(index.isas, index.isa_end, strict=True)):
        space = _Space(data, isa.delimiters, passing)
        header = Segment("ISA_LOOP", isa.raw.decode("latin-1"), isa.start, isa.delimiters)
        frame = Frame(number, header, isa.start, space.after(isa.end), _past(_BETWEEN, data, stop))
        frame.trailer = last_segment(data, isa.end, stop, isa.delimiters, "IEA")
        inside = frame.trailer.start if frame.trailer else stop
        frame.kids += space.sets(sets, groups[0][1] if groups else inside, inside)
        while groups and groups[0][1] < stop:
            one, start = groups.popleft()
            bound = min(groups[0][1], inside) if groups else inside
            frame.kids.append(_group(space, one, start, bound, sets))
        frame.solid = _follow(frame, inside)
        yield frame


def _group(space: _Space, number: int, start: int, bound: int, sets: deque[_Found]) -> Frame:
    header = space.segment(start, bound)
    frame = Frame(number, header, start, space.after(header.end + 1), bound)
    frame.kids += space.sets(sets, bound, bound)
    frame.trailer = space.next("GE", frame.kids[-1].end if frame.kids else frame.inner, bound)
    if frame.trailer:
        frame.end = min(space.after(frame.trailer.end + 1), bound)
    frame.solid = _follow(frame, frame.trailer.start if frame.trailer else bound)
    return frame


def _follow(frame: Frame, inside: int) -> bool:
    """Whether the kids follow one another from the header to `inside`."""
    places = [frame.inner, *(kid.end for kid in frame.kids)]
    return places == [*(kid.start for kid in frame.kids), inside]


def _past(pattern: re.Pattern[bytes], data: Buffer, position: int) -> int:
    found = pattern.match(data, position)
    return found.end() if found else position


class _Space:
    """Looks for segments between those that the index knows."""

    def __init__(self, data: Buffer, delimiters: Delimiters, passing: Passing) -> None:
        self._data, self._delimiters, self._passing = data, delimiters, passing
        self._blanks = blanks(delimiters)

    def after(self, position: int) -> int:
        """Where the next segment starts when one ends at `position`."""
        return _past(self._blanks, self._data, position)

    def segment(self, start: int, bound: int) -> Segment:
        """The segment at `start`, that ends before `bound` if no terminator comes."""
        return segment(self._data, start, bound, self._delimiters)

    def next(self, id_: str, start: int, bound: int) -> Segment | None:
        """The first segment of that id in ``[start, bound)``, where a segment starts at `start`."""
        first = self.segment(start, bound)
        if first.id == id_:
            return first
        found = _named(self._delimiters, id_).search(self._data, start, bound)
        return self.segment(found.start(1), bound) if found else None

    def sets(self, waiting: deque[_Found], before: int, bound: int) -> Iterator[Transaction]:
        """Take those that start before `before` out of `waiting`; they end at `bound` at the latest."""
        while waiting and waiting[0][2] < before:
            ordinal, number, start, close = waiting.popleft()
            self._passing.at(start)
            yield Transaction(ordinal, number, start, min(self.after(close), bound))


@lru_cache(maxsize=64)
def blanks(delimiters: Delimiters) -> re.Pattern[bytes]:
    """What may stand between a segment terminator and the next segment."""
    leading = set(LEADING) - set(delimiters.terminator) - set(delimiters.element)
    return re.compile(b"[" + re.escape(bytes(sorted(leading))) + b"]*")


@lru_cache(maxsize=64)
def _named(delimiters: Delimiters, id_: str) -> re.Pattern[bytes]:
    """A segment of that id, found by the terminator before it."""
    e, t = re.escape(delimiters.element), re.escape(delimiters.terminator)
    return re.compile(t + blanks(delimiters).pattern + b"(" + id_.encode() + e + b")")


def segment(data: Buffer, start: int, bound: int, delimiters: Delimiters) -> Segment:
    """The segment whose id stands at `start`; one that has no terminator before `bound` ends there."""
    found = data.find(delimiters.terminator, start, bound)
    text = data[start : found if found >= 0 else bound]
    return Segment("", text.decode("latin-1"), start, delimiters)


def last_segment(data: Buffer, start: int, end: int, delimiters: Delimiters, id_: str) -> Segment | None:
    """The last segment of ``[start, end)``, if it has that id; a last terminator may be missing."""
    stop = end - 1 if data[end - 1 : end] == delimiters.terminator else end
    begin = _past(blanks(delimiters), data, data.rfind(delimiters.terminator, start, stop) + 1)
    if not start <= begin < stop:
        return None
    text = data[begin:stop].rstrip(b"\r\n\t \0\x1a").decode("latin-1")
    found = Segment("", text, begin, delimiters)
    return found if found.id == id_ else None


def trailer_of(batch: Batch, number: int) -> Segment | None:
    """SE of an 837P set; None where it has none, or is cut off in it."""
    index, data = batch.index, batch.source.data
    delimiters, end = index.isas[index.set_isa[number]].delimiters, index.set_end[number]
    if data[end - 1 : end] != delimiters.terminator:
        return None
    return last_segment(data, index.set_start[number], end, delimiters, "SE")


def all_heads(batch: Batch, numbers: Iterable[int]) -> Iterator[tuple[Segment, Segment | None]]:
    """ST and BHT of each of some 837P sets, in order."""
    passing = Passing(batch.source)
    for number in numbers:
        passing.at(batch.index.set_start[number])
        yield heads(batch, number)


def heads(batch: Batch, number: int) -> tuple[Segment, Segment | None]:
    """ST and BHT of an 837P set; None where there is no BHT before its first HL."""
    index = batch.index
    start = index.set_start[number]
    bound = min(index.set_end[number], start + _HEAD)
    delimiters = index.isas[index.set_isa[number]].delimiters
    data, skip = batch.source.data, blanks(delimiters)
    st = found = segment(data, start, bound, delimiters)
    while found.end + 1 < bound and (found is st or found.id not in _HEADERS):
        found = segment(data, _past(skip, data, found.end + 1), bound, delimiters)
    return st, found if found.id == "BHT" else None
