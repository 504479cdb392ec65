"""Compare the segments of two claims, lines or HL blocks: by loop, by kind of segment, by element."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import zip_longest
from typing import Final, TypeAlias

from loops import Segment
from loops.guide import load
from scrubber.diff.common import Said, said, texts
from scrubber.diff.model import Change, Kind
from scrubber.diff.pairing import Key, merged, moved, pairs

Loop: TypeAlias = list[Said]

# Their qualifier says what they are about: with another one it is another segment, not a changed one.
_OF_KINDS: Final = frozenset({"REF", "DTP", "AMT", "QTY", "MEA", "NTE", "CRC", "PWK", "CAS", "PER"})


def changes(before: Sequence[Segment], after: Sequence[Segment]) -> tuple[Change, ...]:
    """The changes that make `before` into `after`, in the order of `after`.

    The segments are those of one claim, line or HL block, in their places. Separators do not count,
    nor does what stands between segments.
    """
    return of_said(said(before), said(after))


def of_said(before: Sequence[Said], after: Sequence[Said]) -> tuple[Change, ...]:
    """The same of segments whose text is known."""
    if texts(before) == texts(after) and _places(before) == _places(after):
        return ()
    return tuple(_of_loops(_loops(before), _loops(after)))


def only(before: Iterable[Segment], after: Iterable[Segment]) -> Iterator[Change]:
    """Segments that only one side has."""
    yield from (Change(Kind.REMOVED, segment, None) for segment in before)
    yield from (Change(Kind.ADDED, None, segment) for segment in after)


def _places(parts: Iterable[Said]) -> list[str]:
    return [part.segment.loop for part in parts]


def _loops(parts: Iterable[Said]) -> list[Loop]:
    """The uses of loops, each begun by its first segment; what fits nowhere stays with the loop before it."""
    found: list[Loop] = []
    first: Segment | None = None
    for part in parts:
        segment = part.segment
        if first and (not segment.loop or (segment.loop == first.loop and segment.id != first.id)):
            found[-1].append(part)
        else:
            first = segment
            found.append([part])
    return found


_LOOP_KEYS: Final[tuple[Key[Loop], ...]] = (
    lambda loop: (loop[0].segment.loop, texts(loop)),
    lambda loop: (loop[0].segment.loop, loop[0].text),
    lambda loop: (loop[0].segment.loop, loop[0].segment.text(1)),
    lambda loop: loop[0].segment.loop,
)


def _of_loops(before: list[Loop], after: list[Loop]) -> Iterator[Change]:
    found = pairs(before, after, _LOOP_KEYS)
    same = {i for i, j in found if texts(before[i]) == texts(after[j])}
    away = moved([i for i, _ in found if i in same])
    for i, j in merged(found, len(before), len(after)):
        if i is None or j is None:
            yield from _only(before[i] if i is not None else (), after[j] if j is not None else ())
        elif i in away:
            yield Change(Kind.MOVED, before[i][0].segment, after[j][0].segment)
        elif i not in same:
            yield from _of_segments(before[i], after[j])


def _only(before: Iterable[Said], after: Iterable[Said]) -> Iterator[Change]:
    return only((part.segment for part in before), (part.segment for part in after))


_SEGMENT_KEYS: Final[tuple[Key[Said], ...]] = (
    lambda part: part.text,
    lambda part: (part.segment.id, _qualifier(part.segment)),
    lambda part: None if part.segment.id in _OF_KINDS else part.segment.id,
)


def _of_segments(before: Loop, after: Loop) -> Iterator[Change]:
    found = pairs(before, after, _SEGMENT_KEYS)
    same = {i for i, j in found if before[i].text == after[j].text}
    away = moved([i for i, _ in found if i in same])
    for i, j in merged(found, len(before), len(after)):
        if i is None or j is None:
            yield from _only([before[i]] if i is not None else (), [after[j]] if j is not None else ())
        elif i in away:
            yield Change(Kind.MOVED, before[i].segment, after[j].segment)
        elif i not in same:
            yield from _of_elements(before[i].segment, after[j].segment)


def _of_elements(one: Segment, other: Segment) -> Iterator[Change]:
    before, after = one.texts(len(one.parts) - 1), other.texts(len(other.parts) - 1)
    spelt_alike = one.delimiters.component == other.delimiters.component
    for n, (was, is_) in enumerate(zip_longest(before, after), 1):
        if was is None or is_ is None:
            yield Change(Kind.CHANGED, one, other, n)
        elif was != is_ or not spelt_alike:
            yield from _of_components(one, other, n)


def _of_components(one: Segment, other: Segment, element: int) -> Iterator[Change]:
    before, after = _components(one, element), _components(other, element)
    if before == after:
        return
    if len(before) == len(after) == 1:
        yield Change(Kind.CHANGED, one, other, element)
        return
    for n, (was, is_) in enumerate(zip_longest(before, after), 1):
        if was != is_:
            yield Change(Kind.CHANGED, one, other, element, n)


def _components(segment: Segment, element: int) -> list[str]:
    """The components of an element; ISA16 has none, as it is the separator itself."""
    return [segment.text(element)] if segment.id == "ISA" else segment.components(element)


def _qualifier(segment: Segment) -> str:
    """The element that tells a segment from others of its id in a loop, as the guide has it."""
    where = _keys().get(segment.id, "")
    return segment.text(1, 1) if where == "01-1" else segment.text(int(where)) if where else ""


@cache
def _keys() -> dict[str, str]:
    return load().keys
