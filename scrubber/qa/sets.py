"""Answers about whole transaction sets: TA1, 999, the heads of a 277CA, and the totals that these give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from loops.answers.kinds import BatchStatus, InterchangeAck, ProviderStatus, TransactionAck
from scrubber.ledger.kept import control
from scrubber.qa.book import Book, Case, Said, SentSet
from scrubber.qa.codes import Codes, as_scope, shown_status
from scrubber.qa.result import CauseRow, TotalRow, Unmatched
from scrubber.qa.times import answered_on_batch, cents_of, day_of

if TYPE_CHECKING:
    from loops.answers.kinds import GroupAck, GroupHead, StatusNote
    from scrubber.qa.answers import Gathered

_REFUSED: Final = frozenset("RMWX")  # refused; the last three for reasons of security
_EARLY, _LATE = timedelta(days=-1), timedelta(days=60)  # clocks and time zones differ
_CLAIMS: Final = ("837", "")
_HC: Final = ("HC", "")


class Sets:
    """Finds the sets that answers are about in the book, and notes on their claims what refuses them."""

    def __init__(self, book: Book, codes: Codes, gathered: Gathered) -> None:
        self._book = book
        self._codes = codes
        self._gathered = gathered
        self._by_group: defaultdict[str, list[SentSet]] = defaultdict(list)
        self._by_isa: defaultdict[str, list[SentSet]] = defaultdict(list)
        self._by_bht: defaultdict[str, list[SentSet]] = defaultdict(list)
        for one in book.sets:
            self._by_group[_plain(one.gs06)].append(one)
            self._by_isa[_plain(one.isa13)].append(one)
            if one.bht03:
                self._by_bht[one.bht03].append(one)
        self._file = self._digest = ""
        self._refused: set[tuple[str, str]] = set()
        self._strange: set[str] = set()
        self._file_of: dict[str, tuple[str, str]] = {}

    def begin(self, file: str, digest: str) -> None:
        """A file of answers begins."""
        self._file, self._digest = file, digest
        self._refused, self._strange, self._file_of = set(), set(), {}

    def end(self) -> None:
        """It is read."""
        self.begin("", "")

    def acknowledge(self, answer: TransactionAck | GroupAck | InterchangeAck) -> None:
        """Take in a part of a 999, or a TA1."""
        kind, day = answer.origin.kind, day_of(answer.origin, None)
        if isinstance(answer, InterchangeAck):
            what = f"interchange {control(answer.control)}"
            found = self._sent(self._by_isa.get(_plain(answer.control), ()), day, kind, what)
            if answer.code == "R":
                self._refuse(found, day, kind, "TA1:R", answer.start)
            return
        if answer.group.functional_id not in _HC:
            return
        group = _plain(answer.group.control)
        sets = _in_time(self._by_group.get(group, ()), day)
        sets = [one for one in sets if self._may_be(one, answer.group)]
        if group in self._strange:
            return
        if not sets:
            self._strange.add(group)
            self._unmatched(kind, f"group {control(answer.group.control)} was not sent")
        elif isinstance(answer, TransactionAck):
            self._acknowledge_set(answer, sets, day)
        elif answer.code in _REFUSED:
            found = self._sent(sets, day, kind, f"group {control(answer.group.control)}")
            found = [one for one in found if (group, one.st02) not in self._refused]
            self._refuse(found, day, kind, f"AK9:{answer.code}", answer.start)

    def _acknowledge_set(self, answer: TransactionAck, sets: Sequence[SentSet], day: date) -> None:
        if answer.kind not in _CLAIMS:
            return
        group = _plain(answer.group.control)
        fitting = [one for one in sets if _plain(one.st02) == _plain(answer.control)]
        named = {fault.claim for fault in answer.faults if fault.claim}
        if named and len(fitting) > 1:
            fitting = [one for one in fitting if not named.isdisjoint(self._claims(one))] or fitting
        what = f"set {control(answer.control)} of group {control(answer.group.control)}"
        found = self._sent(fitting, day, answer.origin.kind, what)
        if found:
            self._file_of[group] = found[0].file, found[0].isa13
        elif fitting:
            self._strange.add(group)
        if answer.code in _REFUSED:
            self._refused |= {(group, one.st02) for one in found}
            self._refuse(found, day, answer.origin.kind, f"IK5:{answer.code}", answer.start)

    def _may_be(self, one: SentSet, group: GroupHead) -> bool:
        """Whether a set can be of the group that is answered: its guide, and the file known by then."""
        known = self._file_of.get(_plain(group.control), (one.file, one.isa13))
        versions = {one.version, group.version} - {""}
        return known == (one.file, one.isa13) and len(versions) <= 1

    def _claims(self, one: SentSet) -> set[str]:
        return {self._book.cases[number].claim for number in one.cases}

    def batch(self, answer: BatchStatus | ProviderStatus) -> None:
        """Take in a head of a 277CA: its totals, and what refuses a batch or provider without its claims."""
        batch = answer.batch if isinstance(answer, ProviderStatus) else answer
        if batch.origin.kind != "277CA":
            return
        day = answered_on_batch(batch)
        sets = _last(self._by_bht.get(batch.trace, ()), day)
        refusing = [note for note in answer.notes if self._codes.refuses(note)]
        if refusing:
            self._refuse_batch(answer, sets, refusing, day)
        if answer is batch and sets:
            self._compare(batch, sets)

    def _refuse_batch(
        self,
        answer: BatchStatus | ProviderStatus,
        sets: Sequence[SentSet],
        notes: Sequence[StatusNote],
        day: date,
    ) -> None:
        status = notes[0].statuses[0]
        npi = answer.npi if isinstance(answer, ProviderStatus) else ""
        if not sets:
            self._unmatched("277CA", "the batch that it refuses was not sent")
            return
        cases = [self._book.cases[n] for one in sets for n in one.cases]
        cases = [case for case in cases if not npi or case.npi == npi]
        scope = as_scope(self._codes.scope("status", status.code, day))
        cause = CauseRow("277CA", shown_status(status), "", (), scope, "", "", 0)
        self._reject(cases, day, "277CA", cause, answer.start)

    def _compare(self, batch: BatchStatus, sets: Sequence[SentSet]) -> None:
        """Hold the totals of loop 2200B against what was sent under the BHT03 that it names."""
        told = batch.totals
        if told.accepted is None and told.rejected is None:
            return
        claims = int((told.accepted or 0) + (told.rejected or 0))
        cents = (cents_of(told.accepted_amount) or 0) + (cents_of(told.rejected_amount) or 0)
        sent_claims, sent_cents = sum(len(one.cases) for one in sets), sum(one.cents for one in sets)
        self._gathered.totals_compared += 1
        if (claims, cents) != (sent_claims, sent_cents):
            row = TotalRow(self._file, control(batch.trace), claims, sent_claims, cents, sent_cents)
            self._gathered.totals.append(row)

    def _sent(self, sets: Sequence[SentSet], day: date, kind: str, what: str) -> list[SentSet]:
        """The sets that are answered: of one file; where there is none, or are several, that is told."""
        found = _last(_in_time(sets, day), day)
        if not found:
            self._unmatched(kind, f"{what} was not sent")
        elif len({(one.file, one.isa13) for one in found}) > 1:
            self._unmatched(kind, f"{what} was sent in several files of one day")
            return []
        return found

    def _refuse(self, sets: Sequence[SentSet], day: date, kind: str, code: str, start: int) -> None:
        cause = CauseRow(kind, code, "", (), "other", "", "", 0)
        self._reject([self._book.cases[n] for one in sets for n in one.cases], day, kind, cause, start)

    def _reject(self, cases: Sequence[Case], day: date, kind: str, cause: CauseRow, start: int) -> None:
        order = (0, self._digest, start)
        for case in cases:
            case.said.append(Said(day, kind, "rejected", order, self._file, "set", causes=(cause,)))

    def _unmatched(self, kind: str, reason: str) -> None:
        self._gathered.unmatched.append(Unmatched(self._file, kind, None, reason))


def _in_time(sets: Sequence[SentSet], day: date) -> list[SentSet]:
    """Those that an acknowledgment of a day can be about: it comes soon, and group numbers come again."""
    return [one for one in sets if one.day is None or _EARLY <= day - one.day <= _LATE]


def _last(sets: Sequence[SentSet], day: date) -> list[SentSet]:
    """Those that were sent last up to a day, if any was by then, else first."""
    if not sets:
        return []
    before = [one for one in sets if one.day and one.day <= day]
    among = before or sets
    days = [one.day or date.min for one in among]
    chosen = max(days) if before else min(days)
    return [one for one in among if (one.day or date.min) == chosen]


def _plain(number: str) -> str:
    """A control number without the zeros in front of it."""
    return number.strip().lstrip("0") or "0"
