"""A claim looked at exactly: balances in cents, pointers, days, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from loops.segment import Segment
from loops.values import number, period
from loops.walker import LEADING, walker

if TYPE_CHECKING:
    from loops.delimiters import Delimiters
    from loops.source import Buffer
    from loops.validate.report import Context

Placed = tuple[Segment, int]  # a segment and its ordinal in the transaction set
_ABOVE: Final = "/ISA_LOOP/GS_LOOP/ST_LOOP/DETAIL/2000A/2000B/2010BB/NM1"
_DIAGNOSES: Final = frozenset({"ABK", "ABF", "BK", "BF"})


@dataclass(frozen=True, slots=True)
class Claim:
    """Span of a claim, ordinal of its CLM, birth of the patient and day of the file (CCYYMMDD or empty)."""

    start: int
    end: int
    ordinal: int
    birth: bytes
    made_on: bytes


@dataclass(slots=True)
class _Payer:
    """Loop 2320: what another payer paid on the claim and adjusted there, and its id (2330B NM109)."""

    paid: Placed | None = None
    adjusted: Decimal = Decimal(0)
    id: str = ""
    line_paid: Decimal = Decimal(0)
    lines: int = 0


@dataclass(slots=True)
class _Line:
    charge: Decimal | None
    adjudications: list[tuple[Segment, int, Decimal | None, Decimal]] = field(default_factory=list)


class Closer:
    """Looks at suspicious claims and reports into `context`."""

    def __init__(self, data: Buffer, delimiters: Delimiters, context: Context) -> None:
        self._data = data
        self._delimiters = delimiters
        self._context = context
        self._line = b""

    def look(self, claim: Claim) -> None:
        """Report what is wrong with the claim."""
        segments = list(self._segments(claim))
        self._charges(segments)
        self._pointers(segments)
        self._days(segments, claim)
        self._payers(segments)

    def _segments(self, claim: Claim) -> Iterator[Placed]:
        """Segments in their places with their ordinals."""
        data = bytes(self._data[claim.start : claim.end])
        walk = walker(self._delimiters)
        stretch = walk.walk(data, walk.at(_ABOVE))
        begin = 0
        for index, (stop, step) in enumerate(zip(stretch.ends, stretch.steps, strict=True)):
            raw = data[begin:stop].lstrip(LEADING)
            place = step.place
            loop = place.loop.id if place else ""
            start = claim.start + stop - len(raw)
            yield Segment(loop, raw.decode("latin-1"), start, self._delimiters), claim.ordinal + index
            begin = stop + 1

    def _add(self, code: str, where: Placed, element: int, component: int, cure: str) -> None:
        segment, ordinal = where
        spot = segment.spot(element, component)
        self._context.add(
            code,
            (spot.start, spot.end),
            cure,
            place=spot.place,
            element=element,
            component=component,
            segment=ordinal,
            segment_id=segment.id,
            line=self._line,
        )

    def _charges(self, segments: list[Placed]) -> None:
        claim = segments[0][0]
        amounts = [number(s.text(2)) for s, _ in segments if s.id == "SV1"]
        charge = number(claim.text(2))
        if charge is None or not amounts or None in amounts:
            return
        if sum(amount for amount in amounts if amount is not None) != charge:
            self._line = b""
            self._add("X12-BALANCE-CHARGE", segments[0], 2, 0, "find the line or the claim that is wrong")

    def _pointers(self, segments: list[Placed]) -> None:
        count = sum(
            value.partition(self._delimiters.component.decode("latin-1"))[0] in _DIAGNOSES
            for segment, _ in segments
            if segment.id == "HI" and segment.loop == "2300"
            for value in (segment.text(n) for n in range(1, len(segment.parts)))
        )
        for segment, ordinal in self._by_line(segments):
            if segment.id != "SV1" or not segment[7]:
                continue
            for component, pointer in enumerate(segment.components(7), 1):
                if pointer.isdigit() and not 1 <= int(pointer) <= count:
                    self._add("X12-POINTER", (segment, ordinal), 7, component, "point at a diagnosis of HI")

    def _by_line(self, segments: list[Placed]) -> Iterator[Placed]:
        self._line = b""
        for segment, ordinal in segments:
            if segment.id == "LX":
                self._line = segment[1]
            yield segment, ordinal
        self._line = b""

    def _days(self, segments: list[Placed], claim: Claim) -> None:
        birth, made_on = (period("D8", day.decode("latin-1"))[0] for day in (claim.birth, claim.made_on))
        for segment, ordinal in self._by_line(segments):
            if segment.id != "DTP" or segment[1] != b"472":
                continue
            first, last = period(segment.text(2), segment.text(3))
            if first and birth and first < birth:
                self._add("X12-DATE-BIRTH", (segment, ordinal), 3, 0, "compare with DMG02")
            if last and made_on and last > made_on:
                self._add("X12-DATE-FUTURE", (segment, ordinal), 3, 0, "compare with BHT04")

    # Coordination of benefits

    def _payers(self, segments: list[Placed]) -> None:
        payers, lines = self._gather(segments)
        for line in lines:
            for segment, ordinal, paid, adjusted in line.adjudications:
                if paid is None:
                    continue
                if line.charge is not None and line.charge != paid + adjusted:
                    self._add(
                        "X12-BALANCE-LINE", (segment, ordinal), 2, 0, "compare with SV102 and CAS of the line"
                    )
                for payer in payers:
                    if payer.id == segment.text(1):
                        payer.line_paid += paid
                        payer.lines += 1
        for payer in payers:
            if (
                payer.paid
                and payer.lines
                and number(payer.paid[0].text(2)) != payer.line_paid - payer.adjusted
            ):
                self._add("X12-BALANCE-PAID", payer.paid, 2, 0, "compare with SVD02 and CAS")

    def _gather(self, segments: list[Placed]) -> tuple[list[_Payer], list[_Line]]:
        payers: list[_Payer] = []
        lines: list[_Line] = []
        for segment, ordinal in segments:
            match segment.loop, segment.id:
                case "2320", "SBR":
                    payers.append(_Payer())
                case "2320", "AMT" if payers and segment[1] == b"D":
                    payers[-1].paid = segment, ordinal
                case "2320", "CAS" if payers:
                    payers[-1].adjusted += _adjusted(segment)
                case "2330B", "NM1" if payers:
                    payers[-1].id = segment.text(9)
                case "2400", "SV1":
                    lines.append(_Line(number(segment.text(2))))
                case "2430", "SVD" if lines:
                    lines[-1].adjudications.append((segment, ordinal, number(segment.text(2)), Decimal(0)))
                case "2430", "CAS" if lines and lines[-1].adjudications:
                    *first, amount = lines[-1].adjudications[-1]
                    lines[-1].adjudications[-1] = (*first, amount + _adjusted(segment))  # type: ignore[assignment]
        return payers, lines


def _adjusted(segment: Segment) -> Decimal:
    amounts = (number(segment.text(element)) for element in range(3, 19, 3))
    return sum((amount for amount in amounts if amount is not None), Decimal(0))
