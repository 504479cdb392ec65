"""Where the claims come from: the ledger of an outbox, or files that are scrubbed on the fly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from loops.answers.values import short_day
from loops.errors import LoopsError
from loops.scan import NONE
from scrubber.checker import read_837p
from scrubber.ledger import Disposition, Submissions
from scrubber.qa.answers import Named
from scrubber.qa.book import Claimed
from scrubber.workers import workers

if TYPE_CHECKING:
    from loops import Batch
    from scrubber.checker import Checker
    from scrubber.finding import Finding
    from scrubber.ledger import Transaction
    from scrubber.ledger.store import Ledger

MakeChecker = Callable[[], "Checker"]
_LATER: Final = timedelta(days=7)
_UNKNOWN: Final = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """One file, scrubbed: its claims in order; why it was not, or not wholly, read."""

    name: str
    claims: tuple[Claimed, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Batches:
    """Files of claims to be scrubbed: those that were sent, and those that were held.

    `make` makes the checker (picklable, for `jobs` processes); `key` is that of the keyed hashes.
    """

    sent: Sequence[Named]
    held: Sequence[Named]
    make: MakeChecker
    key: bytes
    jobs: int = 1

    def claims(self, told: Callable[[Scrubbed], None]) -> Iterator[Claimed]:
        """The claims, file by file; `told` hears of each file that was read.

        Raises as the checker does for what is no matter of one file.
        """
        for one in self._scrubbed(
            [(named, False) for named in self.held] + [(named, True) for named in self.sent]
        ):
            told(one)
            yield from one.claims

    def _scrubbed(self, work: Sequence[tuple[Named, bool]]) -> Iterator[Scrubbed]:
        if self.jobs == 1 or len(work) == 1:
            checker = self.make()
            for named, sent in work:
                yield scrub(checker, named, self.key, sent=sent)
            return
        with workers(min(self.jobs, len(work))) as processes:
            yield from processes.map(_work, [(self.make, named, self.key, sent) for named, sent in work])


@cache
def _checker(make: MakeChecker) -> Checker:
    return make()


def _work(given: tuple[MakeChecker, Named, bytes, bool]) -> Scrubbed:
    make, named, key, sent = given
    return scrub(_checker(make), named, key, sent=sent)


def scrub(checker: Checker, named: Named, key: bytes, *, sent: bool = True) -> Scrubbed:
    """The claims of one file with what the rules say of them."""
    try:
        with checker.read(named.path, named.name) as batch:
            return Scrubbed(named.name, tuple(_claims(checker, batch, key, sent=sent)))
    except LoopsError as fault:
        return Scrubbed(named.name, fault=str(fault))
    except OSError as fault:
        return Scrubbed(named.name, fault=(fault.strerror or type(fault).__name__).lower())


def _claims(checker: Checker, batch: Batch, key: bytes, *, sent: bool) -> Iterator[Claimed]:
    findings: defaultdict[int, list[Finding]] = defaultdict(list)
    for checked in checker.run(batch):
        for finding in checked.findings:
            if finding.claim_index is not None:
                findings[finding.claim_index - 1].append(finding)
    submissions = Submissions(batch, checker.payers, at=_UNKNOWN, key=key)
    disposition = Disposition.RELEASED if sent else Disposition.HELD
    sets = batch.index.claim_set
    for number in range(len(batch)):
        claim = submissions.submitted(number, findings.pop(number, ()), disposition)
        yield Claimed(claim, made_on(batch, sets[number]))


def made_on(batch: Batch, set_: int) -> date | None:
    """The day a transaction set was sent, as far as it tells: GS04, else BHT04, else ISA09."""
    index = batch.index
    group = index.set_group[set_]
    gs = index.groups[group].elements if group != NONE else ()
    isa = index.isas[index.set_isa[set_]].elements
    told = (b"".join(gs[3:4]).decode("latin-1"), isa[8].decode("latin-1"))
    return short_day(told[0]) or batch.envelope(set_).made_on or short_day(told[1])


@dataclass(frozen=True, slots=True)
class Recorded:
    """The claims of a ledger; `released` is the folder of what was sent, where there is one."""

    ledger: Ledger
    released: Path | None

    def claims(self) -> Iterator[Claimed]:
        """The claims in the order of their runs. Raises LedgerError."""
        approved = self.ledger.approved_holds()
        days = _Days(self.released)
        for claim in self.ledger.claims():
            yield Claimed(claim, days.of(claim.transaction), claim.sent and claim.identity in approved)


class _Days:
    """When sets were sent: the day of the run, or of the set where older batches were run again later."""

    def __init__(self, released: Path | None) -> None:
        self._released = released
        self._file: tuple[str, dict[tuple[str, str], date]] = ("", {})
        self._set: tuple[Transaction, date] | None = None

    def of(self, transaction: Transaction) -> date:
        """The day of a set."""
        if self._set is None or self._set[0] is not transaction:
            self._set = transaction, self._find(transaction)
        return self._set[1]

    def _find(self, transaction: Transaction) -> date:
        ran = transaction.at.date()
        if self._file[0] != transaction.file:
            self._file = transaction.file, self._made(transaction.file)
        made = self._file[1].get((transaction.gs06, transaction.st02))
        return made if made and ran - made > _LATER else ran

    def _made(self, name: str) -> dict[tuple[str, str], date]:
        path = self._released and self._released / name
        if not path or not path.is_file():
            return {}
        try:
            with read_837p(path, name) as batch:
                sets = range(len(batch.index.set_start))
                told = [(batch.envelope(number), made_on(batch, number)) for number in sets]
                return {(one.gs06, one.st02): day for one, day in told if day}
        except (LoopsError, OSError):
            return {}
