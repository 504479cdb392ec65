"""Changes as a person reads them: the segment as it was and as it is, whose, and by which rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from loops import Batch, Segment
from scrubber.finding import Edit
from scrubber.report.fixed import CODES_ONLY
from scrubber.report.mask import mask
from scrubber.report.paint import clean
from scrubber.rewrite.changes import Change
from scrubber.rewrite.splice import moved, spliced


def difference(batch: Batch, changes: Sequence[Change], *, masked: bool = True) -> Iterator[str]:
    """Lines without line ends, three for each segment that `changes` (by place) of `batch` alter.

    With `masked` data of persons is replaced by x. The changed bytes
    themselves are shown where they stand in a segment that holds codes only.
    """
    for start, group in groupby(changes, key=lambda change: _start(batch, change)):
        made = list(group)
        old = _segment(batch, made[0], start)
        edits = moved([change.edit for change in made], -start)
        new = Segment("", spliced(old.raw, edits).decode("latin-1"), 0, old.delimiters)
        head = made[0]
        by = list(dict.fromkeys(f"{one.rule} {one.title}" for change in made for one in change.by))
        line = f" line {head.by[0].line}" if head.by[0].line else ""
        yield clean(f"{batch.name}: claim {head.claim}{line} {head.by[0].place}: {'; '.join(by)}")
        yield "- " + clean(_shown(old, _old_spans(edits), masked=masked))
        yield "+ " + clean(_shown(new, _new_spans(edits), masked=masked))


def _start(batch: Batch, change: Change) -> int:
    """Offset of the segment that a change alters."""
    data, terminator = batch.source.data, batch.isa(change.claim_index - 1).delimiters.terminator
    start = data.rfind(terminator, 0, change.edit.start) + 1
    while data[start : start + 1].isspace():
        start += 1
    return start


def _segment(batch: Batch, change: Change, start: int) -> Segment:
    delimiters = batch.isa(change.claim_index - 1).delimiters
    end = batch.source.data.find(delimiters.terminator, change.edit.end)
    raw = bytes(batch.source.data[start : end if end >= 0 else len(batch.source)])
    return Segment("", raw.decode("latin-1"), start, delimiters)


def _old_spans(edits: Iterable[Edit]) -> list[tuple[int, int]]:
    return [(edit.start, edit.end) for edit in edits]


def _new_spans(edits: Iterable[Edit]) -> list[tuple[int, int]]:
    spans, shift = [], 0
    for edit in edits:
        spans.append((edit.start + shift, edit.start + shift + len(edit.after)))
        shift += len(edit.after) - len(edit.before)
    return spans


def _shown(segment: Segment, spans: list[tuple[int, int]], *, masked: bool) -> str:
    raw = segment.raw.decode("latin-1")
    shown = mask(segment) if masked else raw
    if segment.id in CODES_ONLY:
        for start, end in spans:
            shown = shown[:start] + raw[start:end] + shown[end:]
    return shown + segment.delimiters.terminator.decode("latin-1").strip()
