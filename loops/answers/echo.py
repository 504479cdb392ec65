"""What a 277CA repeats of an 837P, read from the bytes: who, which claim, which line.

It does not go through the claim views: an answer names every claim of a
batch, and most of them are of no other interest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from loops.batch import Batch
from loops.delimiters import Delimiters
from loops.scan import NONE
from loops.values import number, period
from loops.walker import LEADING

_BLANKS: Final = LEADING.decode("latin-1")
_HEADER: Final = 8192  # far above what stands before the first HL
_ABSENT: Final = [""] * 16
_KEPT: Final = 8 << 20
_ZERO: Final = Decimal(0)


class Named(NamedTuple):
    """NM1: NM103, NM104, NM105, NM107, NM108, NM109; `person` tells whether NM102 is 1."""

    person: bool = False
    last: str = ""
    first: str = ""
    middle: str = ""
    suffix: str = ""
    qualifier: str = ""
    id: str = ""


class EchoedLine(NamedTuple):
    """A service line: SV101 qualifier, code and modifiers, SV102, SV104, REF*6R (else LX01), DTP*472."""

    qualifier: str
    code: str
    modifiers: tuple[str, ...]
    charge: Decimal | None
    units: Decimal | None
    control: str
    first_day: date | None
    last_day: date | None


class EchoedClaim(NamedTuple):
    """CLM01, CLM02, REF*D9 of loop 2300, first and last day of service of the lines, the lines asked for.

    `charge` is CLM02 as sent, 0 where that is no number.
    """

    id: str
    charge: str
    intermediary: str
    first_day: date | None
    last_day: date | None
    lines: dict[int, EchoedLine]


class EchoedHeader(NamedTuple):
    """BHT03, BHT04, the submitter (1000A) and the receiver (1000B) of a transaction."""

    reference: str
    made_on: date | None
    submitter: Named
    receiver: Named


class Echo:
    """Reads one transaction set of a batch, by its number (from 0)."""

    def __init__(self, batch: Batch, transaction: int) -> None:
        self._index = batch.index
        self._source = batch.source
        self._data = batch.source.data
        self._passed = 0
        self._transaction = transaction
        self._delimiters = batch.index.isas[batch.index.set_isa[transaction]].delimiters
        self._marks = _marks(self._delimiters)

    def charge(self, claim: int) -> Decimal:
        """CLM02 of claim `claim` (from 0), zero where it is no number."""
        start = self._index.claim_start[claim]
        self._pass(start)
        found = self._marks.clm.match(self._data, start)
        return number(found[2].decode("latin-1")) or _ZERO if found else _ZERO

    def header(self) -> EchoedHeader:
        """What stands before the first HL."""
        start = self._index.set_start[self._transaction]
        end = min(self._index.set_end[self._transaction], start + _HEADER)
        reference, made_on, names = "", None, {"41": Named(), "40": Named()}
        for elements in self._segments(start, end):
            if elements[0] == "BHT":
                reference, made_on = elements[3], period("D8", elements[4])[0]
            elif elements[0] == "NM1" and elements[1] in names:
                names[elements[1]] = _named(elements)
            elif elements[0] == "HL":
                break
        return EchoedHeader(reference, made_on, names["41"], names["40"])

    def billing(self, hl: int) -> Named:
        """The billing provider of an HL block: its NPI, else its tax id (qualifier FI)."""
        found, tax, mine = Named(), "", False
        for elements in self._segments(*self._span(hl)):
            if elements[0] == "NM1":
                mine = elements[1] == "85"
                found = _named(elements) if mine else found
            elif mine and elements[0] == "REF" and elements[1] in ("EI", "SY"):
                tax = tax or elements[2]
        if found.qualifier == "XX" and found.id:
            return found
        return found._replace(qualifier="FI", id=tax or found.id)

    def patient(self, subscriber: int, patient: int) -> Named:
        """The patient by name, with the member id of the subscriber."""
        insured = self._name(subscriber, "IL")
        if patient == NONE:
            return insured
        return self._name(patient, "QC")._replace(qualifier=insured.qualifier, id=insured.id)

    def claim(self, claim: int, lines: frozenset[int]) -> EchoedClaim:
        """Claim `claim` (from 0), and of its lines those with these ordinals (from 1)."""
        start, end = self._index.claim_start[claim], self._index.claim_end[claim]
        self._pass(start)
        marks = self._marks
        clm = marks.clm.match(self._data, start)
        id_, charge = (clm[1].decode("latin-1"), clm[2].decode("latin-1")) if clm else ("", "")
        intermediary, services = b"", set[bytes]()
        for own, service in marks.inside.findall(self._data, start, end):
            if service:
                services.add(service)
            else:
                intermediary = intermediary or own
        days = [day for service in services for day in _days(service, self._delimiters.element) if day]
        return EchoedClaim(
            id_,
            "0" if number(charge) is None else charge,
            intermediary.decode("latin-1"),
            min(days, default=None),
            max(days, default=None),
            self._lines(start, end, lines) if lines else {},
        )

    def _lines(self, start: int, end: int, ordinals: frozenset[int]) -> dict[int, EchoedLine]:
        wanted: dict[int, list[list[str]]] = {}
        ordinal = 0
        for elements in self._segments(start, end):
            ordinal += elements[0] == "LX"
            if ordinal in ordinals:
                wanted.setdefault(ordinal, []).append(elements)
        return {n: _line(segments, self._delimiters.component_text) for n, segments in wanted.items()}

    def _name(self, hl: int, role: str) -> Named:
        start, end = self._span(hl)
        found = self._marks.names[role].search(self._data, start, end)
        if not found:
            return Named()
        return _named(
            ["NM1", role, *found[1].decode("latin-1").split(self._delimiters.element_text), *_ABSENT]
        )

    def _pass(self, position: int) -> None:
        """Let go of what was read before `position`: claims are asked for in file order, more than once."""
        if not 0 <= position - self._passed < _KEPT:
            self._source.release(min(self._passed, position), position)
            self._passed = position

    def _span(self, hl: int) -> tuple[int, int]:
        return (0, 0) if hl == NONE else (self._index.hl_start[hl], self._index.hl_end[hl])

    def _segments(self, start: int, end: int) -> Iterator[list[str]]:
        for piece in self._pieces(start, end):
            yield piece.lstrip(_BLANKS).split(self._delimiters.element_text) + _ABSENT

    def _pieces(self, start: int, end: int) -> list[str]:
        text = bytes(self._data[start:end]).decode("latin-1")
        return text.split(self._delimiters.terminator.decode("latin-1"))


@dataclass(frozen=True, slots=True)
class _Marks:
    """Patterns of what every claim is answered with: CLM; REF*D9 and DTP*472 behind it; NM1*IL, NM1*QC."""

    clm: re.Pattern[bytes]
    inside: re.Pattern[bytes]
    names: dict[str, re.Pattern[bytes]]


@lru_cache(maxsize=64)
def _marks(delimiters: Delimiters) -> _Marks:
    e, t = re.escape(delimiters.element), re.escape(delimiters.terminator)
    leading = re.escape(bytes(set(LEADING) - set(delimiters.terminator) - set(delimiters.element)))
    value = b"([^" + e + t + b"]*+)"
    own, service = b"REF" + e + b"D9" + e + value, b"DTP" + e + b"472" + e + b"([^" + t + b"]+)"
    begin = t + b"[" + leading + b"]*+"
    return _Marks(
        clm=re.compile(b"CLM" + e + value + e + value),
        inside=re.compile(begin + b"(?:" + own + b"|" + service + b")"),
        names={
            role: re.compile(begin + b"NM1" + e + role.encode() + e + b"([^" + t + b"]*)")
            for role in ("IL", "QC")
        },
    )


@lru_cache(maxsize=4096)
def _days(service: bytes, element: bytes) -> tuple[date | None, date | None]:
    """First and last day of the elements of a DTP from DTP02 on."""
    qualifier, day, *_ = [*service.split(element), b""]
    return period(qualifier.decode("latin-1"), day.decode("latin-1"))


def _named(nm1: list[str]) -> Named:
    return Named(nm1[2] == "1", nm1[3], nm1[4], nm1[5], nm1[7], nm1[8], nm1[9])


def _line(segments: list[list[str]], component: str) -> EchoedLine:
    """A line of its LX, SV1, REF and DTP."""
    by_id = {elements[0]: elements for elements in reversed(segments)}  # the first of each id
    sv1 = by_id.get("SV1", _ABSENT)
    procedure = [*sv1[1].split(component), "", ""]
    control = next((e[2] for e in segments if e[0] == "REF" and e[1] == "6R"), "")
    dtp = next((e for e in segments if e[0] == "DTP" and e[1] == "472"), _ABSENT)
    first_day, last_day = period(dtp[2], dtp[3])
    return EchoedLine(
        qualifier=procedure[0],
        code=procedure[1],
        modifiers=tuple(modifier for modifier in procedure[2:6] if modifier),
        charge=number(sv1[2]),
        units=number(sv1[4]),
        control=control or by_id["LX"][1],
        first_day=first_day,
        last_day=last_day,
    )
