"""The ledger on a database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from os import PathLike
from typing import Self

from scrubber.ledger.records import Hold, HoldState, Run
from scrubber.ledger.submitted import Disposition, SubmittedClaim


class Ledger:
    """Runs, claims and holds. Made by `scrubber.ledger.open_ledger`. No clock: times are handed in.

    One connection, for one thread; every method is one transaction. All raise LedgerBusy when another
    process keeps the database locked, LedgerError when it fails.
    """

    key: bytes
    """The random key of this ledger for the keyed hashes of `Submissions`."""

    def __init__(self, where: str | PathLike[str], *, create: bool = True) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""

    def seen(self, sha256: str) -> Run | None:
        """The run that took in the input with that SHA-256 (hex); None when none did."""
        raise NotImplementedError

    def record(self, run: Run, claims: Iterable[SubmittedClaim]) -> int:
        """Record a run and its claims, all or nothing, and return the run's id.

        `claims` come in the order of the file and are not gathered. A held claim becomes a hold; the
        hold of a claim of which a corrected copy is sent is closed. Raises AlreadyRecorded when an
        input with these bytes was recorded, LedgerError when the claims are not as many as `run` says.
        """
        raise NotImplementedError

    def runs(self, *, since: datetime | None = None, until: datetime | None = None) -> Iterator[Run]:
        """The runs with ``since <= at < until`` in the order they were recorded."""
        raise NotImplementedError

    def claims(
        self,
        *,
        run: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        dispositions: Collection[Disposition] = (),
        claim: str = "",
        person: str = "",
    ) -> Iterator[SubmittedClaim]:
        """The claims with lines and alarms, by run and place in the file, streamed.

        `since` and `until` are about the run; `claim` is CLM01, `person` a keyed hash.
        """
        raise NotImplementedError

    def holds(self, *, states: Collection[HoldState] = (), ids: Collection[int] = ()) -> Iterator[Hold]:
        """The holds with their history, the oldest first; all states unless told."""
        raise NotImplementedError

    def approved_holds(self, identities: Iterable[str]) -> frozenset[str]:
        """Which of these (`SubmittedClaim.identity`) are held claims that somebody released."""
        raise NotImplementedError

    def release(self, hold: int, user: str, reason: str, at: datetime) -> Hold:
        """Release a hold: the same claim goes through when it comes in again.

        Raises LedgerError when there is no such hold, it is released already, or was corrected.
        """
        raise NotImplementedError

    def cancel(self, hold: int, user: str, reason: str, at: datetime) -> Hold:
        """Cancel a hold, also one that was released: the claim will not be sent as it is.

        Raises LedgerError when there is no such hold, it is cancelled already, or was corrected.
        """
        raise NotImplementedError
