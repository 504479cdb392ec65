"""What a claim asserts, line by line, and which line of the rewritten claim is which of the one that came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from loops import Segment
from loops.values import number
from scrubber.finding import Edit
from scrubber.rewrite import form


@dataclass(frozen=True, slots=True)
class Line:
    """Loop 2400 with all below it; LX stands first in `segments`."""

    segments: tuple[Segment, ...]

    @property
    def lx(self) -> Segment:
        """The segment that begins the line."""
        return self.segments[0]

    @property
    def number(self) -> str:
        """LX01."""
        return self.lx.text(1)

    @property
    def sv1(self) -> Segment | None:
        """The service segment."""
        return next((one for one in self.segments if one.id == "SV1"), None)

    @property
    def _service(self) -> list[str]:
        return self.sv1.components(form.PROCEDURE["SV1"]) if self.sv1 else []

    @property
    def code(self) -> str:
        """SV101-2 in its plain form."""
        return "".join(form.plain(one) for one in self._service[1:2])

    @property
    def modifiers(self) -> list[str]:
        """SV101-3 to SV101-6, each once."""
        return form.modifiers(self._service)

    @property
    def charge(self) -> Decimal | None:
        """SV102 in dollars."""
        return number(self.sv1.text(2)) if self.sv1 else None

    @property
    def basis(self) -> str:
        """SV103."""
        return self.sv1.text(3) if self.sv1 else ""

    @property
    def pointers(self) -> list[str]:
        """SV107, each once."""
        return form.pointers(self.sv1.components(7)) if self.sv1 else []

    @property
    def day(self) -> list[str]:
        """DTP*472: qualifier and date as sent."""
        return [s.text(element) for s in self.segments for element in (2, 3) if _is(s, "DTP", "472")]

    @property
    def quantities(self) -> list[object]:
        """What is counted: SV104, the quantity and unit of a drug, test results."""
        return [one for segment in self.segments for one in _counted(segment)]

    @property
    def ndcs(self) -> list[str]:
        """LIN03, each in its plain form."""
        return [form.ndc(segment.text(3)) for segment in self.segments if segment.id == "LIN"]

    @property
    def texts(self) -> list[str]:
        """Descriptions (SV101-7) and notes (NTE02)."""
        return [text for segment in self.segments for text in _texts(segment) if text]


@dataclass(frozen=True, slots=True)
class Facts:
    """A claim: what stands before its first line, and its lines."""

    head: tuple[Segment, ...]
    lines: tuple[Line, ...]

    @property
    def charge(self) -> Decimal | None:
        """CLM02 in dollars."""
        return next((number(one.text(2)) for one in self.head if one.id == "CLM"), None)

    @property
    def diagnoses(self) -> list[str]:
        """The codes of HI in order, without points; procedures and conditions of HI are among them."""
        codes = (part for one in self.head if one.id == "HI" for part in _composites(one))
        return [code.replace(".", "") for code in codes]

    @property
    def texts(self) -> list[str]:
        """Notes of the claim."""
        return [text for segment in self.head for text in _texts(segment) if text]


def facts(segments: Iterable[Segment]) -> Facts:
    """What the segments of a claim (CLM first) assert."""
    head: list[Segment] = []
    groups: list[list[Segment]] = []
    for segment in segments:
        if segment.id == "LX":
            groups.append([])
        (groups[-1] if groups else head).append(segment)
    return Facts(tuple(head), tuple(Line(tuple(group)) for group in groups))


@dataclass(frozen=True, slots=True)
class Matched:
    """Lines that are still there, as they were and as they would be; those removed; those added."""

    kept: tuple[tuple[Line, Line], ...]
    removed: tuple[Line, ...]
    added: tuple[Line, ...]


def matched(was: Facts, would: Facts, edits: Sequence[Edit]) -> Matched:
    """Match the lines by the places of their LX, which `edits` (of the claim as it was, in order) move.

    A line whose LX stands in bytes that an edit replaces is removed, one whose
    LX is of those that it writes is added: neither is told by its number,
    which may be used twice.
    """
    places: dict[int, Line] = {}
    removed = []
    for line in was.lines:
        place = _moved(line.lx.start, edits)
        if place is None:
            removed.append(line)
        else:
            places[place] = line
    kept, added = [], []
    for line in would.lines:
        old = places.pop(line.lx.start, None)
        if old is None:
            added.append(line)
        else:
            kept.append((old, line))
    return Matched(tuple(kept), (*removed, *places.values()), tuple(added))


def _moved(place: int, edits: Sequence[Edit]) -> int | None:
    """Where a byte stands after `edits`; None when it is one of those that they replace."""
    shift = 0
    for edit in edits:
        if edit.start <= place < edit.end:
            return None
        if edit.end <= place:
            shift += len(edit.after) - len(edit.before)
    return place + shift


def _is(segment: Segment, id_: str, qualifier: str) -> bool:
    return segment.id == id_ and segment.text(1) == qualifier


def _counted(segment: Segment) -> Sequence[object]:
    if segment.id == "SV1":
        return (form.quantity(segment.text(4)),)
    if segment.id == "CTP":
        return (form.quantity(segment.text(4)), segment.text(5))
    if segment.id == "MEA":
        return (segment.text(1), segment.text(2), form.quantity(segment.text(3)))
    return ()


def _texts(segment: Segment) -> Sequence[str]:
    if segment.id in form.PROCEDURE:
        return segment.components(form.PROCEDURE[segment.id])[6:7]
    return (segment.text(2),) if segment.id == "NTE" else ()


def _composites(segment: Segment) -> Iterator[str]:
    for element in range(1, len(segment.parts)):
        yield from segment.components(element)[1:2]
