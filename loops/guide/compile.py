"""Compile the implementation guide from the map that pyx12 ships.

Run ``python -m loops.guide.compile`` after a new pyx12 release: it reads
``837.5010.X222.A1.xml``, ``dataele.xml`` and ``codes.xml`` of the installed
package with lxml (pyx12 itself is not imported) and writes ``837p.json``
beside this file. The guide's own wording (names, descriptions) is left out:
only identifiers, positions, usages, lengths and code values are kept.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
from pathlib import Path
from typing import Any

from lxml import etree

MAP = "837.5010.X222.A1.xml"
PREPARED = Path(__file__).with_name("837p.json")


def map_folder() -> Path:
    """Folder of the maps in the installed pyx12; LookupError when pyx12 is not installed."""
    found = importlib.util.find_spec("pyx12")
    if found is None or not found.submodule_search_locations:
        raise LookupError("pyx12 is not installed: its map is what the guide is compiled from")
    return Path(next(iter(found.submodule_search_locations))) / "map"


def compile_guide(folder: Path) -> dict[str, Any]:
    """Return the guide of 005010X222A1 as plain JSON data, from the XML maps in `folder`.

    ``nodes`` is in map order, parents first: ``["loop", id, parent, pos, usage,
    repeat]`` or ``["segment", id, parent, pos, usage, max_use, syntax,
    elements]``, where an element is ``[data_element, usage, codes, external,
    regex]`` and a composite is ``[null, usage, [elements]]``. A limit of null
    means any number of times; `parent` is an index into ``nodes`` or null.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    raw = (folder / MAP).read_bytes()
    root = etree.fromstring(raw, parser)
    nodes: list[list[Any]] = []
    _loops(root, None, nodes)
    data_elements = _data_elements(etree.parse(str(folder / "dataele.xml"), parser).getroot())
    used = _used_elements(nodes)
    external = _external(nodes)
    return {
        "source": {
            "package": "pyx12",
            "version": importlib.metadata.version("pyx12"),
            "map": MAP,
            "sha256": hashlib.sha256(raw).hexdigest(),
        },
        "data_elements": {number: data_elements[number] for number in sorted(used)},
        "code_sets": _code_sets(etree.parse(str(folder / "codes.xml"), parser).getroot(), external),
        "nodes": nodes,
    }


def _loops(parent: Any, index: int | None, nodes: list[list[Any]]) -> None:
    # Children of one position keep the order of the map: pyx12 tries them in that order.
    for child in parent.iterchildren("loop", "segment"):
        position = int(child.findtext("pos"))
        usage = child.findtext("usage")
        if child.tag == "loop":
            repeat = _limit(child.findtext("repeat"))
            nodes.append(["loop", child.get("xid"), index, position, usage, repeat])
            _loops(child, len(nodes) - 1, nodes)
        else:
            syntax = [rule.text for rule in child.iterchildren("syntax")]
            limit = _limit(child.findtext("max_use"))
            elements = [_element(e) for e in child.iterchildren("element", "composite")]
            nodes.append(["segment", child.get("xid"), index, position, usage, limit, syntax, elements])


def _element(element: Any) -> list[Any]:
    usage = element.findtext("usage")
    if element.tag == "composite":
        return [None, usage, [_element(sub) for sub in element.iterchildren("element")]]
    codes = element.find("valid_codes")
    values = None if codes is None else [code.text for code in codes.iterchildren("code")]
    external = None if codes is None else codes.get("external")
    return [element.findtext("data_ele"), usage, values or None, external, element.findtext("regex")]


def _limit(text: str | None) -> int | None:
    return None if text is None or text == ">1" else int(text)


def _data_elements(root: Any) -> dict[str, list[Any]]:
    return {
        e.get("ele_num"): [e.get("data_type"), int(e.get("min_len")), int(e.get("max_len"))]
        for e in root.iter("data_ele")
    }


def _simple(nodes: list[list[Any]]) -> list[list[Any]]:
    found: list[list[Any]] = []
    for node in nodes:
        if node[0] == "segment":
            for element in node[7]:
                found += element[2] if element[0] is None else [element]
    return found


def _used_elements(nodes: list[list[Any]]) -> set[str]:
    return {element[0] for element in _simple(nodes)}


def _external(nodes: list[list[Any]]) -> set[str]:
    return {element[3] for element in _simple(nodes) if element[3]}


def _code_sets(root: Any, wanted: set[str]) -> dict[str, list[str]]:
    return {
        codeset.findtext("id"): [code.text for code in codeset.iter("code")]
        for codeset in root.iter("codeset")
        if codeset.findtext("id") in wanted
    }


def main() -> None:
    """Write the prepared guide beside this module."""
    guide = compile_guide(map_folder())
    PREPARED.write_text(json.dumps(guide, separators=(",", ":"), ensure_ascii=True) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
