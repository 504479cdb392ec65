"""The database under the ledger: opening SQLite or PostgreSQL, transactions, faults in one line."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from scrubber.ledger.errors import LedgerBusy, LedgerError

_CONNECT: Final = 10  # seconds
_LOCK: Final = 837_96372  # of PostgreSQL's advisory locks: that of who writes to the ledger
_PAGE: Final = 8192  # rows of 600 bytes cost less than with 4096; small runs cost more from 16384 on
_SQLITE_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_POSTGRES_BUSY: Final = frozenset({"55P03", "57014", "40P01", "40001"})  # lock, cancelled, deadlock, serial


class Database:
    """A SQLite file or PostgreSQL database; one process at a time writes to it.

    `name` is what the user is told, without password; `patience` the seconds to wait for who writes.
    """

    def __init__(self, where: str | PathLike[str], *, create: bool, patience: float) -> None:
        given = fspath(where)
        url = _url(given)
        if url.get_backend_name() == "sqlite":
            self.name = given
            _look(Path(url.database or ""), self.name, create=create)
            self._engine = _sqlite(url, patience)
        else:
            shown = url.set(drivername="postgresql", query={})  # a password may stand among the options too
            self.name = shown.render_as_string(hide_password=True)
            self._engine = _postgres(url, self.name, patience)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, of one state of the database. Raises LedgerBusy, LedgerError."""
        with self._told(), self._engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes, kept when the block ends and undone when it raises.

        Raises LedgerBusy when another process writes for longer than it waits, LedgerError.
        """
        with self._told(), self._engine.connect() as connection:
            postgres = connection.dialect.name == "postgresql"
            isolation = {"isolation_level": "READ COMMITTED"} if postgres else {}
            with connection.execution_options(writes=True, **isolation).begin():
                if postgres:  # as SQLite does it: what two writers would do at once, they do in turn
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                yield connection

    def prepare(self) -> None:
        """Do what a new database needs before its first transaction."""
        if self._engine.dialect.name != "sqlite":
            return
        pooled = self._engine.raw_connection()
        raw: Any = pooled.driver_connection
        # WAL: who reads does not stop who writes. It is a property of the file, and wants a disk of this
        # host. Where another process makes the same ledger just now, that one sees to it.
        with contextlib.suppress(sqlite3.OperationalError):
            for pragma in (f"page_size={_PAGE}", "journal_mode=WAL"):
                raw.execute(f"PRAGMA {pragma}").close()
        pooled.close()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error) as fault:
            cause = fault.orig if isinstance(fault, DBAPIError) else fault
            if _is_busy(cause):
                raise LedgerBusy(
                    f"{self.name}: another process is writing to the ledger: nothing was written, try again"
                ) from fault
            raise LedgerError(f"{self.name}: {_reason(cause)}") from fault
        except SQLAlchemyError as fault:
            raise LedgerError(f"{self.name}: the database failed ({type(fault).__name__})") from fault


def _url(given: str) -> URL:
    """The URL of a path or URL. Raises LedgerError for what is neither."""
    if "://" not in given:
        return URL.create("sqlite", database=given)
    scheme, _, rest = given.partition("://")
    if scheme in ("postgresql", "postgres"):
        given = f"postgresql+psycopg://{rest}"
    elif scheme not in ("sqlite", "postgresql+psycopg"):
        raise LedgerError(
            f"{scheme}: no database for a ledger: give a path, or sqlite:///... or postgresql://..."
        )
    try:
        url = make_url(given)
    except (ArgumentError, ValueError) as fault:
        raise LedgerError(f"{scheme}://...: the URL of the ledger cannot be read") from fault
    if scheme == "sqlite" and url.database in (None, "", ":memory:"):
        raise LedgerError("sqlite://: a ledger in memory would be lost: name a file")
    return url


def _look(path: Path, name: str, *, create: bool) -> None:
    if path.is_dir():
        raise LedgerError(f"{name}: is a folder, not a ledger")
    if not path.exists() and not create:
        raise LedgerError(f"{name}: there is no ledger")
    if not path.parent.is_dir():
        raise LedgerError(f"{name}: there is no folder for it")


def _sqlite(url: URL, patience: float) -> Engine:
    engine = create_engine(url, connect_args={"timeout": patience}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def connected(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # transactions are begun below, where it is known whether they write
        # FULL: what was committed survives a power cut; that nothing is sent twice rests on it.
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            raw.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        # Whoever will write takes the lock first: a lock taken in the middle can fail at once.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres(url: URL, name: str, patience: float) -> Engine:
    try:
        engine = create_engine(
            url,
            connect_args={"connect_timeout": _CONNECT},
            pool_pre_ping=True,  # a server may have been restarted while `scrubber watch` waited
            isolation_level="REPEATABLE READ",  # a reader sees one state, as with SQLite
            hide_parameters=True,
        )
    except ModuleNotFoundError as fault:
        driver = "PostgreSQL needs the driver psycopg: pip install 'x12-claim-scrubber[postgres]'"
        raise LedgerError(f"{name}: {driver}") from fault

    @event.listens_for(engine, "connect")
    def connected(raw: Any, _record: Any) -> None:
        raw.execute(f"SET lock_timeout = {round(patience * 1000)}")
        raw.commit()

    return engine


def _is_busy(fault: BaseException | None) -> bool:
    if isinstance(fault, sqlite3.Error):
        return getattr(fault, "sqlite_errorcode", 0) & 0xFF in _SQLITE_BUSY
    return getattr(fault, "sqlstate", None) in _POSTGRES_BUSY


def _reason(fault: BaseException | None) -> str:
    """One line that holds no value of a row."""
    diagnosis = getattr(fault, "diag", None)
    says = getattr(diagnosis, "message_primary", None) or str(fault) or type(fault).__name__
    lines = [line.strip() for line in says.splitlines() if line.strip()]
    return lines[0] if lines else "the database failed"
