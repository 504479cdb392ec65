"""Every segment of a batch with its place and where it stands, as it is walked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from loops.scan import NONE
from loops.walker import walker

if TYPE_CHECKING:
    from loops import Batch
    from loops.delimiters import Isa
    from loops.guide.model import SegmentPlace

_ST: Final = "/ISA_LOOP/GS_LOOP/ST_LOOP/ST"
_BILLING: Final = "/ISA_LOOP/GS_LOOP/ST_LOOP/DETAIL/2000A/HL"
_SUBSCRIBER: Final = "/ISA_LOOP/GS_LOOP/ST_LOOP/DETAIL/2000A/2000B/HL"
_PATIENT: Final = "/ISA_LOOP/GS_LOOP/ST_LOOP/DETAIL/2000A/2000B/2000C/HL"


class Placed(NamedTuple):
    """A segment: its `text` (one character a byte), its offset, its place (None: it fits nowhere).

    `ordinal` counts in the transaction, ST being 1; None outside. `gs06` and `st02` are None
    outside a group or transaction.
    """

    isa: Isa
    gs06: str | None
    st02: str | None
    ordinal: int | None
    place: SegmentPlace | None
    start: int
    text: str

    @property
    def end(self) -> int:
        """Offset of the segment's terminator."""
        return self.start + len(self.text)

    @property
    def isa13(self) -> str:
        """ISA13 of the interchange."""
        return self.isa.elements[12].decode("latin-1").strip()


def placed(batch: Batch) -> Iterator[Placed]:
    """The segments of all interchanges, transactions of other kinds left out."""
    for isa, end in zip(batch.index.isas, batch.index.isa_end, strict=True):
        foreign = [one for one in batch.index.foreign if isa.start <= one.start < end]
        gs06 = st02 = ordinal = None
        for start, text, place in _walked(batch, isa, end):
            while foreign and foreign[0].end <= start:
                foreign.pop(0)
            if foreign and foreign[0].start <= start:
                continue
            id_, *elements = text.split(isa.delimiters.element.decode("latin-1"))
            if id_ == "GS":
                gs06, st02, ordinal = "".join(elements[5:6]), None, None
            elif id_ == "ST":
                st02, ordinal = "".join(elements[1:2]), 0
            elif id_ in ("GE", "IEA"):
                st02 = ordinal = None
                gs06 = gs06 if id_ == "GE" else None
            ordinal = None if ordinal is None else ordinal + 1
            yield Placed(isa, gs06, st02, ordinal, place, start, text)
            if id_ == "SE":
                st02 = ordinal = None


def _walked(batch: Batch, isa: Isa, end: int) -> Iterator[tuple[int, str, SegmentPlace | None]]:
    """Offset, text and place of each segment of an interchange; one that is cut off has no place."""
    walk, source, position = walker(isa.delimiters), batch.source, isa.start
    leading = walk.leading.decode("latin-1")
    for stretch in walk.stretches(source.data, isa.start, end):
        position = first = stretch.start
        window = bytes(source.data[first : stretch.ends[-1] + 1]).decode("latin-1")
        for stop, step in zip(stretch.ends, stretch.steps, strict=True):
            text = window[position - first : stop - first].lstrip(leading)
            if text:
                yield stop - len(text), text, step.place
            position = stop + 1
        source.release(first, position)
    rest = bytes(source.data[position:end]).decode("latin-1")
    cut = rest.strip(leading + "\0\x1a")
    if cut:
        yield position + rest.index(cut), cut, None


def placed_claim(batch: Batch, number: int, longest: int) -> Iterator[Placed]:
    """The segments of the HL levels above claim `number` (from 0), and its own.

    Of each level and of the claim at most `longest` bytes.
    """
    index, isa = batch.index, batch.isa(number)
    levels = index.billing[number], index.subscriber[number], index.patient[number]
    for above, hl in zip((_ST, _BILLING, _SUBSCRIBER), levels, strict=True):
        if hl != NONE:
            span = index.hl_start[hl], min(index.hl_end[hl], index.hl_start[hl] + longest)
            yield from _walked_from(batch, isa, above, span)
    above = _SUBSCRIBER if levels[2] == NONE else _PATIENT
    start = index.claim_start[number]
    yield from _walked_from(batch, isa, above, (start, min(index.claim_end[number], start + longest)))


def _walked_from(batch: Batch, isa: Isa, above: str, span: tuple[int, int]) -> Iterator[Placed]:
    """The whole segments of a span when the walk stands at the place `above` before them."""
    walk, terminator = walker(isa.delimiters), isa.delimiters.terminator.decode("latin-1")
    start, end = span
    data = bytes(batch.source.data[start:end])
    pieces, leading = data.decode("latin-1").split(terminator), walk.leading.decode("latin-1")
    for piece, step in zip(pieces, walk.steps(data, walk.at(above)), strict=False):
        start += len(piece)
        text = piece.lstrip(leading)
        if text:
            yield Placed(isa, None, None, None, step.place, start - len(text), text)
        start += 1
