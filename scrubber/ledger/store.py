"""The ledger on a database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from os import PathLike
from typing import Self

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from scrubber.ledger import reading, rows
from scrubber.ledger.database import Database
from scrubber.ledger.errors import AlreadyRecorded, LedgerError
from scrubber.ledger.migrations import MIGRATIONS, migrate, version
from scrubber.ledger.recording import record
from scrubber.ledger.records import Hold, HoldState, Run
from scrubber.ledger.rows import Ready
from scrubber.ledger.schema import events, holds, ledger
from scrubber.ledger.submitted import Disposition, SubmittedClaim


class Ledger:
    """Runs, claims and holds. Made by `scrubber.ledger.open_ledger`. No clock: times are handed in.

    Each call is one transaction, and what comes streamed is one too, while it is read. For one process:
    who forks opens another. All raise LedgerBusy when another process writes for longer than this one
    waits (``patience`` seconds), LedgerError when the database fails. Times are aware; they come back
    in UTC.

    `key` is the random key of this ledger for the keyed hashes of `Submissions`; `name` is what users
    are told, without password.
    """

    def __init__(self, where: str | PathLike[str], *, create: bool = True, patience: float = 5) -> None:
        self._database = Database(where, create=create, patience=patience)
        self.name = self._database.name
        try:
            with self._database.reading() as connection:
                found = version(connection, self.name)
            if found == 0:
                self._database.prepare()
            if found < len(MIGRATIONS):
                with self._database.writing() as connection:
                    migrate(connection, self.name)
            with self._database.reading() as connection:
                self.key: bytes = bytes(connection.execute(select(ledger.c.key)).scalar_one())
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    def seen(self, sha256: str) -> Run | None:
        """The run that took in the input with that SHA-256 (hex); None when none did."""
        with self._database.reading() as connection:
            return reading.run_of_input(connection, sha256)

    def record(self, run: Run, claims: Iterable[Ready]) -> int:
        """Record a run and its claims, all or nothing, and return the run's id.

        `claims`, as `Submissions.ready` makes them, come in the order of the file and are not gathered;
        file and time of their transaction are those of the run. A held claim becomes a hold, or renews the
        one it has; a hold is closed when the claim is sent after all, or a corrected copy of it comes.
        Raises AlreadyRecorded when an input with these bytes was recorded, LedgerError when the
        claims are not as many as `run` says.
        """
        try:
            with self._database.writing() as connection:
                return record(connection, run, claims)
        except LedgerError as fault:
            if isinstance(fault.__cause__, IntegrityError) and (before := self.seen(run.sha256)):
                raise AlreadyRecorded(before.id, before.name) from fault
            raise

    def runs(self, *, since: datetime | None = None, until: datetime | None = None) -> Iterator[Run]:
        """The runs with ``since <= at < until`` in the order they were recorded."""
        with self._database.reading() as connection:
            yield from reading.read_runs(connection, since, until)

    def claims(
        self,
        *,
        run: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        dispositions: Collection[Disposition] = (),
        claim: str = "",
    ) -> Iterator[SubmittedClaim]:
        """The claims with lines and alarms, by run and place in the file, streamed.

        `since` and `until` are about the run; `claim` is CLM01.
        """
        with self._database.reading() as connection:
            yield from reading.read_claims(
                connection,
                run=run,
                since=since,
                until=until,
                dispositions=dispositions,
                claim=claim,
            )

    def holds(self, *, states: Collection[HoldState] = (), ids: Collection[int] = ()) -> Iterator[Hold]:
        """The holds with their history, the oldest first; all states unless told."""
        with self._database.reading() as connection:
            yield from reading.read_holds(connection, states, ids)

    def approved_holds(self, identities: Iterable[str] | None = None) -> frozenset[str]:
        """Which of these (`SubmittedClaim.identity`) are held claims that somebody released; None: all."""
        with self._database.reading() as connection:
            return reading.approved(connection, identities)

    def release(self, hold: int, user: str, reason: str, at: datetime) -> Hold:
        """Release a hold: the same claim goes through when it comes in again.

        Raises LedgerError when there is no such hold, it is released already, or was closed.
        """
        return self._decide(hold, HoldState.RELEASED, user, reason, at)

    def cancel(self, hold: int, user: str, reason: str, at: datetime) -> Hold:
        """Cancel a hold, also one that was released: the claim will not be sent as it is.

        Raises LedgerError when there is no such hold, it is cancelled already, or was closed.
        """
        return self._decide(hold, HoldState.CANCELLED, user, reason, at)

    def _decide(self, hold: int, state: HoldState, user: str, reason: str, at: datetime) -> Hold:
        user, reason = rows.plain(user).strip(), rows.plain(reason).strip()
        if not user or not reason:
            raise LedgerError(f"hold {hold}: name the user and the reason")
        with self._database.writing() as connection:
            now = _state(connection, hold)
            if now in (state, HoldState.CLOSED):
                raise LedgerError(f"hold {hold}: is {now.value} already")
            connection.execute(update(holds).where(holds.c.id == hold).values(state=state.value))
            event = {"hold": hold, "at": at, "state": state.value, "by_user": user, "reason": reason}
            connection.execute(insert(events).values(event))
            return next(reading.read_holds(connection, (), (hold,)))


def _state(connection: Connection, hold: int) -> HoldState:
    found = connection.execute(select(holds.c.state).where(holds.c.id == hold)).scalar_one_or_none()
    if found is None:
        raise LedgerError(f"hold {hold}: there is none of that number")
    return HoldState(found)
