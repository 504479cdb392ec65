"""Answers about whole transaction sets: TA1, 999, the heads of a 277CA, and the totals that these give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from loops.answers.kinds import BatchStatus, InterchangeAck, ProviderStatus, TransactionAck
from scrubber.ledger.kept import control
from scrubber.qa.book import Book, Case, Said, SentSet
from scrubber.qa.codes import Codes, as_scope, shown_status
from scrubber.qa.result import CauseRow, TotalRow, Unmatched
from scrubber.qa.times import answered_on_batch, cents_of, day_of

if TYPE_CHECKING:
    from loops.answers.kinds import GroupAck, StatusNote
    from scrubber.qa.answers import Gathered

_REFUSED: Final = frozenset("RMWX")  # refused; the last three for reasons of security
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

    def begin(self, file: str, digest: str) -> None:
        """A file of answers begins."""
        self._file, self._digest = file, digest
        self._refused, self._strange = set(), set()

    def end(self) -> None:
        """It is read."""
        self._refused, self._strange = set(), set()

    def acknowledge(self, answer: TransactionAck | GroupAck | InterchangeAck) -> None:
        """Take in a part of a 999, or a TA1."""
        kind, day = answer.origin.kind, day_of(answer.origin, None)
        if isinstance(answer, InterchangeAck):
            found = self._sent(self._by_isa.get(_plain(answer.control), ()), day)
            if not found:
                self._unmatched(kind, f"interchange {control(answer.control)} was not sent")
            elif answer.code == "R":
                self._refuse(found, day, kind, "TA1:R", answer.start)
            return
        if answer.group.functional_id not in _HC:
            return
        group = _plain(answer.group.control)
        sets = self._by_group.get(group, ())
        if not sets:
            if group not in self._strange:
                self._strange.add(group)
                self._unmatched(kind, f"group {control(answer.group.control)} was not sent")
        elif isinstance(answer, TransactionAck):
            self._acknowledge_set(answer, sets, day)
        elif answer.code in _REFUSED:
            sent = [one for one in self._sent(sets, day) if (group, one.st02) not in self._refused]
            self._refuse(sent, day, kind, f"AK9:{answer.code}", answer.start)

    def _acknowledge_set(self, answer: TransactionAck, sets: Sequence[SentSet], day: date) -> None:
        if answer.kind not in _CLAIMS:
            return
        group = _plain(answer.group.control)
        fitting = [one for one in sets if _plain(one.st02) == _plain(answer.control)]
        found = self._sent(fitting, day)
        if not found:
            where = f"set {control(answer.control)} of group {control(answer.group.control)}"
            self._unmatched(answer.origin.kind, f"{where} was not sent")
        elif answer.code in _REFUSED:
            self._refused |= {(group, one.st02) for one in found}
            self._refuse(found, day, answer.origin.kind, f"IK5:{answer.code}", answer.start)

    def batch(self, answer: BatchStatus | ProviderStatus) -> None:
        """Take in a head of a 277CA: its totals, and what refuses a batch or provider without its claims."""
        batch = answer.batch if isinstance(answer, ProviderStatus) else answer
        if batch.origin.kind != "277CA":
            return
        day = answered_on_batch(batch)
        sets = self._sent(self._by_bht.get(batch.trace, ()), day)
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

    def _sent(self, sets: Sequence[SentSet], day: date) -> list[SentSet]:
        """Those of the file that was sent last up to a day, if any was by then, else of the first."""
        if not sets:
            return []
        before = [one for one in sets if one.day and one.day <= day]
        among = before or sets
        chosen = max(among, key=_sent_on) if before else min(among, key=_sent_on)
        return [
            one for one in among if (one.file, one.isa13, one.day) == (chosen.file, chosen.isa13, chosen.day)
        ]

    def _refuse(self, sets: Sequence[SentSet], day: date, kind: str, code: str, start: int) -> None:
        cause = CauseRow(kind, code, "", (), "other", "", "", 0)
        self._reject([self._book.cases[n] for one in sets for n in one.cases], day, kind, cause, start)

    def _reject(self, cases: Sequence[Case], day: date, kind: str, cause: CauseRow, start: int) -> None:
        order = (0, self._digest, start)
        for case in cases:
            case.said.append(Said(day, kind, "rejected", order, self._file, "set", causes=(cause,)))

    def _unmatched(self, kind: str, reason: str) -> None:
        self._gathered.unmatched.append(Unmatched(self._file, kind, None, reason))


def _sent_on(one: SentSet) -> tuple[date, str, str]:
    return one.day or date.min, one.file, one.isa13


def _plain(number: str) -> str:
    """A control number without the zeros in front of it."""
    return number.strip().lstrip("0") or "0"
