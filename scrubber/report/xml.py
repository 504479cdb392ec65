"""The loop tree of a batch as XML, findings inside their segments; written as it is walked.

::

    <batch schema="scrubber.tree/1" file="a.837">
      <loop id="ISA_LOOP">
        <segment id="ISA" byte_start="0" byte_end="105">
          <element n="01">00</element> ...

A loop holds segments and loops; a segment holds elements (number as in the guide) and findings; an
element holds text or components. ``masked="yes"`` marks what data of persons made unreadable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from lxml import etree

from loops import Segment
from loops.walker import Step, walker
from scrubber.report.mask import mask
from scrubber.report.spool import Spool
from scrubber.report.xmltext import legible

if TYPE_CHECKING:
    from loops import Batch
    from loops.delimiters import Isa
    from loops.envelope import Foreign
    from loops.guide.model import Loop
    from scrubber.finding import Finding

SCHEMA: Final = "scrubber.tree/1"


def write_tree(batch: Batch, out: BinaryIO, findings: Iterable[Finding] = (), *, masked: bool = True) -> None:
    """Write the loop tree of `batch` to `out` as XML in UTF-8, with `findings` in any order.

    Memory does not grow with the batch. With `masked` data of persons is
    replaced by x. Any bytes give well-formed XML: what XML cannot hold is
    shown by a sign (`scrubber.report.xmltext.legible`).
    """
    with Spool(findings) as told, etree.xmlfile(out, encoding="utf-8") as file:
        file.write_declaration()
        with file.element("batch", schema=SCHEMA, file=legible(batch.name)):
            tree = _Tree(file, told, masked=masked)
            for number, isa in enumerate(batch.index.isas):
                _interchange(batch, isa, batch.index.isa_end[number], tree)
            tree.close(0)
            tree.findings_before(None)
            file.write("\n")
    out.write(b"\n")


def _interchange(batch: Batch, isa: Isa, end: int, tree: _Tree) -> None:
    foreign = iter(one for one in batch.index.foreign if isa.start <= one.start < end)
    left_out = next(foreign, None)
    ordinal = 0
    for start, text, step in _segments(batch, isa, end):
        while left_out and left_out.end <= start:
            left_out = next(foreign, None)
        if left_out and left_out.start <= start:
            if left_out.start == start:
                tree.left_out(left_out, step)
            continue
        segment = Segment(step.loop_id if step else "", text, start, isa.delimiters)
        ordinal = 1 if segment.id == "ST" else ordinal + 1
        tree.segment(segment, step, ordinal)


def _segments(batch: Batch, isa: Isa, end: int) -> Iterator[tuple[int, str, Step | None]]:
    """Offset, text and step of each segment of an interchange; no step for one that is cut off."""
    walk, source, position = walker(isa.delimiters), batch.source, isa.start
    leading = walk.leading.decode("latin-1")
    for stretch in walk.stretches(source.data, isa.start, end):
        position = stretch.start
        data = bytes(source.data[position : stretch.ends[-1] + 1]).decode("latin-1")
        for stop, step in zip(stretch.ends, stretch.steps, strict=True):
            text = data[position - stretch.start : stop - stretch.start].lstrip(leading)
            if text:
                yield stop - len(text), text, step
            position = stop + 1
        source.release(stretch.start, position)
    rest = bytes(source.data[position:end]).decode("latin-1")
    cut = rest.strip(leading + "\0\x1a")
    if cut:
        yield position + rest.index(cut), cut, None


class _Tree:
    """Writes segments, and opens and closes the loops around them."""

    def __init__(self, file: Any, told: Spool, *, masked: bool) -> None:
        self._file = file
        self._told = told
        self._masked = masked
        self._open: list[tuple[Loop, AbstractContextManager[Any]]] = []

    def segment(self, segment: Segment, step: Step | None, ordinal: int) -> None:
        """Write a segment in its place, with the findings about it."""
        self._go(step)
        self.findings_before(segment.start)
        node = _node(segment, masked=self._masked)
        if step is None:
            node.set("cut", "yes")
        elif step.place is None:
            node.set("place", "none")
        if self._inside("ST_LOOP"):
            node.set("n", str(ordinal))
        node.extend(_finding(row) for row in self._told.before(segment.end + 1))
        self._write(node)

    def left_out(self, foreign: Foreign, step: Step | None) -> None:
        """Write that a transaction of another kind stands here."""
        if step and step.place:
            self._open_loops(_chain(step.place.loop)[:-1])
        node = etree.Element("left-out", what=legible(foreign.what))
        _span(node, foreign.start, foreign.end)
        self._write(node)

    def findings_before(self, offset: int | None) -> None:
        """Write findings about what stands between segments, before `offset` (None: all that are left)."""
        for row in self._told.before(offset):
            self._write(_finding(row))

    def close(self, kept: int) -> None:
        """Close the loops that are open but for the outer `kept`."""
        while len(self._open) > kept:
            _, element = self._open.pop()
            self._break()
            element.__exit__(None, None, None)

    def _go(self, step: Step | None) -> None:
        """Open and close loops so that the place of a segment is open; one that fits nowhere stays here."""
        place = step.place if step else None
        if place is None:
            return
        chain = _chain(place.loop)
        if place is place.loop.first:  # a loop begins anew with its first segment
            self._open_loops(chain[:-1])
        self._open_loops(chain)

    def _open_loops(self, chain: list[Loop]) -> None:
        kept = 0
        while kept < min(len(chain), len(self._open)) and self._open[kept][0] is chain[kept]:
            kept += 1
        self.close(kept)
        for loop in chain[kept:]:
            self._break()
            element = self._file.element("loop", id=loop.id)
            element.__enter__()
            self._open.append((loop, element))

    def _inside(self, id_: str) -> bool:
        return any(loop.id == id_ for loop, _ in self._open)

    def _write(self, node: etree._Element) -> None:
        self._break()
        self._file.write(node)

    def _break(self) -> None:
        self._file.write("\n" + "  " * (len(self._open) + 1))


def _chain(loop: Loop) -> list[Loop]:
    chain = []
    at: Loop | None = loop
    while at is not None and at.parent is not None:
        chain.append(at)
        at = at.parent
    return chain[::-1]


def _node(segment: Segment, *, masked: bool) -> etree._Element:
    delimiters = segment.delimiters
    raw = segment.raw.decode("latin-1")
    shown = mask(segment) if masked else raw
    id_, *elements = raw.split(delimiters.element.decode("latin-1"))
    node = etree.Element("segment", id=legible(shown[: len(id_)]))
    _span(node, segment.start, segment.end)
    at = len(id_) + 1
    whole = id_ == "ISA"  # ISA16 is the component separator itself
    for n, text in enumerate(elements, 1):
        child = etree.SubElement(node, "element", n=f"{n:02}")
        _fill(
            child, text, shown[at : at + len(text)], "" if whole else delimiters.component.decode("latin-1")
        )
        at += len(text) + 1
    return node


def _fill(node: etree._Element, text: str, shown: str, separator: str) -> None:
    """Give an element its text or its components; `shown` is `text` as it may be seen."""
    if not separator or separator not in text:
        _value(node, text, shown)
        return
    at = 0
    for n, part in enumerate(text.split(separator), 1):
        child = etree.SubElement(node, "component", n=str(n))
        _value(child, part, shown[at : at + len(part)])
        at += len(part) + 1


def _value(node: etree._Element, text: str, shown: str) -> None:
    node.text = legible(shown) or None
    if shown != text:
        node.set("masked", "yes")


def _span(node: etree._Element, start: int, end: int) -> None:
    node.set("byte_start", str(start))
    node.set("byte_end", str(end))


_ATTRIBUTES: Final = (
    *("rule", "name", "severity", "outcome", "disposition", "claim", "line", "place"),
    *("byte_start", "byte_end", "service_date", "payer_class", "dollars"),
)


def _finding(row: dict[str, Any]) -> etree._Element:
    """A finding (`Finding.as_dict`) as an element: attributes as in the contract, then what is longer."""
    known = {key: legible(str(row[key])) for key in _ATTRIBUTES if row[key] is not None}
    node = etree.Element("finding", known)
    etree.SubElement(node, "message").text = legible(row["message"])
    for kind, codes in row["expected"].items():
        for code in codes:
            etree.SubElement(node, "expected", kind=kind).text = legible(code)
    for citation in row["citations"]:
        title, *more = (legible(citation[key]) for key in ("title", "section", "url", "checked_on"))
        child = etree.SubElement(
            node, "citation", dict(zip(("section", "url", "checked_on"), more, strict=True))
        )
        child.text = title
    if row["fix"]:
        fix = etree.SubElement(node, "fix", safety=row["fix"]["safety"])
        fix.text = legible(row["fix"]["title"])
    return node
