"""The ledger: what was done with which claim, when, by which rules. SQLite, or PostgreSQL.

    with open_ledger("outbox/ledger.sqlite") as ledger:
        if run := ledger.seen(sha256):
            ...  # the same bytes came in before
        claims = Submissions(batch, payers, at=now, key=ledger.key)
        ledger.record(Run(...), (claims.ready(number, findings, disposition) for ...))

It keeps codes, control numbers, NPIs, dates of service and amounts; no names, member ids, birth dates
or addresses. Importing this package loads no database: `open_ledger` does.
"""

from __future__ import annotations

from os import PathLike, urandom
from typing import TYPE_CHECKING

from scrubber.ledger.errors import AlreadyRecorded, LedgerBusy, LedgerError
from scrubber.ledger.keyed import member_key, person_key
from scrubber.ledger.records import Artefact, Counts, Event, Hold, HoldState, Run
from scrubber.ledger.submissions import Submissions
from scrubber.ledger.submitted import Alarm, Disposition, SubmittedClaim, SubmittedLine, Transaction

if TYPE_CHECKING:
    from scrubber.ledger.store import Ledger

__all__ = [
    "Alarm",
    "AlreadyRecorded",
    "Artefact",
    "Counts",
    "Disposition",
    "Event",
    "Hold",
    "HoldState",
    "LedgerBusy",
    "LedgerError",
    "Run",
    "Submissions",
    "SubmittedClaim",
    "SubmittedLine",
    "Transaction",
    "member_key",
    "new_key",
    "open_ledger",
    "person_key",
]


def open_ledger(where: str | PathLike[str], *, create: bool = True, patience: float = 5) -> Ledger:
    """Open a ledger, made or migrated when it is not there or older; close it, or use it in a ``with``.

    `where` is a path of a SQLite file, or a URL (``sqlite:///...``, ``postgresql://...``). With
    `create` False one that is not there is a fault. `patience` is how many seconds to wait while
    another process writes. Raises LedgerError (one line: cannot be opened, made by a newer version,
    driver missing), LedgerBusy.
    """
    from scrubber.ledger.store import Ledger  # noqa: PLC0415 - SQLAlchemy, which most commands need not

    return Ledger(where, create=create, patience=patience)


def new_key() -> bytes:
    """A random key for the hashes of `Submissions` where there is no ledger."""
    return urandom(32)
