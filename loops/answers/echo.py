"""What a 277CA repeats of an 837P, read from the bytes: who, which claim, which line.

It does not go through the claim views: an answer names every claim of a
batch, and most of them are of no other interest.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from loops.answers.wrap import UNCHANGED
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
_USUAL: Final = 20  # characters of an amount, as `loops.values.number` has it


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


EchoedAbout: TypeAlias = tuple[str, "date | None", "date | None"]
"""REF*D9 of loop 2300, first and last day of service of the lines."""

EchoedClaim: TypeAlias = tuple[str, str, EchoedAbout]
"""CLM01, CLM02 (as sent, 0 where that is no number), and more; a tuple, as there are many."""


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
        self._element = self._delimiters.element_text
        self._end = self._delimiters.terminator.decode("latin-1")
        self._marks = _marks(self._delimiters)

    def charges(self, claims: range) -> Iterator[Decimal]:
        """CLM02 of claims (numbers from 0), zero where it is no number."""
        for text in self._texts(claims):
            yield Decimal(self._head(text)[1])

    def claims(self, claims: range) -> Iterator[EchoedClaim]:
        """Claims (numbers from 0) in their order."""
        for text in self._texts(claims):
            yield *self._head(text), self._inside(text)

    def lines(self, claim: int, ordinals: Collection[int]) -> dict[int, EchoedLine]:
        """Of the lines of a claim (number from 0) those with these ordinals (from 1)."""
        wanted: dict[int, list[list[str]]] = {}
        ordinal = 0
        for piece in self._pieces(self._index.claim_start[claim], self._index.claim_end[claim]):
            segment = piece.lstrip(_BLANKS)
            if segment[:2] == "LX":
                ordinal += segment.partition(self._element)[0] == "LX"
            if ordinal in ordinals:
                wanted.setdefault(ordinal, []).append(segment.split(self._element) + _ABSENT)
        return {n: _line(segments, self._delimiters.component_text) for n, segments in wanted.items()}

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

    def as_sent(self, subscriber: int, patient: int) -> str:
        """NM103 to NM109 of the patient, where they can be sent back as they are; else nothing."""
        found = self._marks.insured.search(self._data, *self._span(subscriber))
        if not found or not found[1]:
            return ""
        sent = found[1]
        if patient != NONE:
            name = self._marks.dependent.search(self._data, *self._span(patient))
            if not name or not name[1]:
                return ""
            sent = name[1] + self._delimiters.element * 4 + found[2]
        return sent.decode("ascii").replace(self._element, "*")

    def _texts(self, claims: range) -> Iterator[str]:
        """The bytes of claims as text."""
        starts, ends, data = self._index.claim_start, self._index.claim_end, self._data
        for claim in claims:
            start = starts[claim]
            if not 0 <= start - self._passed < _KEPT:  # claims are asked for in file order, more than once
                self._source.release(min(self._passed, start), start)
                self._passed = start
            yield data[start : ends[claim]].decode("latin-1")

    def _head(self, text: str) -> tuple[str, str]:
        """CLM01, and CLM02 where it is a number, else 0."""
        elements = text.split(self._element, 3)
        if len(elements) > 3:
            clm, id_, charge, _ = elements
            plain = len(charge) <= _USUAL and charge.replace(".", "", 1).isdecimal()
            if plain and clm == "CLM" and self._end not in id_:
                return id_, charge
        elements = text.partition(self._end)[0].split(self._element)
        if len(elements) < 3:
            return "", "0"
        return elements[1], "0" if number(elements[2]) is None else elements[2]

    def _inside(self, text: str) -> EchoedAbout:
        """REF*D9 of a claim, first and last day of service. Mostly that is one day, said for each line."""
        marks = self._marks
        own, service = self._alike(text, marks.own), self._alike(text, marks.service)
        if own is not None and service is not None:
            return own.partition(self._element)[0], *_days(service, self._element)
        intermediary, days = "", list[date]()
        for segment in text.split(self._end):
            begun = segment.lstrip(marks.leading)
            if begun.startswith(marks.own):
                intermediary = intermediary or begun.removeprefix(marks.own).partition(self._element)[0]
            elif begun.startswith(marks.service):
                days += filter(None, _days(begun.removeprefix(marks.service), self._element))
        return intermediary, min(days, default=None), max(days, default=None)

    def _alike(self, text: str, begin: str) -> str | None:
        """What follows `begin` in all segments that begin so, "" where none does; None where they differ."""
        before, begun, after = text.partition(begin)
        if not begun:
            return ""
        found = after.partition(self._end)[0]
        first = before.rstrip(self._marks.leading)[-1:] == self._end  # and others are no more than that
        return found if first and begin not in after.replace(f"{begin}{found}{self._end}", "") else None

    def _name(self, hl: int, role: str) -> Named:
        start, end = self._span(hl)
        found = self._marks.names[role].search(self._data, start, end)
        if not found:
            return Named()
        return _named(
            ["NM1", role, *found[1].decode("latin-1").split(self._delimiters.element_text), *_ABSENT]
        )

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
    """What every claim is answered with.

    `own` and `service` are how REF*D9 and DTP*472 begin, `leading` what may stand before them. `names`:
    NM1*IL and NM1*QC. Where they need no change, `insured` has NM103 to NM109 of the former, and then NM108
    and NM109; `dependent` NM103 and NM104 of the latter, if that is all.
    """

    own: str
    service: str
    leading: str
    names: dict[str, re.Pattern[bytes]]
    insured: re.Pattern[bytes]
    dependent: re.Pattern[bytes]


@lru_cache(maxsize=64)
def _marks(delimiters: Delimiters) -> _Marks:
    e, t = re.escape(delimiters.element), re.escape(delimiters.terminator)
    leading = bytes(set(LEADING) - set(delimiters.terminator) - set(delimiters.element))
    begin = t + b"[" + re.escape(leading) + b"]*+NM1" + e
    plain = re.escape(bytes(UNCHANGED - {ord(" "), *delimiters.element, *delimiters.terminator}))
    one = b"[" + plain.replace(b"%", b"%%") + b"]{%d,%d}+"
    last, first, middle, suffix, id_ = (
        one % sizes for sizes in ((1, 60), (0, 35), (0, 25), (0, 10), (2, 80))
    )
    name, ids = e.join((last, first, middle, b"", suffix)), b"(?:MI|II)" + e + id_
    return _Marks(
        own=delimiters.element_text.join(("REF", "D9", "")),
        service=delimiters.element_text.join(("DTP", "472", "")),
        leading=leading.decode("latin-1"),
        names={role: re.compile(begin + role.encode() + e + b"([^" + t + b"]*)") for role in ("IL", "QC")},
        insured=re.compile(
            begin + b"IL" + e + b"(?:[12]?" + e + b"(" + name + e + b"(" + ids + b"))" + t + b"|)"
        ),
        dependent=re.compile(
            begin + b"QC" + e + b"(?:[12]?" + e + b"(" + last + e + first + b")" + t + b"|)"
        ),
    )


@lru_cache(maxsize=4096)
def _days(service: str, element: str) -> tuple[date | None, date | None]:
    """First and last day of the elements of a DTP from DTP02 on, in their order."""
    qualifier, day, *_ = [*service.split(element), ""]
    days = [one for one in period(qualifier, day) if one]
    return min(days, default=None), max(days, default=None)


def _named(nm1: list[str]) -> Named:
    return Named(nm1[2] == "1", nm1[3], nm1[4], nm1[5], nm1[7], nm1[8], nm1[9])


def _line(segments: list[list[str]], component: str) -> EchoedLine:
    """A line of its LX, SV1, REF and DTP."""
    sv1, control, dtp = _ABSENT, "", _ABSENT
    for elements in reversed(segments):  # the first of each is taken
        if elements[0] == "SV1":
            sv1 = elements
        elif elements[0] == "REF" and elements[1] == "6R":
            control = elements[2]
        elif elements[0] == "DTP" and elements[1] == "472":
            dtp = elements
    procedure = [*sv1[1].split(component), "", ""]
    first_day, last_day = period(dtp[2], dtp[3])
    return EchoedLine(
        qualifier=procedure[0],
        code=procedure[1],
        modifiers=tuple(modifier for modifier in procedure[2:6] if modifier),
        charge=number(sv1[2]),
        units=number(sv1[4]),
        control=control or segments[0][1],
        first_day=first_day,
        last_day=last_day,
    )
