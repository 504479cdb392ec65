"""The compiled guide as a tree of loops and segment places."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

# Erratum E-PWK-CT (see `loops.guide.errata`): pairs of elements 01 and 02 that the map lets into the
# first place, though the second, which comes after it, is made for them.
_ELSEWHERE: Final = {
    "/2400/PWK[03]": frozenset((b"CT", code) for code in (b"AB", b"AD", b"AF", b"AG", b"NS"))
}


@dataclass(eq=False, slots=True)
class SegmentPlace:
    """One place where the guide allows a segment, for instance REF*G1 in loop 2300.

    `usage` is R, S or N; `limit` the largest number of uses (None: any). The
    place is told from its neighbours of the same id by a qualifier: `key` says
    where that stands (``""`` no qualifier, ``"01"``, ``"01-1"``, or ``"03"``
    for HL) and `values` which values belong here, but for the pairs of elements
    01 and 02 that belong `elsewhere` (see `loops.guide.errata`). `elements` and `syntax` are
    the rows of the prepared guide, see `loops.guide.compile.compile_guide`.
    `path` is what pyx12's ``get_path`` writes and tells every place from every
    other: segments that share a position have their first code behind them,
    for instance ``.../2300/REF[G1]``. `kin` is the same for a place of a claim
    under a patient (2000C) and its twin under a subscriber (2000B).
    """

    id: str
    loop: Loop
    position: int
    usage: str
    limit: int | None
    syntax: tuple[str, ...]
    elements: list[list[Any]]
    key: str = ""
    values: frozenset[bytes] = frozenset()
    elsewhere: frozenset[tuple[bytes, bytes]] = frozenset()
    path: str = ""
    kin: str = ""

    def takes(self, qualifier: bytes, second: bytes = b"") -> bool:
        """Whether a segment of this id with that qualifier, and element 02 where it matters, belongs here."""
        return not self.key or (qualifier in self.values and (qualifier, second) not in self.elsewhere)


@dataclass(eq=False, slots=True)
class Loop:
    """A loop of the guide: `children` (loops and segment places) by position, then map order."""

    id: str
    parent: Loop | None
    position: int
    usage: str
    limit: int | None
    children: list[Loop | SegmentPlace] = field(default_factory=list)
    path: str = ""

    @property
    def first(self) -> Loop | SegmentPlace:
        """The first child; a loop is entered by it."""
        return self.children[0]


@dataclass(frozen=True, eq=False, slots=True)
class Guide:
    """The whole guide: `root` holds ISA_LOOP; data elements and external code sets as compiled.

    `keys` says by segment id where the qualifier stands; for the ids in
    `pairs` element 02 counts too.
    """

    root: Loop
    places: tuple[SegmentPlace, ...]
    data_elements: dict[str, list[Any]]
    code_sets: dict[str, list[str]]
    keys: dict[str, str]
    pairs: frozenset[str]


@cache
def load() -> Guide:
    """Read the prepared guide: one for 005010X222, X222A1 and X222A2 (source: pyx12's X222.A1 map)."""
    data = json.loads(Path(__file__).with_name("837p.json").read_bytes())
    root = Loop("", None, 0, "R", None)
    nodes: list[Loop | SegmentPlace] = []
    for row in data["nodes"]:
        parent = root if row[2] is None else nodes[row[2]]
        assert isinstance(parent, Loop)
        nodes.append(_loop(row, parent) if row[0] == "loop" else _segment(row, parent, data["data_elements"]))
    for node in (root, *nodes):
        if isinstance(node, Loop):
            node.children.sort(key=lambda child: child.position)
            _mark_shared_positions(node, data["data_elements"])
            _correct(node)
        else:
            node.kin = node.path.replace("/2000C/2300", "/2300")
    places = tuple(node for node in nodes if isinstance(node, SegmentPlace))
    keys: dict[str, str] = {}
    for place in places:
        keys[place.id] = keys.get(place.id) or place.key
    pairs = frozenset(place.id for place in places if place.elsewhere)
    return Guide(root, places, data["data_elements"], data["code_sets"], keys, pairs)


def _loop(row: list[Any], parent: Loop) -> Loop:
    _, id_, _, position, usage, limit = row
    loop = Loop(id_, parent, position, usage, limit, path=f"{parent.path}/{id_}")
    parent.children.append(loop)
    return loop


def _segment(row: list[Any], loop: Loop, types: dict[str, list[Any]]) -> SegmentPlace:
    _, id_, _, position, usage, limit, syntax, elements = row
    place = SegmentPlace(
        id_, loop, position, usage, limit, tuple(syntax), elements, path=f"{loop.path}/{id_}"
    )
    place.key, codes = _qualifier(place, types)
    place.values = frozenset(code.encode("ascii") for code in codes)
    loop.children.append(place)
    return place


def _mark_shared_positions(loop: Loop, types: dict[str, list[Any]]) -> None:
    counts = Counter(child.position for child in loop.children)
    for child in loop.children:
        if isinstance(child, SegmentPlace) and counts[child.position] > 1:
            codes = _first_codes(child, types)
            child.path += f"[{codes[0]}]" if codes else ""


def _correct(loop: Loop) -> None:
    for child in loop.children:
        if isinstance(child, SegmentPlace):
            for end, pairs in _ELSEWHERE.items():
                if child.path.endswith(end):
                    child.elsewhere = pairs


def _first_codes(place: SegmentPlace, types: dict[str, list[Any]]) -> list[str]:
    """The codes that pyx12's path shows: those of the qualifier, or of an optional element 01."""
    first = place.elements[0] if place.elements else None
    if first is not None and first[0] is not None and first[2] and types[first[0]][0] == "ID":
        codes: list[str] = first[2]
        return codes
    return _qualifier(place, types)[1]


def _qualifier(place: SegmentPlace, types: dict[str, list[Any]]) -> tuple[str, list[str]]:
    # What pyx12 takes as qualifier: element 01 if it is a required ID with codes,
    # else 01-1 of a composite, for HL element 03; nothing else.
    first = place.elements[0] if place.elements else None
    if place.id in ("ISA", "GS"):
        return "", []  # these open their loop whatever they say
    if place.id == "HL":
        return "03", place.elements[2][2]
    if first is None:
        return "", []
    if first[0] is None:
        sub = first[2][0] if first[2] else None
        if sub and sub[2] and types[sub[0]][0] == "ID":
            return "01-1", sub[2]
    elif first[2] and first[1] == "R" and types[first[0]][0] == "ID":
        return "01", first[2]
    return "", []
