"""Findings kept on the disk until the walk comes by their place, so that memory does not grow with them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from scrubber.errors import ScrubberError

if TYPE_CHECKING:
    from scrubber.finding import Finding


class Spool:
    """Takes findings in any order and gives them back by offset, as `Finding.as_dict` tells them.

    They lie in a private database of SQLite, whose file has no name, and
    which SQLite sorts there: what is held in memory does not grow. Findings
    hold no data of persons. Raises ScrubberError when there is no room for them.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._base = sqlite3.connect("")
        self._base.execute("PRAGMA journal_mode = OFF")
        self._base.execute("CREATE TABLE finding (start INTEGER, row TEXT)")
        rows = ((one.byte_start, json.dumps(one.as_dict())) for one in findings)
        try:
            self._base.executemany("INSERT INTO finding VALUES (?, ?)", rows)
            self._rows = self._base.execute("SELECT start, row FROM finding ORDER BY start, rowid")
            self._next = self._rows.fetchone()
        except sqlite3.OperationalError as fault:
            raise ScrubberError(f"findings cannot be kept in a temporary file: {fault}") from fault

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def before(self, offset: int | None) -> Iterator[dict[str, Any]]:
        """The findings not yet given whose span begins before `offset` (None: all)."""
        while self._next and (offset is None or self._next[0] < offset):
            row, self._next = self._next[1], self._rows.fetchone()
            yield json.loads(row)
