"""Segments and findings as XML elements; ``tree.xsd`` beside this module says what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from scrubber.finding import Edit
from scrubber.report.fixed import Region, Shown, regions
from scrubber.report.mask import masked as hide
from scrubber.report.xmltext import legible

if TYPE_CHECKING:
    from loops import Batch
    from loops.delimiters import Delimiters
    from scrubber.report.placed import Placed

_NUMBERS: Final = [{"n": f"{n:02}"} for n in range(40)]
_ATTRIBUTES: Final = (
    *("rule", "name", "severity", "outcome", "disposition"),
    *("isa13", "gs06", "st02", "claim", "claim_index", "line", "place", "byte_start", "byte_end"),
    *("service_date", "payer_class", "dollars"),
)
_ANSWERS: Final = {"ik3": "ik304", "ik4": "ik403"}


def segment_node(segment: Placed, *, masked: bool) -> etree._Element:
    """A segment with its ordinal, its span and its elements."""
    delimiters, text = segment.isa.delimiters, segment.text
    node = _plain(Shown(text, hide(text, delimiters) if masked else text), delimiters)
    if segment.ordinal is not None:
        node.set("n", str(segment.ordinal))
    set_span(node, segment.start, segment.end)
    return node


def set_span(node: etree._Element, start: int, end: int) -> None:
    """Say where in the file stands what `node` tells."""
    node.set("byte_start", str(start))
    node.set("byte_end", str(end))


def _plain(segment: Shown, delimiters: Delimiters) -> etree._Element:
    text, shown = segment
    parts = text.split(delimiters.element_text)
    node = etree.Element("segment", id=legible(shown[: len(parts[0])]))
    at = len(parts[0]) + 1
    # ISA16 is the component separator itself.
    separator = "" if parts[0] == "ISA" else delimiters.component_text
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


def finding_node(batch: Batch, row: dict[str, Any], *, masked: bool) -> etree._Element:
    """A finding (`Finding.as_dict`) as an element: attributes as in the contract, then what is longer."""
    known = {key: legible(str(row[key])) for key in _ATTRIBUTES if row[key] not in (None, "")}
    node = etree.Element("finding", known)
    etree.SubElement(node, "message").text = legible(row["message"])
    answers = {
        kind: [str(row["evidence"][key])] for key, kind in _ANSWERS.items() if row["evidence"].get(key)
    }
    for kind, codes in (answers | row["expected"]).items():
        for code in codes:
            etree.SubElement(node, "expected", kind=kind).text = legible(code)
    for citation in row["citations"]:
        _cite(node, citation)
    for table in row["tables"]:
        etree.SubElement(node, "table", {key: legible(table[key]) for key in ("name", "vintage")})
    if row["fix"]:
        node.append(_fix(batch, row["fix"], masked=masked))
    return node


def _cite(node: etree._Element, citation: dict[str, str | None]) -> None:
    known = {key: legible(value) for key in ("section", "url", "checked_on") if (value := citation[key])}
    etree.SubElement(node, "citation", known).text = legible(citation["title"] or "")


def _fix(batch: Batch, fix: dict[str, Any], *, masked: bool) -> etree._Element:
    node = etree.Element("fix", safety=fix["safety"], title=legible(fix["title"]))
    edits = [
        Edit(one["byte_start"], one["byte_end"], *(one[key].encode("latin-1") for key in ("before", "after")))
        for one in fix["edits"]
    ]
    for region in regions(batch, edits, masked=masked):
        node.append(_change(region))
    return node


def _change(region: Region) -> etree._Element:
    node = etree.Element("change")
    set_span(node, region.start, region.end)
    for tag, segments in (("before", region.before), ("after", region.after)):
        side = etree.SubElement(node, tag)
        side.extend(_plain(segment, region.delimiters) for segment in segments)
    return node
