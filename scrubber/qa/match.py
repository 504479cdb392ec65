"""Which claim an answer is about: by trace, CLM01, shortened CLM01, payer's number, and what is alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from scrubber.diff.pairing import pairs
from scrubber.qa.book import SHORT, Book, Case, Keyed

if TYPE_CHECKING:
    from scrubber.diff.pairing import Key
    from scrubber.qa.book import Line

_SHORTEST_NUMBER: Final = 4  # fewer characters tell nothing

NO_CLAIM: Final = "no claim has this number"
OTHERS: Final = "the claims with this number have another charge, date, member or provider"
SEVERAL: Final = "several claims fit alike"
HELD: Final = "the claim with this number was held: it was not sent"


class Asked(NamedTuple):
    """What an answer tells of its claim; empty and None where it says nothing.

    `claim` is CLM01 as echoed, `cents` the charge (of a reversal without its sign), `member` the keyed
    hash of the member id, `npi` that of the billing provider, `trace` REF*D9, `number` the payer's
    number. `day` is the day of the answer.
    """

    claim: str
    cents: int | None
    first_day: date | None
    last_day: date | None
    member: str
    npi: str
    trace: str
    number: str
    day: date


class Found(NamedTuple):
    """The claim, and how it was found: trace, claim, short, payer-number, alike."""

    case: Case
    how: str


class _Fit(NamedTuple):
    """Whether charge, date, member and provider agree (1), differ (-1), or are not known (0)."""

    charge: int
    day: int
    member: int
    npi: int

    @property
    def good(self) -> bool:
        """Enough for a claim whose number is the one told.

        One thing may differ: a payer that splits a claim tells a part of the charge, some give back another
        day or a corrected member id.
        """
        differ = (self.charge, self.day, self.member).count(-1)
        if self.charge < 0:
            return self.day > 0 and self.member > 0
        return sum(self) >= 0 and (not differ or (differ == 1 and self.charge > 0))

    @property
    def sure(self) -> bool:
        """Enough for a claim whose number only begins as the one told."""
        return self.charge > 0 and self.day >= 0 and (self.member > 0 or (self.member == 0 < self.day))

    @property
    def plain(self) -> bool:
        """Enough for a claim of which another number is told: charge and day agree, and no member differs."""
        return self.charge > 0 and self.day > 0 and self.member >= 0


class Matcher:
    """Finds claims in a book, in two steps, so that the order of answers does not matter.

    `find` needs nothing but the book. What it does not find can be asked of `find_late` when all answers
    were read: by then the payers' numbers of the claims are known (`learn`).
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._numbers = Keyed()

    def find(self, asked: Asked) -> Found | str:
        """The claim, or why none is found."""
        book = self._book
        several: str | None = None
        for how, among, enough in (
            ("trace", book.by_trace.get(asked.trace), _good),
            ("claim", book.by_claim.get(asked.claim), _good),
            ("short", book.by_short.get(asked.claim) if len(asked.claim) == SHORT else (), _sure),
        ):
            case = _best(asked, among, enough) if among else None
            if isinstance(case, Case):
                return Found(case, how)
            several = several or case
        if several:
            return several
        short = book.by_short.get(asked.claim) if len(asked.claim) == SHORT else ()
        known = [*book.by_claim.get(asked.claim), *short]
        if not known:
            return NO_CLAIM
        return HELD if all(case.held for case in known) else OTHERS

    def find_late(self, asked: Asked, before: str) -> Found | str:
        """The same by the payer's number, and by provider, member, day and charge together.

        `before` is what `find` said: where the number told is that of a held claim, it is about that; where
        it is that of other claims, nothing that is merely alike will do.
        """
        if before == HELD:
            return HELD
        among = self._numbers.get(asked.number)
        if among:
            enough = _plain if len(asked.claim.strip("0")) >= _SHORTEST_NUMBER else _good
            case = _best(asked, among, enough)
            if isinstance(case, Case):
                return Found(case, "payer-number")
        if before != NO_CLAIM:
            return before
        alike = self._alike.get((asked.npi, asked.member, asked.first_day, asked.cents))
        if asked.npi and asked.member and asked.first_day and asked.cents is not None and alike:
            return Found(alike[0], "alike") if len(alike) == 1 else SEVERAL
        return NO_CLAIM

    def learn(self, number: str, case: Case) -> None:
        """An answer that was matched told the payer's number of a claim."""
        if len(number.lstrip("0")) >= _SHORTEST_NUMBER:
            self._numbers.add(number, case)

    def of_number(self, number: str) -> Sequence[Case]:
        """The claims that have a payer's number."""
        return self._numbers.get(number)

    @cached_property
    def _alike(self) -> Keyed:
        found = Keyed()
        for case in self._book.cases:
            if not case.held:
                found.add((case.npi, case.member, case.first_day, case.cents), case)
        return found


def _good(fit: _Fit) -> bool:
    return fit.good


def _sure(fit: _Fit) -> bool:
    return fit.sure


def _plain(fit: _Fit) -> bool:
    return fit.plain


def _best(asked: Asked, among: Sequence[Case], enough: Callable[[_Fit], bool]) -> Case | str | None:
    """The claim that fits best; SEVERAL when claims of different services fit alike.

    Of submissions of one service it is the one that was sent last before the answer.
    """
    fitting = [(case, fit) for case in among if not case.held and enough(fit := _fit(asked, case))]
    if len(fitting) <= 1:
        return fitting[0][0] if fitting else None

    def likeness(one: tuple[Case, _Fit]) -> tuple[int, bool]:
        return sum(one[1]), one[0].before(asked.day) is not None

    most = max(map(likeness, fitting))
    best = [one[0] for one in fitting if likeness(one) == most]
    if len({(case.npi, case.member, case.first_day, case.cents) for case in best}) > 1:
        return SEVERAL
    return max(best, key=lambda case: _sent_before(case, asked.day))


def _sent_before(case: Case, day: date) -> tuple[date, int]:
    sent = case.before(day)
    return sent.day if sent and sent.day else date.min, case.number


def _fit(asked: Asked, case: Case) -> _Fit:
    first, last = asked.first_day, asked.last_day or asked.first_day
    days = 0
    if first and last and case.first_day:
        days = 1 if first <= (case.last_day or case.first_day) and case.first_day <= last else -1
    return _Fit(
        _same(asked.cents, case.cents),
        days,
        _same(asked.member or None, case.member or None),
        _same(asked.npi or None, case.npi or None),
    )


def _same(one: object, other: object) -> int:
    if one is None or other is None:
        return 0
    return 1 if one == other else -1


class AskedLine(NamedTuple):
    """A line of an answer: REF*6R or REF*FJ, code as billed, day, charge in cents."""

    control: str
    code: str
    day: date | None
    cents: int | None


def lines_of(asked: Iterable[AskedLine], case: Case) -> dict[int, Line]:
    """The lines of the claim, by the position of the line in the answer: each at most once."""
    answered = list(asked)
    there = [_Known(line, None) for line in case.lines]
    found = pairs([_Known(None, one) for one in answered], there, _KEYS)
    return {i: case.lines[j] for i, j in found}


class _Known(NamedTuple):
    """A line of the claim or of the answer, for the keys that both have."""

    line: Line | None
    asked: AskedLine | None

    @property
    def control(self) -> str | None:
        return (self.line.control if self.line else self.asked.control if self.asked else "") or None

    @property
    def number(self) -> str | None:
        """LX01, which some give back as the control number of a line that had none."""
        if self.line:
            return None if self.line.control else self.line.number.lstrip("0") or None
        return self.asked.control.lstrip("0") or None if self.asked else None

    @property
    def service(self) -> Line | AskedLine:
        one = self.line or self.asked
        assert one is not None
        return one


_KEYS: Final[tuple[Key[_Known], ...]] = (
    lambda one: one.control,
    lambda one: one.number,
    lambda one: (one.service.code, one.service.day, one.service.cents),
    lambda one: (one.service.code, one.service.cents),
    lambda one: (one.service.code, one.service.day),
    lambda one: one.service.code or None,
    lambda one: (one.service.day, one.service.cents) if one.service.cents else None,
)
