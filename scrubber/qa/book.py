"""The claims that answers are matched to: each once, with what it is known by and when it was sent."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from sys import intern
from typing import TYPE_CHECKING, Final, NamedTuple

from scrubber.qa.result import AlarmRow

if TYPE_CHECKING:
    from scrubber.ledger import Alarm, SubmittedClaim, Transaction
    from scrubber.qa.result import CauseRow

SHORT: Final = 17
"""Some payers give CLM01 back cut to so many characters."""


class Line(NamedTuple):
    """A service line: LX01, REF*6R, code, cents, first day."""

    number: str
    control: str
    code: str
    cents: int | None
    day: date | None


class Sent(NamedTuple):
    """A claim as it was sent once, or held (`set` -1): the day, where (`ordinal` in the file), the set."""

    day: date | None
    file: str
    ordinal: int
    set: int


class Claimed(NamedTuple):
    """A claim for the book: when it was sent, whether a person released it in spite of an alarm."""

    claim: SubmittedClaim
    day: date | None
    approved: bool = False


@dataclass(slots=True)
class SentSet:
    """A transaction set that was sent: control numbers, guide, day, claims (positions in the book), cents."""

    file: str
    isa13: str
    gs06: str
    st02: str
    bht03: str
    version: str
    day: date | None
    cases: list[int] = field(default_factory=list)
    cents: int = 0


class Said(NamedTuple):
    """A final answer about a claim, or a reversal: day, kind (TA1, 999, 277CA, 835), what it says.

    `state` is rejected, denied, paid or reversed. `order` puts answers of one day in order, whatever the
    order in which files are read. `number` is the payer's number of the claim, `paid` the cents paid.
    """

    day: date
    kind: str
    state: str
    order: tuple[int, str, int]
    file: str
    how: str
    number: str = ""
    paid: int = 0
    causes: tuple[CauseRow, ...] = ()


class Case:
    """A claim: what it is known by, what was said of it by us (`alarms`) and by others (`said`).

    `waiting` is the last word of an answer that is not final, with its day.
    """

    __slots__ = (
        *("alarms", "approved", "cents", "claim", "edits", "first_day", "frequency", "judged"),
        *("last_day", "lines"),
        *("member", "npi", "number", "payer", "payer_class", "person", "rendering", "replaces", "said"),
        *("sent", "trace", "waiting"),
    )

    def __init__(self, number: int, claim: SubmittedClaim) -> None:
        self.number = number
        self.claim = claim.id
        self.trace = claim.trace
        self.replaces = claim.payer_control
        self.frequency = intern(claim.frequency)
        self.cents = claim.cents
        self.first_day = claim.first_day
        self.last_day = claim.last_day
        self.npi = intern(claim.billing_npi)
        self.rendering = intern(claim.rendering_npi)
        self.payer = intern(claim.payer_id)
        self.payer_class = intern(claim.payer_class)
        self.person = claim.person
        self.member = claim.member
        self.lines = tuple(
            [
                Line(intern(one.number), one.control, intern(one.code), one.cents, one.first_day)
                for one in claim.lines
            ]
        )
        self.alarms: tuple[AlarmRow, ...] = ()
        self.judged = (False, date.min)
        self.approved = False
        self.sent: list[Sent] = []
        self.said: list[Said] = []
        self.waiting: tuple[date, int, str] | None = None
        self.edits: frozenset[str] = frozenset()

    @property
    def held(self) -> bool:
        """Whether it was never sent."""
        return all(one.set < 0 for one in self.sent)

    def before(self, day: date) -> Sent | None:
        """The last time it was sent up to a day; None when it was not sent yet, or nobody knows when."""
        known = [one for one in self.sent if one.day and one.set >= 0 and one.day <= day]
        return max(known, key=lambda one: one.day or day, default=None)


class Keyed:
    """Claims by a key that most often only one has: a list is kept only where several have it."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[Hashable, Case | list[Case]] = {}

    def add(self, key: Hashable, case: Case) -> None:
        """Add a claim; twice is once."""
        there = self._found.setdefault(key, case)
        if there is case:
            return
        if isinstance(there, Case):
            self._found[key] = [there, case]
        elif case not in there:
            there.append(case)

    def get(self, key: Hashable) -> Sequence[Case]:
        """The claims with a key, in the order they were added."""
        found = self._found.get(key)
        return () if found is None else (found,) if isinstance(found, Case) else found


class Book:
    """All claims, and the ways to find one: by REF*D9, CLM01, the beginning of CLM01, the transaction set."""

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self.sets: list[SentSet] = []
        self.by_trace = Keyed()
        self.by_claim = Keyed()
        self.by_short = Keyed()
        self._identities: dict[bytes, Case] = {}
        self._sets: dict[tuple[str, str, str, str, date | None], int] = {}

    def add(self, claimed: Iterable[Claimed]) -> None:
        """Take claims in, in any order. The same claim, byte for byte, is one case."""
        for claim, day, approved in claimed:
            identity = bytes.fromhex(claim.identity)[:16]
            case = self._identities.get(identity)
            if case is None:
                case = self._identities[identity] = self._new(claim)
            latest = claim.sent, day or date.min
            if latest >= case.judged:  # what was said when it was held is old once it is sent
                case.judged, case.alarms = latest, tuple([_alarm(one) for one in claim.alarms])
            case.approved = case.approved or approved
            at = self._set_of(claim.transaction, day) if claim.sent else -1
            if claim.sent:
                self.sets[at].cases.append(case.number)
                self.sets[at].cents += claim.cents or 0
            case.sent.append(Sent(day, intern(claim.transaction.file), claim.index, at))

    def close(self) -> None:
        """No more claims come."""
        self._identities, self._sets = {}, {}
        for case in self.cases:
            if len(case.sent) > 1:
                case.sent.sort(key=lambda one: one.day or date.min)

    def _new(self, claim: SubmittedClaim) -> Case:
        case = Case(len(self.cases), claim)
        self.cases.append(case)
        if case.trace:
            self.by_trace.add(case.trace, case)
        if case.claim:
            self.by_claim.add(case.claim, case)
        if len(case.claim) > SHORT:
            self.by_short.add(case.claim[:SHORT], case)
        return case

    def _set_of(self, one: Transaction, day: date | None) -> int:
        key = one.file, one.isa13, one.gs06, one.st02, day
        at = self._sets.setdefault(key, len(self.sets))
        if at == len(self.sets):
            self.sets.append(SentSet(one.file, one.isa13, one.gs06, one.st02, one.bht03, one.version, day))
        return at


def _alarm(alarm: Alarm) -> AlarmRow:
    return AlarmRow(
        intern(alarm.rule),
        intern(alarm.severity),
        intern(alarm.outcome),
        intern(alarm.disposition),
        alarm.lines,
        alarm.cents,
    )
