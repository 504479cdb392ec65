"""Writing a run into the ledger, in blocks, so that memory does not grow with the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, update

from scrubber.ledger import rows
from scrubber.ledger.errors import LedgerError
from scrubber.ledger.holding import Holding
from scrubber.ledger.inserting import insert_rows
from scrubber.ledger.records import Counts, Run
from scrubber.ledger.schema import alarms, artefacts, claims, runs, transactions
from scrubber.ledger.submitted import Transaction

_BLOCK: Final = 500
_CLAIM: Final = ("run", "st", *rows.ClaimRow._fields)
_ALARM: Final = ("run", *rows.AlarmRow._fields)
_TRANSACTION: Final = attrgetter("transaction")
_RUN: Final = insert(runs).returning(runs.c.id)
_TRANSACTIONS: Final = insert(transactions)
_ARTEFACTS: Final = insert(artefacts)
_COUNTED: Final = update(transactions).where(
    transactions.c.run == bindparam("in_run"), transactions.c.number == bindparam("nth")
)


def record(connection: Connection, run: Run, claims_: Iterable[rows.Ready]) -> int:
    """Write `run` and its claims and return its id, within a transaction that writes."""
    id_ = connection.execute(_RUN, rows.run_values(run)).scalar_one()
    recording = _Recording(connection, run, id_)
    found = iter(claims_)
    while block := list(islice(found, _BLOCK)):
        recording.write(block)
    recording.finish()
    return recording.id


class _Tally:
    """Counts that grow."""

    def __init__(self) -> None:
        self.claims = self.lines = self.cents = 0

    def add(self, claims_: Sequence[rows.Ready]) -> None:
        """Count some claims."""
        self.claims += len(claims_)
        self.lines += sum([one.lines for one in claims_])
        self.cents += sum([one.row.cents or 0 for one in claims_])

    @property
    def counts(self) -> Counts:
        return Counts(self.claims, self.lines, self.cents)


class _Recording:
    """A run on its way into the ledger."""

    def __init__(self, connection: Connection, run: Run, id_: int) -> None:
        self.id = id_
        self._connection = connection
        self._run = run
        self._holding = Holding(connection, id_, run.at)
        self._open: Transaction | None = None
        self._tallies: list[tuple[_Tally, _Tally]] = []  # of each transaction: received, held
        self._sent = 0

    def write(self, block: Sequence[rows.Ready]) -> None:
        """Write some claims."""
        new: list[rows.Values] = []
        written: list[tuple[Any, ...]] = []
        for transaction, members in groupby(block, key=_TRANSACTION):
            if transaction != self._open:
                self._open = transaction
                new.append(rows.transaction_values(self.id, len(self._tallies), transaction))
                self._tallies.append((_Tally(), _Tally()))
            part = list(members)
            self._count(part)
            ids = self.id, len(self._tallies) - 1
            written += [(*ids, *claim.row) for claim in part]
        if new:
            self._connection.execute(_TRANSACTIONS, new)
        insert_rows(self._connection, claims, _CLAIM, written)
        if told := [(self.id, *alarm) for claim in block for alarm in claim.alarms]:
            insert_rows(self._connection, alarms, _ALARM, told)
        self._holding.take(block)

    def finish(self) -> None:
        """Write what is known at the end. Raises LedgerError when the claims are not those of the run."""
        received = sum(tally.claims for tally, _ in self._tallies)
        said = self._run.received.claims, self._run.released.claims, self._run.held.claims
        if (received, self._sent, received - self._sent) != said:
            raise LedgerError(
                f"the run tells of {said[0]} claims, {said[1]} released and {said[2]} held; there came"
                f" {received}, {self._sent} and {received - self._sent}: nothing was recorded"
            )
        if self._tallies:
            self._connection.execute(_COUNTED, [*self._counted()])
        if self._run.artefacts:
            files = [
                {"run": self.id, "name": rows.plain(one.name), "sha256": one.sha256}
                for one in self._run.artefacts
            ]
            self._connection.execute(_ARTEFACTS, files)

    def _counted(self) -> Iterator[rows.Values]:
        for number, (received, held) in enumerate(self._tallies):
            counts = rows.counts_values("received", received.counts) | rows.counts_values("held", held.counts)
            yield counts | {"in_run": self.id, "nth": number}

    def _count(self, part: Sequence[rows.Ready]) -> None:
        """Count claims of the transaction that was begun last."""
        received, held = self._tallies[-1]
        received.add(part)
        kept = [claim for claim in part if not claim.sent]
        held.add(kept)
        self._sent += len(part) - len(kept)
