"""pyx12's walk as the oracle: its reader, its walker and its map, without its validation."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

import pyx12.errors
import pyx12.map_if
import pyx12.map_index
import pyx12.params
from pyx12.map_walker import walk_tree
from pyx12.x12file import X12Reader

import loops

MAP = "837.5010.X222.A1.xml"
BOM = b"\xef\xbb\xbf"
_LABEL = re.compile(rb"(GS.HC.[^\r\n]{0,90}?.)005010X222(A2)?(?![A-Z0-9])")


class CannotWalkError(Exception):
    """pyx12 has no walk for this input; the text says why."""


class Found(NamedTuple):
    """A segment's id, and the path of its place; no path when it fits nowhere."""

    id: str
    path: str


class _Reader(X12Reader):
    """pyx12's reader without its checks of counts, some of which raise."""

    def _parse_segment(self, seg_data: Any) -> None:
        pass


@cache
def _parameters() -> Any:
    return pyx12.params.ParamsBase()


@cache
def guide() -> Any:
    """pyx12's own tree of the guide."""
    return pyx12.map_if.load_map_file(MAP, _parameters())


@cache
def _control() -> Any:
    return pyx12.map_if.load_map_file("x12.control.00501.xml", _parameters())


@cache
def _index() -> Any:
    return pyx12.map_index.map_index()


def labelled(data: bytes) -> bytes:
    """`data` without what alone keeps pyx12 from reading it: byte order mark cut, label X222A1."""
    return _LABEL.sub(rb"\g<1>005010X222A1", data.removeprefix(BOM))


def pyx12_walk(data: bytes) -> list[Found]:
    """Every segment that pyx12 reads, in its place. Driven as pyx12's own X12ContextReader drives it."""
    try:
        reader = _Reader(io.StringIO(data.decode("latin-1"), newline=""))
    except pyx12.errors.X12Error as error:
        raise CannotWalkError(str(error)) from None
    return list(_walk(reader))


def _walk(reader: X12Reader) -> Iterator[Found]:
    version = ""
    node = _control().getnodebypath("/ISA_LOOP/ISA")
    walker = walk_tree()
    for segment in reader:
        id_ = segment.get_seg_id() or ""
        if id_ == "ISA":
            version = segment.get_value("ISA12")
            found = _control().getnodebypath("/ISA_LOOP/ISA")
        elif id_ == "GS":
            label = (version, segment.get_value("GS08"), segment.get_value("GS01"))
            if _index().get_filename(*label) != MAP:
                raise CannotWalkError(f"another guide: {label}")
            found = guide().getnodebypath("/ISA_LOOP/GS_LOOP/GS")
        else:
            found = walker.walk_errors(node, segment, 0, 0, None)[0]
        yield Found(id_, found.get_path() if found is not None else "")
        node = found if found is not None else node


def our_walk(data: bytes) -> list[Found]:
    """Every segment that the batch walks, in its place."""
    found = []
    with loops.read(data) as batch:
        for isa, stretch in batch.walk():
            start = stretch.start
            for end, step in zip(stretch.ends, stretch.steps, strict=True):
                id_ = data[start:end].lstrip(b"\r\n \t").split(isa.delimiters.element)[0].decode("latin-1")
                found.append(Found(id_, step.place.path if step.place else ""))
                start = end + 1
    return found


def parts(data: bytes) -> list[bytes]:
    """The interchanges of `data`, each alone: pyx12 keeps the separators of the first for all."""
    with loops.read(data) as batch:
        starts = [isa.start for isa in batch.index.isas]
    return [data[start:end] for start, end in zip(starts, [*starts[1:], len(data)], strict=True)]


def inside(found: Iterable[Found]) -> list[Found]:
    """What `found` holds of interchanges: pyx12 walks on after an IEA, where there is none."""
    kept, ended = [], False
    for one in found:
        ended = ended and one.id != "ISA"
        if not ended:
            kept.append(one)
        ended = ended or one.id == "IEA"
    return kept


def difference(data: bytes) -> str:
    """The first difference between the two walks of `data`, as text; empty when there is none.

    Two habits of pyx12 are allowed for, see test_differences_from_pyx12:
    it walks on after IEA, and it stops at an empty segment.
    """
    ours, theirs = our_walk(data), inside(pyx12_walk(data))
    if len(theirs) < len(ours) and _stopped_at_nothing(data, theirs):
        ours = ours[: len(theirs)]
    for number, (one, other) in enumerate(zip(ours, theirs, strict=False)):
        if one != other:
            return f"segment {number}: {one} here, {other} in pyx12"
    return "" if len(ours) == len(theirs) else f"{len(ours)} segments here, {len(theirs)} in pyx12"


def _stopped_at_nothing(data: bytes, theirs: list[Found]) -> bool:
    segments = data.split(data[105:106])
    return any(segment.lstrip(b"\r\n") == b"" for segment in segments[len(theirs) : -1])
