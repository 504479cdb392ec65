"""Changes as a person reads them: the segments as they were and as they are, whose, and by which rule."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from loops import Batch, Segment
from loops.delimiters import Delimiters
from scrubber.finding import Edit
from scrubber.report.mask import mask
from scrubber.report.paint import clean
from scrubber.rewrite.changes import Change
from scrubber.rewrite.splice import Behind, moved, spliced

_CODES_ONLY: Final = frozenset({"SV1", "SV5", "SVD", "LIN", "CTP", "HI", "CLM"})
_Spans = list[tuple[int, int]]


def difference(batch: Batch, changes: Iterable[Change], *, masked: bool = True) -> Iterator[str]:
    """Lines without line ends: a head, the segments that `changes` (by place) alter as they were and are.

    With `masked` data of persons is replaced by x. The changed bytes
    themselves are shown where they stand in a segment that holds codes only.
    """
    for start, end, made in _windows(batch, changes):
        delimiters = _delimiters(batch, start)
        old = bytes(batch.source.data[start:end])
        edits = moved([change.edit for change in made], -start)
        yield _head(batch.name, made)
        for line in _shown(old, delimiters, _old_spans(edits), masked=masked):
            yield f"- {line}"
        for line in _shown(spliced(old, edits), delimiters, _new_spans(edits), masked=masked):
            yield f"+ {line}"


def _head(name: str, made: Sequence[Change]) -> str:
    first = made[0]
    by = dict.fromkeys(f"{one.rule} {one.title}" for change in made for one in change.by)
    claim = f"claim {first.claim} " if first.claim_index else ""
    line = f"line {first.by[0].line} " if first.by[0].line else ""
    return clean(f"{name}: {claim}{line}{first.by[0].place}: {'; '.join(by)}")


def _windows(batch: Batch, changes: Iterable[Change]) -> Iterator[tuple[int, int, list[Change]]]:
    """The changes by the whole segments [start, end) that they alter, those of the same segments together."""
    start = end = 0
    made: list[Change] = []
    behind = Behind(batch.source)
    for change in changes:
        behind.at(start)
        begins, ends = _window(batch, change.edit)
        if made and begins >= end:
            yield start, end, made
            made = []
        start, end = (start, max(end, ends)) if made else (begins, ends)
        made.append(change)
    if made:
        yield start, end, made


def _window(batch: Batch, edit: Edit) -> tuple[int, int]:
    data, terminator = batch.source.data, _delimiters(batch, edit.start).terminator
    start = data.rfind(terminator, 0, edit.start) + 1
    last = edit.end - (edit.before[-1:] == terminator)
    end = data.find(terminator, last) + 1
    return start, end or len(batch.source)


def _delimiters(batch: Batch, place: int) -> Delimiters:
    number = bisect_right([isa.start for isa in batch.index.isas], place) - 1
    return batch.index.isas[max(number, 0)].delimiters


def _old_spans(edits: Iterable[Edit]) -> _Spans:
    return [(edit.start, edit.end) for edit in edits]


def _new_spans(edits: Iterable[Edit]) -> _Spans:
    spans, shift = [], 0
    for edit in edits:
        spans.append((edit.start + shift, edit.start + shift + len(edit.after)))
        shift += len(edit.after) - len(edit.before)
    return spans


def _shown(data: bytes, delimiters: Delimiters, spans: _Spans, *, masked: bool) -> Iterator[str]:
    """The segments of `data`, one after another, as they may be shown."""
    terminator, position = delimiters.terminator, 0
    for piece in data.split(terminator):
        raw = piece.lstrip()
        start = position + len(piece) - len(raw)
        position += len(piece) + len(terminator)
        if raw:
            segment = Segment("", raw.decode("latin-1"), start, delimiters)
            yield clean(_masked(segment, spans) if masked else raw.decode("latin-1")) + _mark(terminator)


def _masked(segment: Segment, spans: _Spans) -> str:
    raw, shown = segment.raw.decode("latin-1"), mask(segment)
    if segment.id in _CODES_ONLY:
        for one, other in spans:
            start, end = (min(max(place - segment.start, 0), len(raw)) for place in (one, other))
            shown = shown[:start] + raw[start:end] + shown[end:]
    return shown


def _mark(terminator: bytes) -> str:
    return clean(terminator.decode("latin-1").strip())
