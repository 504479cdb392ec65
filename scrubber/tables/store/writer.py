"""Changing a store: loads are built beside it and come into force together, or not at all.

What is in force is what the catalogue names. A load is a new file of its own; the catalogue is
exchanged in one step when all are complete. A process that is killed before leaves files that no
catalogue names: the next import sweeps them away.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

from scrubber.tables.errors import TableError
from scrubber.tables.imported import CATALOG

from .catalog import Load, read_catalog, sync_folder, write_catalog
from .kinds import Kind
from .rows import Record, Rows, write_rows

_LOCK: Final = "lock.sqlite"
_WAIT_SECONDS: Final = 10
_T = TypeVar("_T")


class Built:
    """Rows written, not yet in force: where, what, how many."""

    def __init__(self, path: Path, kind: Kind, count: int) -> None:
        self.path = path
        self.kind = kind
        self.count = count

    def doubles(self) -> list[tuple[str, ...]]:
        """The keys that have more than one row."""
        return self._ask(lambda rows: list(rows.doubles()))

    def bounds(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The lowest and the highest key."""
        return self._ask(lambda rows: rows.bounds())

    def same(self, other: Path) -> bool:
        """Whether another file of the same kind holds exactly these rows."""
        theirs = Rows(other, self.kind)
        try:
            return self._ask(lambda rows: all(a == b for a, b in zip_longest(rows.all(), theirs.all())))
        finally:
            theirs.close()

    def _ask(self, question: Callable[[Rows], _T]) -> _T:
        rows = Rows(self.path, self.kind)
        try:
            return question(rows)
        finally:
            rows.close()


class Draft:
    """An open change of the store in `folder`, which is made when it is not there.

    ``with Draft(folder, now) as draft: draft.build(...); draft.publish()``. Leaving the block
    without `publish` changes nothing. Raises TableError when another import does not end in ten
    seconds, or the folder cannot be written.
    """

    def __init__(self, folder: Path, now: datetime) -> None:
        self._folder = folder
        self._now = now
        self._new: list[Load] = []
        self._staged: list[Path] = []
        self._old: tuple[Load, ...] = ()
        self._lock: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # A lock of SQLite is given back by the system when its holder dies, on every system.
            self._lock = sqlite3.connect(self._folder / _LOCK, timeout=_WAIT_SECONDS, isolation_level=None)
            self._lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as fault:
            self._unlock()
            busy = "locked" in str(fault)
            why = "another import is running; try again later" if busy else f"cannot be written ({fault})"
            raise TableError(f"{self._folder}: {why}") from fault
        except OSError as fault:
            raise TableError(f"{self._folder}: cannot be written ({fault.strerror})") from fault
        try:
            self._old = read_catalog(self._folder)
            self._sweep(self._old)
        except BaseException:
            self._unlock()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            for path in self._staged:
                path.unlink(missing_ok=True)
        finally:
            self._unlock()

    @property
    def old(self) -> tuple[Load, ...]:
        """The loads in force before."""
        return self._old

    @property
    def new(self) -> tuple[Load, ...]:
        """The loads built so far."""
        return tuple(self._new)

    def build(self, kind: Kind, records: Iterable[Record]) -> Built:
        """Write the rows of a load to come. What `records` raises goes through."""
        path = self._folder / f"load-{secrets.token_hex(8)}.sqlite"
        self._staged.append(path)
        try:
            count = write_rows(path, kind, records)
        except (sqlite3.Error, OSError) as fault:
            raise TableError(f"{self._folder}: cannot be written ({fault})") from fault
        return Built(path, kind, count)

    def add(self, load: Load, built: Built) -> None:
        """Take a load into the change."""
        self._new.append(replace(load, rows=built.count, data=built.path.name, loaded=self._now))

    def drop(self, built: Built) -> None:
        """Throw away what `build` wrote."""
        self._staged.remove(built.path)
        built.path.unlink(missing_ok=True)

    def data(self, load: Load) -> Path:
        """The file with the rows of a load, old or new."""
        return self._folder / load.data

    def displaced(self) -> tuple[Load, ...]:
        """The old loads that the new ones take the place of."""
        return tuple(old for old in self._old if any(new.displaces(old) for new in self._new))

    def publish(self) -> None:
        """Bring all new loads into force in one step."""
        gone = self.displaced()
        kept = [load for load in self._old if load not in gone]
        try:
            sync_folder(self._folder)
            write_catalog(self._folder, [*kept, *self._new])
        except OSError as fault:
            raise TableError(f"{self._folder / CATALOG}: cannot be written ({fault.strerror})") from fault
        self._staged.clear()
        self._sweep([*kept, *self._new])

    def _sweep(self, loads: Iterable[Load]) -> None:
        named = {load.data for load in loads}
        for path in (*self._folder.glob("load-*.sqlite*"), *self._folder.glob(f".part-*-{CATALOG}")):
            if path.name not in named:
                try:
                    path.unlink(missing_ok=True)
                except OSError:  # a system that keeps open files: the next import sweeps again
                    continue

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None
