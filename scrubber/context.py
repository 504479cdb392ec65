"""What a rule may ask about a claim: its payer, the day's other services, the dated tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeVar

from loops import Claim, ServiceLine
from scrubber.codes import is_drug
from scrubber.payers import Habit, Profile, payer_class
from scrubber.tables import NoData, Row, Table, Tables

INJECTION: Final = "96372"

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """A service line with its claim; `own` when that is the claim being judged. The same only as itself."""

    claim: Claim
    line: ServiceLine
    own: bool


@dataclass(frozen=True, slots=True)
class Past:
    """A service that the patient had before: the day, the code, units of SV104, CLM01 of its claim."""

    day: date
    code: str
    units: Decimal | None
    claim: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that a table could not answer, for which line (None: the claim)."""

    table: str
    reason: str
    line: ServiceLine | None


class _Remembered(NamedTuple):
    """An answer, the tables and habits that were asked for it, and what they could not tell."""

    value: Any
    asked: dict[str, Table]
    habits: dict[Habit, None]
    gaps: list[Gap]


class Context:
    """The context of one claim. It remembers what tables and habits were asked, and what had no answer.

    `injections` and `drugs` are the claim's lines of 96372 and of drugs (by the form of the code),
    `medicare` tells whether the payer is Medicare fee for service (SBR09 MB, or the profile says so).
    """

    def __init__(
        self, claim: Claim, profile: Profile, tables: Tables, others: tuple[Claim, ...] = ()
    ) -> None:
        self.claim = claim
        self.profile = profile
        self.gaps: list[Gap] = []
        self.asked: dict[str, Table] = {}
        self.habits: dict[Habit, None] = {}
        self._opened = tables.opened
        self._others = others
        self._services: tuple[Service, ...] | None = None
        self._days: dict[date, tuple[Service, ...]] = {}
        self._one_provider = not others and not any(line.providers for line in claim.lines)
        self._remembered: dict[object, _Remembered] = {}
        filing = claim.subscriber.payer.filing if claim.subscriber else ""
        self.payer_class = profile.payer_class or payer_class(filing)
        self.medicare = self.payer_class == "medicare"
        self.injections = tuple([line for line in claim.lines if line.code == INJECTION])
        self.drugs = tuple([line for line in claim.lines if is_drug(line.code)])

    def begin(self) -> None:
        """Forget what the rule before asked. For the engine."""
        if self.gaps:
            self.gaps = []
        if self.asked:
            self.asked = {}
        if self.habits:
            self.habits = {}

    def habit(self, key: str, line: ServiceLine) -> Habit | None:
        """The payer's habit on the day of `line`, to be cited; None: a silent profile or an unknown day."""
        if not self.profile.habits or line.first_day is None:  # most payers are known for nothing
            return None
        found = self.profile.habit(key, line.first_day)
        if found:
            self.habits[found] = None
        return found

    def table(self, name: str) -> Table:
        """A dated table by name; it is named in the finding."""
        found = self.asked[name] = self._opened[name]
        return found

    def find(self, table: str, key: str | tuple[str, ...], line: ServiceLine) -> Row | None:
        """The row of `key` on the day of `line`; None when there is none.

        When the table cannot speak of that day, or the line has no date, the
        answer is None too and the gap is remembered: the engine reports
        ``no_data`` for the rule unless it finds a fault.
        """
        day = line.first_day
        if day is None:
            self.gaps.append(Gap(table, "the service line has no readable date (2400 DTP*472)", line))
            return None
        asked = self.asked[table] = self._opened[table]
        answer = asked.lookup(key, day)
        if isinstance(answer, NoData):
            self.gaps.append(Gap(table, answer.reason, line))
            return None
        return answer

    def having(self, table: str, services: Iterable[Service], line: ServiceLine) -> list[tuple[Service, Row]]:
        """The services whose code has a row on the day of `line`, each with it: `find` for all of them."""
        day = line.first_day
        if day is None:
            self.find(table, line.code, line)  # the gap is the same for all
            return []
        found = []
        lookup = self.table(table).lookup
        for service in services:
            row = lookup(service.line.code, day)
            if isinstance(row, NoData):
                self.gaps.append(Gap(table, row.reason, line))
            elif row is not None:
                found.append((service, row))
        return found

    def keys(self, table: str, on: date) -> frozenset[str]:
        """The keys (of one column) in force on a day."""
        return frozenset(key for key in self.table(table).keys(on) if isinstance(key, str))

    def day(self, line: ServiceLine) -> tuple[Service, ...]:
        """The services of the same patient, rendering provider and date over the whole batch, with `line`.

        The same provider: the same rendering NPI (2420A, else 2310B, else
        billing), or the same billing NPI and the same taxonomy (NCCI Policy
        Manual ch. I: same group and specialty). Own lines come first.
        """
        if self._one_provider:
            return self.patient_day(line)
        return self.remember(("day", line.lx.start), lambda: self._same_provider(line))

    def patient_day(self, line: ServiceLine) -> tuple[Service, ...]:
        """The services of the same patient and date over the whole batch, whoever rendered them."""
        day = line.first_day
        if day is None:
            return (Service(self.claim, line, own=True),)
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = tuple([one for one in self._all() if one.line.first_day == day])
        return found

    def history(self, line: ServiceLine) -> tuple[Past, ...]:
        """The services with the code of `line` that the patient had on earlier days, the last first.

        They are those of the batch, sent to the same payer; what earlier batches held belongs here
        too, from whoever keeps it. That none is found proves nothing.
        """
        day = line.first_day
        if day is None:
            return ()
        found = (
            Past(one.line.first_day, one.line.code, one.line.units, one.claim.id)
            for one in self._all()
            if one.line.code == line.code and one.line.first_day is not None and one.line.first_day < day
        )
        return tuple(sorted(found, key=lambda past: past.day, reverse=True))

    def remember(self, key: object, work_out: Callable[[], _T]) -> _T:
        """What `work_out` gives, worked out once a claim, for what several rules ask.

        The tables and habits that it asked, and the gaps that it met, are told
        to every rule that gets the answer.
        """
        known = self._remembered.get(key)
        if known is None:
            known = self._remembered[key] = self._apart(work_out)
        value: _T
        value, asked, habits, gaps = known
        if asked:
            self.asked.update(asked)
        if habits:
            self.habits.update(habits)
        if gaps:
            self.gaps += gaps
        return value

    def _apart(self, work_out: Callable[[], object]) -> _Remembered:
        """What `work_out` gives, with what it asked and what had no answer: of that alone."""
        before = self.asked, self.habits, self.gaps
        self.asked, self.habits, self.gaps = {}, {}, []
        try:
            return _Remembered(work_out(), self.asked, self.habits, self.gaps)
        finally:
            self.asked, self.habits, self.gaps = before

    def _same_provider(self, line: ServiceLine) -> tuple[Service, ...]:
        mine = _provider(self.claim, line)
        services = self.patient_day(line)
        return tuple([s for s in services if _same_provider(mine, _provider(s.claim, s.line))])

    def _all(self) -> tuple[Service, ...]:
        if self._services is None:
            own = [Service(self.claim, line, own=True) for line in self.claim.lines]
            for claim in self._others:
                own += [Service(claim, line, own=False) for line in claim.lines]
            self._services = tuple(own)
        return self._services


_Who = tuple[str, str, str]


def _provider(claim: Claim, line: ServiceLine) -> _Who:
    rendering = claim.rendering(line)
    npi = rendering.npi if rendering else ""
    taxonomy = rendering.taxonomy if rendering else ""
    return npi, claim.billing.npi if claim.billing else "", taxonomy


def _same_provider(one: _Who, other: _Who) -> bool:
    if one[0] and one[0] == other[0]:
        return True
    if not one[0] and not other[0]:
        return one[1] == other[1]
    return bool(one[1] and one[1] == other[1] and one[2] and one[2] == other[2])
