"""The loop tree of a batch as XML, findings inside their segments; written as it is walked.

::

    <batch schema="scrubber.tree/1" file="a.837">
      <loop id="ISA_LOOP">
        <segment id="ISA" byte_start="0" byte_end="105">
          <element n="01">00</element> ...

``tree.xsd`` beside this module (`schema_path`) says what stands where; it has no namespace, so that
an XPath reads as the guide does: ``//loop[@id='2400']/segment[@id='SV1']``.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import cache
from importlib.resources import files
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Protocol, Self

from lxml import etree

from loops.envelope import Foreign
from scrubber.report.nodes import finding_node, segment_node, set_span
from scrubber.report.placed import Placed, placed, placed_claim
from scrubber.report.spool import Spool
from scrubber.report.xmltext import legible

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from loops import Batch
    from loops.guide.model import Loop
    from scrubber.finding import Finding

SCHEMA: Final = "scrubber.tree/1"
_CLAIM_LOOP: Final = "2300"
_LONGEST: Final = (
    64 << 10
)  # bytes of a claim that a person reads: the guide allows 50 lines, here are hundreds


def schema_path() -> Traversable:
    """The XML Schema (XSD 1.0) that every tree is valid against."""
    return files("scrubber.report").joinpath("tree.xsd")


def write_tree(batch: Batch, out: BinaryIO, findings: Iterable[Finding] = (), *, masked: bool = True) -> None:
    """Write the loop tree of `batch` to `out` as XML in UTF-8, with `findings` in any order.

    Memory does not grow with the batch. With `masked` data of persons is
    replaced by x. Any bytes give well-formed XML: what XML cannot hold is
    shown by a sign (`scrubber.report.xmltext.legible`).
    """
    with Spool(findings) as told:
        _write(batch, out, placed(batch), told, batch.index.foreign, masked=masked)


def claim_tree(
    batch: Batch, number: int | None, findings: Sequence[Finding], *, masked: bool = True
) -> bytes:
    """The part of the tree that a person reads of claim `number` (from 0), as a document of its own.

    It holds the provider, subscriber and patient above the claim, and the
    claim; not the envelope. Of a claim of more than 64 KiB it holds the
    beginning, and says so (``left-out``). Without `number` it holds `findings` alone.
    """
    out = io.BytesIO()
    segments: Iterable[Placed] = ()
    rest = []
    if number is not None:
        segments = placed_claim(batch, number, _LONGEST)
        start, end = batch.index.claim_start[number], batch.index.claim_end[number]
        if end - start > _LONGEST:
            rest.append(Foreign(f"the rest of a claim of {end - start:,} bytes", None, start + _LONGEST, end))
    _write(batch, out, segments, _Held(findings), rest, masked=masked)
    return out.getvalue()


class _Told(Protocol):
    """Findings that are given by their place."""

    def before(self, offset: int | None) -> Iterable[dict[str, Any]]:
        """Those not yet given whose span begins before `offset` (None: all)."""


class _Held:
    """Some findings, held in memory."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._rest = sorted(findings, key=lambda one: one.byte_start, reverse=True)

    def before(self, offset: int | None) -> Iterator[dict[str, Any]]:
        while self._rest and (offset is None or self._rest[-1].byte_start < offset):
            yield self._rest.pop().as_dict()


def _write(
    batch: Batch,
    out: BinaryIO,
    segments: Iterable[Placed],
    told: _Told,
    others: Iterable[Foreign],
    *,
    masked: bool,
) -> None:
    with etree.xmlfile(out, encoding="utf-8") as file:
        file.write_declaration()
        with (
            file.element("batch", schema=SCHEMA, file=legible(batch.name)),
            _Tree(file, batch, told, masked=masked) as tree,
        ):
            foreign = iter(others)
            ahead = next(foreign, None)
            for segment in segments:
                while ahead and ahead.start < segment.start:
                    tree.left_out(ahead)
                    ahead = next(foreign, None)
                tree.segment(segment)
            for one in (ahead, *foreign) if ahead else ():
                tree.left_out(one)
            tree.close(0)
            tree.findings_before(None)
            file.write("\n")
        file.flush()  # a fault of the last write would be lost in the closing
    out.write(b"\n")


class _Tree:
    """Writes segments, and opens and closes the loops around them."""

    def __init__(self, file: Any, batch: Batch, told: _Told, *, masked: bool) -> None:
        self._file = file
        self._batch = batch
        self._told = told
        self._masked = masked
        self._claims = 0  # the claims that began before the segment at hand
        self._loops: list[Loop] = []
        self._elements: list[AbstractContextManager[Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A fault, a full disk for instance, leaves loops open, and lxml would complain of these alone.
        while self._elements:
            self._elements.pop().__exit__(kind, fault, trace)

    def segment(self, segment: Placed) -> None:
        """Write a segment in its place, with the findings about it; one that fits nowhere where it stands."""
        loop = segment.place.loop if segment.place else None
        if segment.place and loop is not None:
            if segment.place is loop.first:  # a loop begins anew with its first segment
                self._open(_chain(loop)[:-1], segment.start)
            if not self._loops or self._loops[-1] is not loop:
                self._open(_chain(loop), segment.start)
        self.findings_before(segment.start)
        node = segment_node(segment, masked=self._masked)
        if segment.end >= len(self._batch.source):
            node.set("cut", "yes")
        elif loop is None:
            node.set("place", "none")
        node.extend(self._finding(row) for row in self._told.before(segment.end + 1))
        self._write(node)

    def left_out(self, foreign: Foreign) -> None:
        """Write that something that is not shown stands here."""
        self.close(next((n for n, loop in enumerate(self._loops) if loop.id == "ST_LOOP"), len(self._loops)))
        node = etree.Element("left-out", what=legible(foreign.what))
        set_span(node, foreign.start, foreign.end)
        self._write(node)

    def findings_before(self, offset: int | None) -> None:
        """Write findings about what stands between segments, before `offset` (None: all that are left)."""
        for row in self._told.before(offset):
            self._write(self._finding(row))

    def close(self, kept: int) -> None:
        """Close the loops that are open but for the outer `kept`."""
        while len(self._loops) > kept:
            self._file.write(_indent(len(self._loops)))
            self._loops.pop()
            self._elements.pop().__exit__(None, None, None)

    def _open(self, chain: tuple[Loop, ...], start: int) -> None:
        kept = 0
        for mine, theirs in zip(chain, self._loops, strict=False):
            if mine is not theirs:
                break
            kept += 1
        self.close(kept)
        for loop in chain[kept:]:
            self._break()
            more = {"claim_index": str(self._claim(start))} if loop.id == _CLAIM_LOOP else {}
            element = self._file.element("loop", id=loop.id, **more)
            element.__enter__()
            self._loops.append(loop)
            self._elements.append(element)

    def _claim(self, start: int) -> int:
        """The ordinal, from 1, of the claim that begins at `start`; the starts come in order."""
        self._claims = bisect_right(self._batch.index.claim_start, start, self._claims)
        return self._claims

    def _finding(self, row: dict[str, Any]) -> etree._Element:
        return finding_node(self._batch, row, masked=self._masked)

    def _write(self, node: etree._Element) -> None:
        self._break()
        self._file.write(node)

    def _break(self) -> None:
        self._file.write(_indent(len(self._loops) + 1))


@cache
def _indent(depth: int) -> str:
    return "\n" + "  " * depth


@cache
def _chain(loop: Loop) -> tuple[Loop, ...]:
    """The loops around a loop and itself, outermost first."""
    outer = _chain(loop.parent) if loop.parent is not None and loop.parent.parent is not None else ()
    return (*outer, loop)
