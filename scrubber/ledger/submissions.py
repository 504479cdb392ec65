"""Makes `SubmittedClaim` of the claims of a batch.

It reads the bytes of a claim, not its views: most claims hold no injection and never become views, and
all of them are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from loops.build import DIAGNOSES
from loops.claim import POINTER
from loops.scan import NONE
from loops.values import period
from loops.walker import LEADING
from scrubber.finding import Outcome
from scrubber.ledger import kept
from scrubber.ledger.patterns import patterns
from scrubber.ledger.submitted import Alarm, Disposition, SubmittedClaim, SubmittedLine, Transaction

if TYPE_CHECKING:
    from loops import Batch
    from loops.delimiters import Delimiters
    from scrubber.finding import Finding
    from scrubber.payers import Payers, Profile

_QUALIFIED: Final = frozenset({"REF", "NM1"})
_NONE: Final[list[str]] = []
_PAYER_IDS: Final = frozenset({"PI", "XV", "46"})  # what NM109 of a payer can be, by NM108
_REPLACING: Final = ("7", "8")
_KEPT: Final = 4096

# The first segment of each id (REF and NM1: of each id and element 01), split into elements.
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
        self._billing: tuple[int, _Firsts] | None = None
        self._known: dict[tuple[str, ...], _Payer] = {}

    def submitted(
        self,
        number: int,
        findings: Iterable[Finding] = (),
        disposition: Disposition = Disposition.RELEASED,
    ) -> SubmittedClaim:
        """Claim `number` (from 0) with its findings; those of outcome ``pass`` are left out."""
        delimiters, index = self._batch.isa(number).delimiters, self._batch.index
        body = _body(self._batch.source.data[index.claim_start[number] : index.claim_end[number]], delimiters)
        text = delimiters.terminator.decode("latin-1") + body.decode("latin-1")
        first = patterns(delimiters).first.search(text)
        end = first.start() if first else len(text)
        own, parties = _head(text[:end], delimiters)
        above = self._around(number, delimiters)
        _, id_, charge, _, _, facility = _elements(own, "CLM", 6)
        place, _, frequency = _parted(facility, delimiters.component_text)
        lines = tuple(_lines(text, end, place, _diagnoses(own, delimiters), delimiters))
        first_day = min([line.first_day for line in lines if line.first_day], default=None)
        payer = self._payer(number, above.ask)
        return SubmittedClaim(
            transaction=self._sent(index.claim_set[number]),
            index=number + 1,
            id=kept.control(id_),
            frequency=kept.short(frequency),
            trace=kept.control(_value(own, "REFD9", 2)),
            payer_control=kept.control(_value(own, "REFF8", 2)),
            sha256=sha256(body).hexdigest(),
            cents=kept.cents(charge),
            first_day=first_day,
            last_day=max([day for line in lines if (day := line.last_day or line.first_day)], default=None),
            billing_npi=above.billing_npi,
            rendering_npi=_npi(parties, "NM182") if "NM182" in parties else above.billing_npi,
            payer_id=above.payer_id,
            payer_class=payer.payer_class,
            filing=above.filing,
            person=above.person,
            member=above.member,
            disposition=disposition,
            lines=lines,
            alarms=tuple([_alarm(one) for one in findings if one.outcome is not Outcome.PASS]),
            timely=payer.timely(first_day, frequency) if first_day else None,
        )

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
                    made_on=envelope.made_on,
                ),
            )
        return self._transaction[1]

    def _around(self, number: int, delimiters: Delimiters) -> _Above:
        """What stands above the claim, remembered: claims of one patient follow each other."""
        index = self._batch.index
        blocks = index.billing[number], index.subscriber[number], index.patient[number]
        if self._above is None or self._above[0] != blocks:
            if self._billing is None or self._billing[0] != blocks[0]:
                self._billing = blocks[0], self._block(blocks[0], delimiters)
            subscriber, patient = (self._block(hl, delimiters) for hl in blocks[1:])
            self._above = blocks, self._read_above(self._billing[1], subscriber, patient)
        return self._above[1]

    def _block(self, hl: int, delimiters: Delimiters) -> _Firsts:
        if hl == NONE:
            return {}
        index = self._batch.index
        text = self._batch.source.data[index.hl_start[hl] : index.hl_end[hl]].decode("latin-1")
        firsts: _Firsts = {}
        for segment in patterns(delimiters).block.findall(text):
            _add(firsts, segment.split(delimiters.element_text))
        return firsts

    def _read_above(self, billing: _Firsts, subscriber: _Firsts, patient: _Firsts) -> _Above:
        filing = _value(subscriber, "SBR", 9)
        member = _value(subscriber, "NM1IL", 9)
        payer_id = _value(subscriber, "NM1PR", 9)
        known = not payer_id or _value(subscriber, "NM1PR", 8) in _PAYER_IDS
        who = patient or subscriber
        first = _value(who, "NM1QC" if patient else "NM1IL", 4)
        states = (_value(block, "N4", 2) for block in (subscriber, billing))
        return _Above(
            billing_npi=_npi(billing, "NM185"),
            payer_id=kept.payer(payer_id if known else "?" * len(payer_id)),
            filing=kept.short(filing),
            person=kept.person_key(self._key, member, _value(who, "DMG", 2), first),
            member=kept.member_key(self._key, member),
            ask=(filing, payer_id, _value(subscriber, "NM1PR", 3), *states),
        )

    def _payer(self, number: int, ask: tuple[str, ...]) -> _Payer:
        found = self._known.get(ask)
        if found is None:
            claim = self._batch.claim(number)
            if len(self._known) > _KEPT:
                self._known.clear()
            found = self._known[ask] = _Payer(self._payers.of(claim), self._payers.payer_class(claim))
        return found


class _Payer:
    """A payer's class, and its limits to send a claim."""

    def __init__(self, profile: Profile, payer_class: str) -> None:
        self._profile = profile
        self.payer_class = payer_class
        self._limits: dict[tuple[str, date], date | None] = {}

    def timely(self, day: date, frequency: str) -> date | None:
        """The last day to send a claim for services from `day` on; None where the profile is silent."""
        key = "corrected_days" if frequency in _REPLACING else "timely_days"
        if (key, day) not in self._limits:
            habit = self._profile.habit(key, day)
            limit = day + timedelta(days=int(habit.value)) if habit else None
            self._limits[key, day] = limit
        return self._limits[key, day]


def _head(text: str, delimiters: Delimiters) -> tuple[_Firsts, _Firsts]:
    """Firsts of loop 2300 itself, and of its 2310 loops, of the segments before the lines."""
    own: _Firsts = {}
    parties: _Firsts = {}
    into = own
    for segment in patterns(delimiters).head.findall(text):
        elements = segment.split(delimiters.element_text)
        id_ = elements[0]
        if id_ == "SBR":
            break  # another payer's loops: nothing of them is kept
        if into is own:
            if id_ == "NM1":
                into = parties
            elif id_ == "HI":
                own.setdefault("HI", []).extend(elements[1:13])  # twelve elements, whatever follows
                continue
        _add(into, elements)
    return own, parties


def _add(firsts: _Firsts, elements: list[str]) -> None:
    id_ = elements[0]
    if id_ in _QUALIFIED and len(elements) > 1:
        id_ += elements[1]
    if id_ not in firsts:
        firsts[id_] = elements


def _elements(firsts: _Firsts, id_: str, count: int) -> list[str]:
    """The id and elements of a segment, `count` of them; those that are absent are empty."""
    found = firsts.get(id_, _NONE)
    return found[:count] if len(found) >= count else found + [""] * (count - len(found))


def _value(firsts: _Firsts, id_: str, number: int) -> str:
    """An element of a segment; empty when the one or the other is absent."""
    found = firsts.get(id_, _NONE)
    return found[number] if number < len(found) else ""


def _diagnoses(own: _Firsts, delimiters: Delimiters) -> list[str]:
    component = delimiters.component_text
    found = [_diagnosis(text, component) for text in own.get("HI", ())]
    return [code for code in found if code is not None]


def _lines(
    text: str, start: int, place: str, diagnoses: list[str], delimiters: Delimiters
) -> Iterator[SubmittedLine]:
    component = delimiters.component_text
    for number, procedure, charge, units, own_place, pointers, form, days, control, ndc in patterns(
        delimiters
    ).line.findall(text, start):
        code, modifiers = _procedure(procedure, component)
        pointed = [n for n in _pointers(pointers, component) if n < len(diagnoses)]
        yield SubmittedLine(
            kept.line_number(number),
            kept.control(control),
            code,
            modifiers,
            kept.units(units),
            kept.cents(charge),
            *period(form, days),
            kept.short(own_place or place),
            tuple([diagnoses[n] for n in pointed if diagnoses[n]]),
            kept.ndc(ndc),
        )


@lru_cache(maxsize=4096)
def _procedure(text: str, component: str) -> tuple[str, tuple[str, ...]]:
    """Code and modifiers of SV101, an empty text where a modifier is left out before another."""
    _, code, *modifiers = _parted(text, component)
    modifiers = [kept.short(one) for one in modifiers[:4]]
    while modifiers and not modifiers[-1]:
        modifiers.pop()
    return kept.code(code), tuple(modifiers)


@lru_cache(maxsize=4096)
def _diagnosis(text: str, component: str) -> str | None:
    """The code of a composite of HI; None for one that is no diagnosis."""
    qualifier, *rest = text.split(component)
    return kept.diagnosis(rest[0]) if qualifier in DIAGNOSES and rest else None


@lru_cache(maxsize=4096)
def _pointers(text: str, component: str) -> tuple[int, ...]:
    """The diagnoses that SV107 points at, from 0."""
    return tuple([int(one) - 1 for one in text.split(component) if POINTER.fullmatch(one)])


@lru_cache(maxsize=4096)
def _parted(text: str, component: str) -> list[str]:
    """The components of a composite, at least three."""
    parts = text.split(component)
    return parts if len(parts) > 2 else parts + [""] * (3 - len(parts))


def _npi(firsts: _Firsts, id_: str) -> str:
    return kept.npi(_value(firsts, id_, 9)) if _value(firsts, id_, 8) == "XX" else ""


def _alarm(finding: Finding) -> Alarm:
    return Alarm(
        rule=finding.rule,
        severity=finding.severity.value,
        outcome=finding.outcome.value,
        lines=tuple([kept.line_number(line) for line in finding.lines if line]),
        place=kept.place(finding.place),
        cents=kept.cents(str(finding.dollars)) or 0,
        evidence=kept.facts(finding.evidence),
        disposition=finding.disposition,
    )


def _body(raw: bytes, delimiters: Delimiters) -> bytes:
    """The bytes of segments without what follows the last of them: its terminator, line ends."""
    whole = len(raw.rstrip(LEADING + delimiters.terminator))
    end = raw.find(delimiters.terminator, whole)
    return raw[: end if end >= 0 else whole]
