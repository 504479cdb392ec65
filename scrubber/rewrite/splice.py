"""Splice edits into bytes: what nobody edited comes out as it came in.

An edit is ``[start, end)`` of the source, the bytes that stand there, and the
bytes that shall stand there. Edits that overlap or touch are refused, for
their outcome would depend on an order nobody stated. A batch may have so many
that they never stand in memory together: those of a whole file come by place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from loops.source import Buffer, Source
from scrubber.errors import GuardError
from scrubber.finding import Edit

BLOCK: Final = 1 << 20


def touch(one: Edit, other: Edit) -> bool:
    """Whether two edits overlap, touch at an end, or insert at one spot."""
    return one.start <= other.end and other.start <= one.end


def in_order(edits: Iterable[Edit]) -> list[Edit]:
    """The edits by place. Raises GuardError when two of them overlap or touch."""
    return list(apart(sorted(edits, key=lambda edit: (edit.start, edit.end))))


def apart(edits: Iterable[Edit]) -> Iterator[Edit]:
    """The edits one after another. Raises GuardError at one that does not stand apart behind the last."""
    last = None
    for edit in edits:
        if last is not None and edit.start <= last.end:
            raise GuardError(f"two edits meet at byte {edit.start}, or come in no order: neither is made")
        yield edit
        last = edit


def splice(source: Source, edits: Iterable[Edit], out: BinaryIO) -> None:
    """Write `source` with `edits`, which come by place, made to `out`; in memory are a few blocks.

    Raises GuardError when edits overlap, touch or come in another order, or stand on other bytes than
    they say; then `out` holds a part.
    """
    pour(source, _spans(source, edits), out)


def _spans(source: Source, edits: Iterable[Edit]) -> Iterator[tuple[int, int, bytes]]:
    for edit in apart(edits):
        expect(source.data, edit)
        yield edit.start, edit.end, edit.after


def pour(source: Source, spans: Iterable[tuple[int, int, bytes]], out: BinaryIO) -> None:
    """Write `source` to `out` with other bytes in the place of `spans`: start, end, new bytes.

    Spans stand in order and apart; they may be as many as there are segments. Raises GuardError at one that
    does not stand behind the one before it, or within the source.
    """
    data, size, position, released = source.data, len(source.data), 0, 0
    pieces: list[bytes] = []
    waiting = 0
    for start, end, after in spans:
        if not position <= start <= end <= size:
            raise GuardError(f"the edit at byte {start} does not follow the one before it: it is not made")
        kept = start - position
        if waiting + kept > BLOCK:
            out.write(b"".join(pieces))
            pieces, waiting = [], 0
            source.release(released, position)
            released = position
        if kept > BLOCK:
            _copy(source, position, start, out)
        else:
            pieces.append(data[position:start])
            waiting += kept
        pieces.append(after)
        waiting += len(after)
        position = end
    out.write(b"".join(pieces))
    _copy(source, position, len(source), out)


def spliced(data: bytes, edits: Iterable[Edit]) -> bytes:
    """`data` with `edits` made; raises as `splice` does."""
    pieces, position = [], 0
    for edit in in_order(edits):
        expect(data, edit)
        pieces += [data[position : edit.start], edit.after]
        position = edit.end
    return b"".join((*pieces, data[position:]))


def expect(data: Buffer, edit: Edit) -> None:
    """Raise GuardError unless the bytes that `edit` replaces stand where it says."""
    inside = 0 <= edit.start <= edit.end <= len(data)
    if not inside or bytes(data[edit.start : edit.end]) != edit.before:
        raise GuardError(f"an edit expects other bytes than stand at byte {edit.start}: it is not made")


def moved(edits: Iterable[Edit], by: int) -> tuple[Edit, ...]:
    """The same edits, `by` bytes further on."""
    return tuple(Edit(edit.start + by, edit.end + by, edit.before, edit.after) for edit in edits)


def undoing(edits: Iterable[Edit]) -> Iterator[Edit]:
    """The edits that turn the outcome of `edits`, which come by place, into the original again."""
    return (back for _, back in there_and_back(edits))


def there_and_back(edits: Iterable[Edit]) -> Iterator[tuple[Edit, Edit]]:
    """Each of the edits, which come by place, with the one that undoes it. Raises as `apart` does."""
    shift = 0
    for edit in apart(edits):
        start = edit.start + shift
        yield edit, Edit(start, start + len(edit.after), edit.after, edit.before)
        shift += len(edit.after) - len(edit.before)


class Behind:
    """Lets go of what was read of a source behind the place that a walk has come to."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._released = 0

    def at(self, place: int) -> None:
        """The walk has come to this place; it is not asked to go back."""
        if place - self._released > BLOCK:
            self._source.release(self._released, place)
            self._released = place


@dataclass(frozen=True, slots=True)
class Joint:
    """An edit of the original, and the edits of the first and the second round that it comes from."""

    edit: Edit
    first: tuple[Edit, ...]
    second: tuple[Edit, ...]


def composed(original: bytes, first: Sequence[Edit], second: Sequence[Edit]) -> list[Joint]:
    """The edits that do to `original` what `first` does and then `second`, whose places are of the outcome.

    Where the two touch, one edit comes of them. One that changes nothing in the end is left out.
    """
    first, second = in_order(first), in_order(second)
    middle = spliced(original, first)
    found, shift = [], 0  # shift: a place of the middle less its place in the original
    for cluster in _clusters(first, second):
        grown = sum(len(edit.after) - len(edit.before) for edit in cluster.first)
        low, high = cluster.start - shift, cluster.end - shift - grown
        after = spliced(middle[cluster.start : cluster.end], moved(cluster.second, -cluster.start))
        if original[low:high] != after:
            edit = Edit(low, high, original[low:high], after)
            found.append(Joint(edit, tuple(cluster.first), tuple(cluster.second)))
        shift += grown
    return found


@dataclass(slots=True)
class _Cluster:
    """Edits of two rounds that touch, and the span of the middle that they cover."""

    start: int
    end: int
    first: list[Edit] = field(default_factory=list)
    second: list[Edit] = field(default_factory=list)


def _clusters(first: list[Edit], second: list[Edit]) -> list[_Cluster]:
    spans = [(back.start, back.end, 0, edit) for edit, back in there_and_back(first)]
    spans += [(edit.start, edit.end, 1, edit) for edit in second]
    clusters: list[_Cluster] = []
    for start, end, turn, edit in sorted(spans, key=lambda span: span[:3]):
        if not clusters or start > clusters[-1].end:
            clusters.append(_Cluster(start, end))
        cluster = clusters[-1]
        cluster.end = max(cluster.end, end)
        (cluster.second if turn else cluster.first).append(edit)
    return clusters


def _copy(source: Source, start: int, end: int, out: BinaryIO) -> None:
    for position in range(start, end, BLOCK):
        stop = min(position + BLOCK, end)
        out.write(source.data[position:stop])
        source.release(position, stop)
