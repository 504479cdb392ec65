"""Keep SE01 in step with the segments that we add; what was wrong on arrival stays wrong by as much."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator

from loops import Batch, Segment, Spot
from scrubber.finding import Edit, Safety
from scrubber.rewrite.changes import RECOUNT, By, Change


def recounted(batch: Batch, edits: Iterable[Edit]) -> Iterator[Edit]:
    """One edit of SE01 for each transaction set in which `edits` change the number of segments.

    SE01 (number of segments from ST to SE) moves by as many as they add, so a
    right count stays right. A wrong one is a finding, not ours to mend, and
    must not become right by accident. One that is no number is left alone.
    """
    for number, grown in sorted(_grown(batch, edits).items()):
        count = se01(batch, number)
        if grown and count is not None:
            spot, digits = count
            after = str(int(digits) + grown).zfill(len(digits)).encode("ascii")
            yield Edit(spot.start, spot.end, digits, after)


def recounts(batch: Batch, changes: Iterable[Change]) -> Iterator[Change]:
    """The edits of `recounted` as changes that belong to no claim."""
    by = (By(RECOUNT, None, "ST_LOOP/SE01", Safety.SUGGESTED, "count the segments anew"),)
    for edit in recounted(batch, (change.edit for change in changes)):
        yield Change(edit, "", 0, by)


def _grown(batch: Batch, edits: Iterable[Edit]) -> Counter[int]:
    index = batch.index
    grown: Counter[int] = Counter()
    for edit in edits:
        number = bisect_right(index.set_start, edit.start) - 1
        if number >= 0 and edit.start < index.set_end[number]:
            terminator = index.isas[index.set_isa[number]].delimiters.terminator
            grown[number] += edit.after.count(terminator) - edit.before.count(terminator)
    return grown


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
