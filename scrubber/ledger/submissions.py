"""Makes `SubmittedClaim` of the claims of a batch.

It reads the bytes of a claim, not its views: most claims hold no injection and never become views, and
all of them are kept. A claim costs a fifth of what its views would.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from loops.build import DIAGNOSES
from loops.claim import POINTER
from loops.scan import NONE
from loops.values import number as decimal
from loops.values import period
from loops.walker import LEADING
from scrubber.finding import Outcome
from scrubber.ledger import kept
from scrubber.ledger.submitted import Alarm, Disposition, SubmittedClaim, SubmittedLine, Transaction

if TYPE_CHECKING:
    from loops import Batch
    from loops.delimiters import Delimiters
    from scrubber.finding import Finding
    from scrubber.payers import Payers, Profile

_QUALIFIED: Final = frozenset({"REF", "DTP", "NM1"})
_REPLACING: Final = ("7", "8")
_KEPT: Final = 4096

# The first segment of each id (REF, DTP and NM1: of each id and element 01), split into elements.
_Firsts = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class _Above:
    """What the HL blocks above a claim say. `ask` is what its payer's profile depends on."""

    billing_npi: str
    payer_id: str
    filing: str
    person: str
    member: str
    ask: tuple[str, ...]


class Submissions:
    """The claims of one batch as the ledger keeps them.

    `at` is when the batch was scrubbed or sent (aware, UTC); `key` makes the keyed hashes (that of the
    ledger, else `new_key()`); `file` is the batch's name where it has another than its own.
    """

    def __init__(
        self, batch: Batch, payers: Payers, *, at: datetime, key: bytes, file: str | None = None
    ) -> None:
        self._batch = batch
        self._payers = payers
        self._at = at
        self._key = key
        self._file = batch.name if file is None else file
        self._transaction: tuple[int, Transaction] | None = None
        self._above: tuple[tuple[int, int, int], _Above] | None = None
        self._profiles: dict[tuple[str, ...], tuple[Profile, str]] = {}

    def submitted(
        self,
        number: int,
        findings: Iterable[Finding] = (),
        disposition: Disposition = Disposition.RELEASED,
    ) -> SubmittedClaim:
        """Claim `number` (from 0) with its findings; those of outcome ``pass`` are left out."""
        delimiters = self._batch.isa(number).delimiters
        index = self._batch.index
        body, pieces = self._pieces(index.claim_start[number], index.claim_end[number], delimiters)
        own, parties, diagnoses, groups = _grouped(pieces, delimiters)
        above = self._around(number, delimiters)
        clm = own["CLM"]
        facility = _element(clm, 5).split(delimiters.component_text)
        frequency = kept.modifier(facility[2]) if len(facility) > 2 else ""
        lines = tuple([_line(group, facility[0], diagnoses, delimiters) for group in groups])
        days = [line.first_day for line in lines if line.first_day]
        last_days = [line.last_day or line.first_day for line in lines]
        first_day = min(days, default=None)
        profile, payer_class = self._payer(number, above.ask)
        rendering = parties.get("NM182")
        return SubmittedClaim(
            transaction=self._sent(index.claim_set[number]),
            index=number + 1,
            id=kept.control(_element(clm, 1)),
            frequency=frequency,
            trace=kept.control(_element(own.get("REFD9", ()), 2)),
            payer_control=kept.control(_element(own.get("REFF8", ()), 2)),
            sha256=sha256(body.encode("latin-1")).hexdigest(),
            cents=kept.cents(_element(clm, 2)),
            first_day=first_day,
            last_day=max((day for day in last_days if day), default=None),
            billing_npi=above.billing_npi,
            rendering_npi=_npi(rendering) if rendering else above.billing_npi,
            payer_id=above.payer_id,
            payer_class=payer_class,
            filing=above.filing,
            person=above.person,
            member=above.member,
            disposition=disposition,
            lines=lines,
            alarms=tuple([_alarm(one) for one in findings if one.outcome is not Outcome.PASS]),
            timely=_timely(profile, first_day, frequency),
        )

    def _pieces(self, start: int, end: int, delimiters: Delimiters) -> tuple[str, list[str]]:
        """The text from `start` to the end of the last segment before `end`; the segments in it."""
        blanks, terminator = _blanks(delimiters)
        parts = bytes(self._batch.source.data[start:end]).decode("latin-1").split(terminator)
        parts[-1] = parts[-1].rstrip(blanks)  # a line end after the last terminator, or a claim cut off
        while parts and not parts[-1].lstrip(blanks):
            parts.pop()
        return terminator.join(parts), [piece for part in parts if (piece := part.lstrip(blanks))]

    def _sent(self, number: int) -> Transaction:
        if self._transaction is None or self._transaction[0] != number:
            envelope = self._batch.envelope(number)
            self._transaction = (
                number,
                Transaction(
                    file=self._file,
                    isa13=kept.control(envelope.isa13),
                    gs06=kept.control(envelope.gs06),
                    st02=kept.control(envelope.st02),
                    bht03=kept.control(envelope.bht03),
                    version=kept.control(envelope.version),
                    at=self._at,
                ),
            )
        return self._transaction[1]

    def _around(self, number: int, delimiters: Delimiters) -> _Above:
        """What stands above the claim, remembered: claims of one patient follow each other."""
        index = self._batch.index
        blocks = index.billing[number], index.subscriber[number], index.patient[number]
        if self._above is None or self._above[0] != blocks:
            billing, subscriber, patient = (self._block(hl, delimiters) for hl in blocks)
            self._above = blocks, self._read_above(billing, subscriber, patient)
        return self._above[1]

    def _block(self, hl: int, delimiters: Delimiters) -> _Firsts:
        if hl == NONE:
            return {}
        index = self._batch.index
        _, pieces = self._pieces(index.hl_start[hl], index.hl_end[hl], delimiters)
        firsts: _Firsts = {}
        for piece in pieces:
            _add(firsts, piece.split(delimiters.element_text))
        return firsts

    def _read_above(self, billing: _Firsts, subscriber: _Firsts, patient: _Firsts) -> _Above:
        insured, payer = subscriber.get("NM1IL", ()), subscriber.get("NM1PR", ())
        filing = _element(subscriber.get("SBR", ()), 9)
        who = patient or subscriber
        name = who.get("NM1QC" if patient else "NM1IL", ())
        member = _element(insured, 9)
        born, first = _element(who.get("DMG", ()), 2), _element(name, 4)
        states = (_element(block.get("N4", ()), 2) for block in (subscriber, billing))
        return _Above(
            billing_npi=_npi(billing.get("NM185", ())),
            payer_id=kept.party(_element(payer, 9)),
            filing=kept.modifier(filing),
            person=kept.person_key(self._key, member, born, first),
            member=kept.member_key(self._key, member),
            ask=(filing, _element(payer, 9), _element(payer, 3), *states),
        )

    def _payer(self, number: int, ask: tuple[str, ...]) -> tuple[Profile, str]:
        found = self._profiles.get(ask)
        if found is None:
            claim = self._batch.claim(number)
            if len(self._profiles) > _KEPT:
                self._profiles.clear()
            found = self._profiles[ask] = self._payers.of(claim), self._payers.payer_class(claim)
        return found


def _grouped(
    pieces: Iterable[str], delimiters: Delimiters
) -> tuple[_Firsts, _Firsts, list[str], list[_Firsts]]:
    """Firsts of loop 2300 itself and of its 2310 loops, the diagnoses, firsts of each 2400."""
    own: _Firsts = {}
    parties: _Firsts = {}
    lines: list[_Firsts] = []
    diagnoses: list[str] = []
    into = own
    for piece in pieces:
        elements = piece.split(delimiters.element_text)
        id_ = elements[0]
        if id_ == "LX":
            into = {}
            lines.append(into)
        elif not lines:
            if id_ == "SBR":
                into = {}  # another payer's loops: nothing of them is kept
            elif id_ == "NM1" and into is own:
                into = parties
            elif id_ == "HI" and into is own:
                diagnoses += _diagnoses(elements, delimiters)
        _add(into, elements)
    return own, parties, diagnoses, lines


def _add(firsts: _Firsts, elements: list[str]) -> None:
    id_ = elements[0]
    if id_ in _QUALIFIED and len(elements) > 1:
        id_ += elements[1]
    if id_ not in firsts:
        firsts[id_] = elements


def _diagnoses(elements: list[str], delimiters: Delimiters) -> Iterator[str]:
    for text in elements[1:13]:  # HI has twelve elements, whatever follows
        qualifier, *rest = text.split(delimiters.component_text)
        if qualifier in DIAGNOSES and rest:
            yield kept.code(rest[0])


def _line(group: _Firsts, place: str, diagnoses: list[str], delimiters: Delimiters) -> SubmittedLine:
    sv1, days = group.get("SV1", ()), group.get("DTP472", ())
    procedure = _element(sv1, 1).split(delimiters.component_text)
    modifiers = [kept.modifier(one) for one in procedure[2:6]]
    while modifiers and not modifiers[-1]:
        modifiers.pop()
    first_day, last_day = period(_element(days, 2), _element(days, 3))
    return SubmittedLine(
        number=kept.line_number(_element(group["LX"], 1)),
        control=kept.control(_element(group.get("REF6R", ()), 2)),
        code=kept.code(procedure[1]) if len(procedure) > 1 else "",
        modifiers=tuple(modifiers),
        units=decimal(_element(sv1, 4)),
        cents=kept.cents(_element(sv1, 2)),
        first_day=first_day,
        last_day=last_day,
        place=kept.modifier(_element(sv1, 5) or place),
        diagnoses=tuple(_pointed(_element(sv1, 7), diagnoses, delimiters)),
        ndc=kept.party(_element(group.get("LIN", ()), 3)),
    )


def _pointed(pointers: str, diagnoses: list[str], delimiters: Delimiters) -> Iterator[str]:
    for pointer in pointers.split(delimiters.component_text):
        if POINTER.fullmatch(pointer) and int(pointer) <= len(diagnoses):
            yield diagnoses[int(pointer) - 1]


def _element(elements: Sequence[str], number: int) -> str:
    return elements[number] if number < len(elements) else ""


def _npi(name: Sequence[str]) -> str:
    return kept.npi(_element(name, 9)) if _element(name, 8) == "XX" else ""


def _alarm(finding: Finding) -> Alarm:
    return Alarm(
        rule=finding.rule,
        severity=finding.severity.value,
        outcome=finding.outcome.value,
        lines=tuple([kept.line_number(line) for line in finding.lines]),
        place=kept.place(finding.place),
        cents=kept.cents(str(finding.dollars)) or 0,
        evidence=kept.facts(finding.evidence),
        disposition=finding.disposition,
    )


def _timely(profile: Profile, day: date | None, frequency: str) -> date | None:
    """The last day to send a claim for services from `day` on, by the payer's own limit."""
    if day is None:
        return None
    habit = profile.habit("corrected_days" if frequency in _REPLACING else "timely_days", day)
    return day + timedelta(days=int(habit.value)) if habit else None


@lru_cache(maxsize=64)
def _blanks(delimiters: Delimiters) -> tuple[str, str]:
    """What may stand before a segment, and the terminator, as text."""
    separators = delimiters.element + delimiters.terminator
    return LEADING.translate(None, separators).decode("latin-1"), delimiters.terminator.decode("latin-1")
