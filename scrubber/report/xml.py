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

from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import cache
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from lxml import etree

from scrubber.report.mask import masked as hide
from scrubber.report.placed import Placed, placed
from scrubber.report.spool import Spool
from scrubber.report.xmltext import legible

if TYPE_CHECKING:
    from loops import Batch
    from loops.envelope import Foreign
    from loops.guide.model import Loop
    from scrubber.finding import Finding

SCHEMA: Final = "scrubber.tree/1"
_NUMBERS: Final = [{"n": f"{n:02}"} for n in range(40)]


def write_tree(batch: Batch, out: BinaryIO, findings: Iterable[Finding] = (), *, masked: bool = True) -> None:
    """Write the loop tree of `batch` to `out` as XML in UTF-8, with `findings` in any order.

    Memory does not grow with the batch. With `masked` data of persons is
    replaced by x. Any bytes give well-formed XML: what XML cannot hold is
    shown by a sign (`scrubber.report.xmltext.legible`).
    """
    with Spool(findings) as told, etree.xmlfile(out, encoding="utf-8") as file:
        file.write_declaration()
        with file.element("batch", schema=SCHEMA, file=legible(batch.name)):
            tree = _Tree(file, told, len(batch.source), masked=masked)
            foreign = iter(batch.index.foreign)
            ahead = next(foreign, None)
            for segment in placed(batch):
                while ahead and ahead.start < segment.start:
                    tree.left_out(ahead)
                    ahead = next(foreign, None)
                tree.segment(segment)
            for one in (ahead, *foreign) if ahead else ():
                tree.left_out(one)
            tree.close(0)
            tree.findings_before(None)
            file.write("\n")
    out.write(b"\n")


class _Tree:
    """Writes segments, and opens and closes the loops around them."""

    def __init__(self, file: Any, told: Spool, size: int, *, masked: bool) -> None:
        self._file = file
        self._told = told
        self._size = size
        self._masked = masked
        self._loops: list[Loop] = []
        self._elements: list[AbstractContextManager[Any]] = []

    def segment(self, segment: Placed) -> None:
        """Write a segment in its place, with the findings about it; one that fits nowhere where it stands."""
        loop = segment.place.loop if segment.place else None
        if segment.place and loop is not None:
            if segment.place is loop.first:  # a loop begins anew with its first segment
                self._open(_chain(loop)[:-1])
            if not self._loops or self._loops[-1] is not loop:
                self._open(_chain(loop))
        self.findings_before(segment.start)
        node = _node(segment, masked=self._masked)
        if segment.end >= self._size:
            node.set("cut", "yes")
        elif loop is None:
            node.set("place", "none")
        node.extend(_finding(row) for row in self._told.before(segment.end + 1))
        self._write(node)

    def left_out(self, foreign: Foreign) -> None:
        """Write that a transaction of another kind stands here."""
        self.close(next((n for n, loop in enumerate(self._loops) if loop.id == "ST_LOOP"), len(self._loops)))
        node = etree.Element("left-out", what=legible(foreign.what))
        _span(node, foreign.start, foreign.end)
        self._write(node)

    def findings_before(self, offset: int | None) -> None:
        """Write findings about what stands between segments, before `offset` (None: all that are left)."""
        for row in self._told.before(offset):
            self._write(_finding(row))

    def close(self, kept: int) -> None:
        """Close the loops that are open but for the outer `kept`."""
        while len(self._loops) > kept:
            self._loops.pop()
            element = self._elements.pop()
            self._break()
            element.__exit__(None, None, None)

    def _open(self, chain: tuple[Loop, ...]) -> None:
        kept = 0
        for mine, theirs in zip(chain, self._loops, strict=False):
            if mine is not theirs:
                break
            kept += 1
        self.close(kept)
        for loop in chain[kept:]:
            self._break()
            element = self._file.element("loop", id=loop.id)
            element.__enter__()
            self._loops.append(loop)
            self._elements.append(element)

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


def _node(segment: Placed, *, masked: bool) -> etree._Element:
    delimiters, text = segment.isa.delimiters, segment.text
    shown = hide(text, delimiters) if masked else text
    parts = text.split(delimiters.element.decode("latin-1"))
    node = etree.Element("segment", id=legible(shown[: len(parts[0])]))
    if segment.ordinal is not None:
        node.set("n", str(segment.ordinal))
    _span(node, segment.start, segment.end)
    at = len(parts[0]) + 1
    # ISA16 is the component separator itself.
    separator = "" if parts[0] == "ISA" else delimiters.component.decode("latin-1")
    for n, part in enumerate(parts[1:], 1):
        child = etree.SubElement(node, "element", _NUMBERS[n] if n < len(_NUMBERS) else {"n": str(n)})
        if part:
            end = at + len(part)
            _fill(child, part, part if shown is text else shown[at:end], separator)
            at = end
        at += 1
    return node


def _fill(node: etree._Element, text: str, shown: str, separator: str) -> None:
    """Give an element its text or its components; `shown` is `text` as it may be seen."""
    if not separator or separator not in text:
        _value(node, text, shown)
        return
    at = 0
    for n, part in enumerate(text.split(separator), 1):
        child = etree.SubElement(node, "component", {"n": str(n)})
        if part:
            _value(child, part, shown[at : at + len(part)])
        at += len(part) + 1


def _value(node: etree._Element, text: str, shown: str) -> None:
    node.text = legible(shown)
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
        title, *more = (legible(citation[key] or "") for key in ("title", "section", "url", "checked_on"))
        child = etree.SubElement(
            node, "citation", dict(zip(("section", "url", "checked_on"), more, strict=True))
        )
        child.text = title
    if row["fix"]:
        fix = etree.SubElement(node, "fix", safety=row["fix"]["safety"])
        fix.text = legible(row["fix"]["title"])
    return node
