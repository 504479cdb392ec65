"""Things kept on the disk in the order of a number, so that memory does not grow with the batch."""

from __future__ import annotations

import pickle
import sqlite3
import weakref
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final, Generic, TypeVar

from scrubber.errors import ScrubberError

_CACHE_KIB: Final = 512
_One = TypeVar("_One")


class Kept(Generic[_One]):
    """Takes things, each with a number (of a claim, of a byte), and gives them back by it, as often as asked.

    Those of one number come in the order in which they were added. They lie in a private database of
    SQLite, whose file has no name and goes with this object; as nobody else can write there they may be
    pickled. Raises ScrubberError when there is no room for them.
    """

    def __init__(self) -> None:
        self._base = sqlite3.connect("", check_same_thread=False)  # it may be closed from any thread
        weakref.finalize(self, self._base.close)
        self._base.execute("PRAGMA journal_mode = OFF")
        self._base.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._base.execute("CREATE TABLE kept (number INTEGER, thing BLOB)")
        self._count = 0
        self._last = -1
        self._in_order = True  # they mostly come so, and need no sorting then

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[_One]:
        return (thing for _, thing in self._rows())

    def add(self, number: int, thing: _One) -> None:
        """Take in one thing, by value."""
        data = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
        try:
            self._base.execute("INSERT INTO kept VALUES (?, ?)", (number, data))
        except sqlite3.OperationalError as fault:
            raise _told(fault) from fault
        self._in_order &= number >= self._last
        self._last = number
        self._count += 1

    def groups(self) -> Iterator[tuple[int, list[_One]]]:
        """Each number once, by size, with its things."""
        for number, rows in groupby(self._rows(), itemgetter(0)):
            yield number, [thing for _, thing in rows]

    def _rows(self) -> Iterator[tuple[int, _One]]:
        order = "rowid" if self._in_order else "number, rowid"
        try:
            for number, data in self._base.execute(f"SELECT number, thing FROM kept ORDER BY {order}"):  # noqa: S608
                yield number, pickle.loads(data)  # noqa: S301 - written above
        except sqlite3.OperationalError as fault:
            raise _told(fault) from fault


def _told(fault: sqlite3.OperationalError) -> ScrubberError:
    return ScrubberError(f"what is done to the batch cannot be kept in a temporary file: {fault}")
