"""Faults of the ledger, each one line for the user."""

from __future__ import annotations

from scrubber.errors import GUARD, ScrubberError


class LedgerError(ScrubberError):
    """The ledger cannot be opened, read or written as asked."""


class LedgerBusy(LedgerError):  # noqa: N818 - what the user is told
    """Another process holds the ledger; nothing was written. Trying again later may do."""

    exit_code = GUARD


class AlreadyRecorded(LedgerError):  # noqa: N818
    """An input with the same SHA-256 was recorded before: `run` is the id of that run."""

    exit_code = GUARD

    def __init__(self, run: int, name: str) -> None:
        super().__init__(f'the same bytes were recorded before, as run {run} ("{name}")')
        self.run = run
