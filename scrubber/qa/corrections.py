"""Claims that were held, rejected or denied and came again changed: which belong together, what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from scrubber.qa.book import Keyed
from scrubber.qa.result import ChangeCount, ChangeRow, ClaimRow, Correction

if TYPE_CHECKING:
    from scrubber.qa.book import Book, Case
    from scrubber.qa.match import Matcher

_RETURNED: Final = ("held", "rejected", "denied")
_VOID: Final = "8"
_FOLLOWING: Final = ("2300/CLM02", "2400/LX", "2400/LX01")  # where a line or its charge was changed


class Pair(NamedTuple):
    """Numbers of rows: a claim, and its correction; how they were put together."""

    before: int
    after: int
    how: str


def find_pairs(book: Book, rows: Sequence[ClaimRow], matcher: Matcher) -> list[Pair]:
    """The corrections, by the number of the later claim; each claim is at most once either side."""
    by_person = Keyed()
    for case in book.cases:
        if case.person and case.first_day:
            by_person.add((case.person, case.npi, case.first_day), case)
    found: list[Pair] = []
    taken: set[int] = set()
    for case in sorted(book.cases, key=_sent_on):
        if case.frequency == _VOID:
            continue
        for how, among in (
            ("payer-number", matcher.of_number(case.replaces) if case.replaces else ()),
            ("claim", book.by_claim.get(case.claim) if case.claim else ()),
            ("patient", by_person.get((case.person, case.npi, case.first_day))),
        ):
            before = [one for one in among if _corrects(case, one, rows, how) and one.number not in taken]
            if before:
                last = max(before, key=lambda one: (_came_back(rows[one.number]), one.number))
                taken.add(last.number)
                found.append(Pair(last.number + 1, case.number + 1, how))
                break
    return sorted(found, key=lambda one: one.after)


def _corrects(case: Case, before: Case, rows: Sequence[ClaimRow], how: str) -> bool:
    row = rows[before.number]
    if case is before or row.state not in _RETURNED or _sent_on(case)[0] < _came_back(row):
        return False
    if how == "claim" and (case.npi, case.first_day) != (before.npi, before.first_day):
        return False  # some offices number patients, not claims
    if how != "patient":
        return True
    codes = {*row.procedures}
    return case.payer == before.payer and not codes.isdisjoint(rows[case.number].procedures)


def _sent_on(case: Case) -> tuple[date, int]:
    return case.sent[0].day or date.min, case.number


def _came_back(row: ClaimRow) -> date:
    """When it was rejected or denied; when it was held."""
    return row.answered_on or row.sent_on or date.max


def change_counts(corrections: Iterable[Correction], rows: Sequence[ClaimRow]) -> list[ChangeCount]:
    """The changes that people made, most often first, without those that follow from another change."""
    made: Counter[ChangeRow] = Counter()
    paid: Counter[ChangeRow] = Counter()
    for one in corrections:
        for change in {change for change in one.changes if change.place not in _FOLLOWING}:
            made[change] += 1
            paid[change] += rows[one.after - 1].state == "paid"
    found = [ChangeCount(one.place, one.before, one.after, count, paid[one]) for one, count in made.items()]
    return sorted(found, key=lambda one: (-one.corrections, one.place, one.before or "", one.after or ""))


def uncompared(_: Sequence[ClaimRow], pairs: Iterable[Pair]) -> list[Correction]:
    """Corrections of which only the fact is known: the bytes of the claims are not at hand."""
    return [Correction(*pair, compared=False, changes=(), suggested=(), taken=()) for pair in pairs]
