"""The rows of one load, in a SQLite file that is written once and never changed.

A row is the cells of its key, the first and the last day, and its values. Days are numbers such
as 20260701: `OPEN` for no last day, `NEVER` for a row that was withdrawn and is in force on no day.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from scrubber.tables.errors import TableError

from .kinds import Kind

OPEN: Final = 99991231
NEVER: Final = 0
Record = tuple[str | int, ...]

_CACHE_KIB: Final = 65_536  # rows that come out of order must not make the import crawl
_BATCH: Final = 10_000


def write_rows(path: Path, kind: Kind, records: Iterable[Record]) -> int:
    """Write a new file of rows, lastingly, and return how many different ones there are."""
    database = sqlite3.connect(path, isolation_level=None)
    try:
        # The file counts only once it is complete and in the catalogue: until then it needs no journal.
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        columns = _columns(kind)
        fields = ", ".join(f'"{name}" NOT NULL' for name in columns)
        names = ", ".join(f'"{name}"' for name in columns)
        database.execute(f"CREATE TABLE rows ({fields}, PRIMARY KEY ({names})) WITHOUT ROWID")
        marks = ", ".join("?" * len(columns))
        database.execute("BEGIN")
        database.executemany(f"INSERT OR IGNORE INTO rows VALUES ({marks})", records)  # noqa: S608 - our names
        database.execute("COMMIT")
        count: int = database.execute("SELECT count(*) FROM rows").fetchone()[0]
    finally:
        database.close()
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
    return count


class Rows:
    """The rows of one load, open for reading."""

    def __init__(self, path: Path, kind: Kind) -> None:
        """Open the file. Raises FileNotFoundError when it is gone."""
        self._path = path
        self._kind = kind
        values = "".join(f', "{name}"' for name in kind.values)
        where = " AND ".join(f'"{name}" = ?' for name in kind.stored)
        # Of rows that overlap, the one that began last counts, and of those the one that ends last.
        self._sql = f'SELECT "from", thru{values} FROM rows WHERE {where} ORDER BY "from" DESC, thru DESC'  # noqa: S608 - our names
        self._open()

    def _open(self) -> None:
        if not self._path.is_file():
            raise FileNotFoundError(self._path)
        # Nobody writes the file, so there is nothing to lock and no journal to look for.
        uri = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
        self._database = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        self._process = os.getpid()

    def of(self, key: tuple[str, ...]) -> list[Record]:
        """The rows of a key: first day, last day, values; the one that counts first."""
        if self._process != os.getpid():
            self._open()  # SQLite allows no connection to cross a fork
        try:
            return self._database.execute(self._sql, key).fetchall()
        except sqlite3.DatabaseError as fault:
            raise self._damaged(fault) from fault

    def keys(self, prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
        """The different keys that begin with these cells, in order."""
        names = ", ".join(f'"{name}"' for name in self._kind.stored)
        where = " AND ".join(f'"{name}" = ?' for name in self._kind.stored[: len(prefix)])
        sql = f"SELECT DISTINCT {names} FROM rows {'WHERE ' + where if where else ''} ORDER BY {names}"  # noqa: S608 - our names
        return self._every(sql, prefix)

    def all(self) -> Iterator[Record]:
        """Every row whole, in order of its cells: key, first day, last day, values."""
        names = ", ".join(f'"{name}"' for name in _columns(self._kind))
        return self._every(f"SELECT {names} FROM rows ORDER BY {names}", ())  # noqa: S608 - our names

    def bounds(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The lowest and the highest key. The load must have a row."""
        names = ", ".join(f'"{name}"' for name in self._kind.stored)
        last = ", ".join(f'"{name}" DESC' for name in self._kind.stored)
        (low,) = self._every(f"SELECT {names} FROM rows ORDER BY {names} LIMIT 1", ())  # noqa: S608 - our names
        (high,) = self._every(f"SELECT {names} FROM rows ORDER BY {last} LIMIT 1", ())  # noqa: S608 - our names
        return low, high

    def doubles(self) -> Iterator[tuple[str, ...]]:
        """The keys that have more than one row."""
        names = ", ".join(f'"{name}"' for name in self._kind.stored)
        return self._every(f"SELECT {names} FROM rows GROUP BY {names} HAVING count(*) > 1", ())  # noqa: S608 - our names

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _every(self, sql: str, values: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        try:
            cursor = self._database.execute(sql, values)
            while batch := cursor.fetchmany(_BATCH):
                yield from batch
        except sqlite3.DatabaseError as fault:
            raise self._damaged(fault) from fault

    def _damaged(self, fault: sqlite3.DatabaseError) -> TableError:
        return TableError(f"{self._path}: damaged ({fault}); import the file again: scrubber tables import")


def _columns(kind: Kind) -> tuple[str, ...]:
    return (*kind.stored, "from", "thru", *kind.values)
