"""Keep SE01 in step with the segments that we add; what was wrong on arrival stays wrong by as much."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from loops import Batch, Segment, Spot
from scrubber.finding import Edit, Safety
from scrubber.rewrite.changes import RECOUNT, By, Change
from scrubber.rewrite.splice import Behind

_BY: Final = (By(RECOUNT, None, "ST_LOOP/SE01", Safety.SUGGESTED, "count the segments anew"),)


def with_counts(batch: Batch, changes: Iterable[Change]) -> Iterator[Change]:
    """The changes, which come by place, and behind those of a transaction set the one that counts it anew.

    SE01 (number of segments from ST to SE) moves by as many as they add, so a
    right count stays right. A wrong one is a finding, not ours to mend, and
    must not become right by accident. One that is no number is left alone.
    Such a change belongs to no claim.
    """
    behind = Behind(batch.source)
    for number, inside in groupby(changes, lambda change: _set_of(batch, change.edit)):
        behind.at(batch.index.set_start[max(number, 0)])
        grown = 0
        for change in inside:
            grown += _grown(batch, number, change.edit)
            yield change
        count = se01(batch, number) if grown else None
        if count is not None:
            spot, digits = count
            after = str(int(digits) + grown).zfill(len(digits)).encode("ascii")
            yield Change(Edit(spot.start, spot.end, digits, after), "", 0, _BY)


def _set_of(batch: Batch, edit: Edit) -> int:
    """The number (from 0) of the transaction set in which an edit stands; -1 for none."""
    number = bisect_right(batch.index.set_start, edit.start) - 1
    return number if number >= 0 and edit.start < batch.index.set_end[number] else -1


def _grown(batch: Batch, number: int, edit: Edit) -> int:
    """How many segments an edit adds to a transaction set."""
    if number < 0:
        return 0
    terminator = batch.index.isas[batch.index.set_isa[number]].delimiters.terminator
    return edit.after.count(terminator) - edit.before.count(terminator)


def se01(batch: Batch, number: int) -> tuple[Spot, bytes] | None:
    """Where SE01 of transaction set `number` (from 0) stands, and its digits; None when there are none."""
    index = batch.index
    delimiters = index.isas[index.set_isa[number]].delimiters
    end = index.set_end[number]
    begin = batch.source.data.rfind(delimiters.terminator, index.set_start[number], end - 1) + 1
    if not begin or bytes(batch.source.data[end - 1 : end]) != delimiters.terminator:
        return None
    raw = bytes(batch.source.data[begin : end - 1])
    text = raw.lstrip(b"\r\n \t")
    segment = Segment("ST_LOOP", text.decode("latin-1"), end - 1 - len(text), delimiters)
    digits = segment[1]
    if segment.id != "SE" or not digits.isdigit():
        return None
    return segment.spot(1), digits


def off_by(batch: Batch, number: int) -> int | None:
    """SE01 less the number of segments of transaction set `number`; None when SE01 is no number."""
    index = batch.index
    count = se01(batch, number)
    if count is None:
        return None
    terminator = index.isas[index.set_isa[number]].delimiters.terminator
    total = 0
    for position in range(index.set_start[number], index.set_end[number], 1 << 20):
        stop = min(position + (1 << 20), index.set_end[number])
        total += bytes(batch.source.data[position:stop]).count(terminator)
        batch.source.release(position, stop)
    return int(count[1]) - total
