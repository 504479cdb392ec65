"""A file as a batch of claims, which become objects only when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, Self, TypeVar, cast

from loops import build
from loops.claim import Claim, Envelope
from loops.scan import NONE, Index, scan
from loops.segment import Segment
from loops.source import Readable, Source, open_source
from loops.values import day
from loops.walker import Step, Stretch, walker

if TYPE_CHECKING:
    from loops.delimiters import Delimiters, Isa
    from loops.walker import Walker

_KEPT: Final = 8 << 20
_View = TypeVar("_View")
_ST: Final = "/ISA_LOOP/GS_LOOP/ST_LOOP/ST"
_DETAIL: Final = "/ISA_LOOP/GS_LOOP/ST_LOOP/DETAIL"
_ABOVE: Final[dict[Callable[[list[Segment]], object], str]] = {
    build.billing: _ST,
    build.subscriber: _DETAIL + "/2000A/2010AA/NM1",
    build.party: _DETAIL + "/2000A/2000B/2010BB/NM1",
}
_BEFORE_CLAIM: Final = (_DETAIL + "/2000A/2000B/2010BB/NM1", _DETAIL + "/2000A/2000B/2000C/2010CA/NM1")


class Batch:
    """The 837 professional claims of one source. Made by `loops.read`; close it, or use it in a ``with``.

    `index` holds the offsets of everything (`loops.scan.Index`), `index.foreign`
    the transactions that are of another kind, `index.problems` faults of the envelope.
    """

    def __init__(self, source: Source, index: Index) -> None:
        self.source = source
        self.index = index
        self._views: dict[int, object] = {}
        self._envelope: tuple[int, Envelope] | None = None
        self._passed = 0
        self._walk: Walker | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self.index.claim_start)

    @property
    def name(self) -> str:
        """Name of the source, without its folder."""
        return self.source.name

    def close(self) -> None:
        """Close the source."""
        self.source.close()

    def claims(self) -> Iterator[Claim]:
        """Every claim of the batch in file order."""
        for number in range(len(self)):
            yield self.claim(number)

    def wanted(self) -> Iterator[int]:
        """Numbers (from 0) of the claims that hold one of the codes that `loops.read` was asked for."""
        flags = self.index.wanted
        number = flags.find(1)
        while number >= 0:
            yield number
            number = flags.find(1, number + 1)

    def walk(self) -> Iterator[tuple[Isa, Stretch]]:
        """Every segment of every interchange in its place, about a megabyte at a time.

        The segments of other transactions stand there too, for the most part in no place.
        """
        for isa, end in zip(self.index.isas, self.index.isa_end, strict=True):
            for stretch in walker(isa.delimiters).stretches(self.source.data, isa.start, end):
                yield isa, stretch
                self.source.release(stretch.start, stretch.ends[-1])

    def isa(self, number: int) -> Isa:
        """The interchange header above a claim."""
        return self.index.isas[self.index.set_isa[self.index.claim_set[number]]]

    def claim(self, number: int) -> Claim:
        """Claim `number` (from 0) as views."""
        index = self.index
        delimiters = self.isa(number).delimiters
        patient = index.patient[number]
        context = build.Context(
            self._view(build.billing, index.billing[number], delimiters),
            self._view(build.subscriber, index.subscriber[number], delimiters),
            self._view(build.party, patient, delimiters) if patient != NONE else None,
        )
        above = self._walker(delimiters).at(_BEFORE_CLAIM[patient != NONE])
        start, end = index.claim_start[number], index.claim_end[number]
        segments = self.segments(start, end, above, delimiters)
        self._pass(end)
        envelope = self.envelope(index.claim_set[number])
        return build.claim(number + 1, index.person[number], envelope, context, segments)

    def segments(self, start: int, end: int, above: Step, delimiters: Delimiters) -> list[Segment]:
        """The segments of ``[start, end)`` in their places, when the walk stands at `above` before them."""
        data = bytes(self.source.data[start:end])
        walk = self._walker(delimiters)
        *whole, rest = data.decode("latin-1").split(delimiters.terminator.decode("latin-1"))
        leading = walk.leading.decode("latin-1")
        found = []
        for text, step in zip(whole, walk.steps(data, above), strict=True):
            size = len(text)
            if text and text[0] not in leading:
                found.append(Segment(step.loop_id, text, start, delimiters))
            elif text := text.lstrip(leading):
                found.append(Segment(step.loop_id, text, start + size - len(text), delimiters))
            start += size + 1
        cut = rest.lstrip(leading)  # off in mid segment
        if cut:
            start += len(rest) - len(cut)
            found.append(Segment("", cut.rstrip(leading), start, delimiters))
        return found

    def _walker(self, delimiters: Delimiters) -> Walker:
        """The walker for these delimiters: mostly that of the claim before."""
        walk = self._walk
        if walk is None or walk.delimiters is not delimiters:
            walk = self._walk = walker(delimiters)
        return walk

    def _pass(self, position: int) -> None:
        """Let go of what was read before `position`: claims are mostly asked for in file order."""
        if not 0 <= position - self._passed < _KEPT:
            self.source.release(min(self._passed, position), position)
            self._passed = position

    def _view(self, build_view: Callable[[list[Segment]], _View], hl: int, delimiters: Delimiters) -> _View:
        """The view of an HL block, remembered: the claims below it share it."""
        if hl == NONE:
            return build_view([])
        if hl not in self._views:
            if len(self._views) > 64:
                self._views.clear()
            above = self._walker(delimiters).at(_ABOVE[build_view])
            block = self.segments(self.index.hl_start[hl], self.index.hl_end[hl], above, delimiters)
            self._views[hl] = build_view(block)
        return cast("_View", self._views[hl])

    def envelope(self, number: int) -> Envelope:
        """Control numbers above transaction set `number` (from 0), and its BHT."""
        if self._envelope and self._envelope[0] == number:
            return self._envelope[1]
        index = self.index
        isa = index.isas[index.set_isa[number]]
        group = index.set_group[number]
        gs = index.groups[group].elements if group != NONE else ()
        start = index.set_start[number]
        above = walker(isa.delimiters).at(_ST)
        head = self.segments(start, min(start + 512, index.set_end[number]), above, isa.delimiters)
        bht = build.first(head, "BHT")
        envelope = Envelope(
            isa13=isa.elements[12].decode("latin-1").strip(),
            gs06=b"".join(gs[5:6]).decode("latin-1"),
            st02=head[0].text(2),
            made_on=day(bht.text(4)) if bht else None,
            start=start,
            bht03=bht.text(3) if bht else "",
            version=head[0].text(3) or b"".join(gs[7:8]).decode("latin-1"),
        )
        self._envelope = (number, envelope)
        return envelope


def read(source: Readable, *, name: str | None = None, codes: frozenset[str] = frozenset()) -> Batch:
    """Read a batch of 837 professional claims from a path, bytes or a binary stream.

    `codes` are procedure codes whose claims `Batch.wanted` should tell. Raises
    NotX12Error when the source is no X12 at all, OSError as the system does.
    """
    opened = open_source(source, name)
    try:
        return Batch(opened, scan(opened, codes))
    except BaseException:
        opened.close()
        raise
