"""The segments that a fix changes, as they are and as they would be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from scrubber.errors import GuardError
from scrubber.finding import Edit
from scrubber.report.excerpt import delimiters_at
from scrubber.report.mask import masked as hide
from scrubber.rewrite.splice import in_order, moved, spliced, undoing

if TYPE_CHECKING:
    from loops import Batch
    from loops.delimiters import Delimiters

CODES_ONLY: Final = frozenset({"SV1", "SV5", "SVD", "LIN", "CTP", "HI", "CLM"})
"""Segments in which what a fix changes is a code, and is shown though it has not the form of one."""
_LEADING: Final = "\r\n \t"


class Shown(NamedTuple):
    """The text of a segment, one character a byte, and the same as it may be shown."""

    text: str
    shown: str


class Region(NamedTuple):
    """Whole segments [start, end) of the source (last terminator not included) and what takes their place.

    `before` and `after` are not always as many: a fix may add a segment or take one away.
    """

    start: int
    end: int
    delimiters: Delimiters
    before: tuple[Shown, ...]
    after: tuple[Shown, ...]


def regions(batch: Batch, edits: Sequence[Edit], *, masked: bool = True) -> list[Region]:
    """What `edits` of one fix do to the segments they stand in, in the order of the file.

    With `masked` data of persons is replaced by x. Empty when the edits
    cannot be made together: then `scrubber rewrite` refuses them too.
    """
    try:
        return [
            _region(batch, start, end, within, masked=masked) for start, end, within in _spans(batch, edits)
        ]
    except GuardError:
        return []


def _spans(batch: Batch, edits: Sequence[Edit]) -> Iterator[tuple[int, int, list[Edit]]]:
    """Spans of whole segments, each with the edits in it."""
    start, end, within = 0, -1, list[Edit]()
    for edit in in_order(edits):
        first, last = _whole(batch, edit)
        if within and first > end:
            yield start, end, within
            within = []
        start, end = (min(start, first), max(end, last)) if within else (first, last)
        within.append(edit)
    if within:
        yield start, end, within


def _whole(batch: Batch, edit: Edit) -> tuple[int, int]:
    """The span of the segments that an edit stands in."""
    data, terminator = batch.source.data, delimiters_at(batch, edit.start).terminator
    start = data.rfind(terminator, 0, edit.start) + 1
    from_ = edit.end - 1 if edit.before.endswith(terminator) else edit.end
    end = data.find(terminator, from_)
    return start, end if end >= 0 else len(data)


def _region(batch: Batch, start: int, end: int, edits: list[Edit], *, masked: bool) -> Region:
    delimiters = delimiters_at(batch, start)
    # The terminator stays in sight, so that an edit may take it along.
    terminated = bytes(batch.source.data[start : end + 1])
    inside = moved(edits, -start)
    after = spliced(terminated, inside)
    changed = [(edit.start, edit.end) for edit in inside]
    made = [(edit.start, edit.end) for edit in undoing(inside)]
    before = tuple(_shown(terminated, changed, delimiters, masked=masked))
    return Region(start, end, delimiters, before, tuple(_shown(after, made, delimiters, masked=masked)))


def _shown(
    data: bytes, spans: list[tuple[int, int]], delimiters: Delimiters, *, masked: bool
) -> Iterator[Shown]:
    position = 0
    separator = delimiters.terminator.decode("latin-1")
    for piece in data.decode("latin-1").split(separator):
        text = piece.lstrip(_LEADING)
        start = position + len(piece) - len(text)
        position += len(piece) + 1
        if not text:
            continue
        shown = hide(text, delimiters) if masked else text
        if text[: text.find(delimiters.element_text)] in CODES_ONLY:
            for first, last in spans:
                low, high = max(first - start, 0), max(last - start, 0)
                shown = shown[:low] + text[low:high] + shown[high:]
        yield Shown(text, shown)
