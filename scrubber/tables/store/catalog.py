"""The catalogue of a store, ``loads.json``: which loads are in force, and where each came from."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from scrubber.tables.errors import TableError
from scrubber.tables.imported import CATALOG

from .kinds import KINDS, PROGRAMS, Kind
from .quarter import Quarter

SCHEMA: Final = "scrubber.loads/1"


@dataclass(frozen=True, slots=True)
class Source:
    """The file that a load was read from: its name, the member of an archive, SHA-256 of the file."""

    file: str
    member: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Load:
    """One file as loaded: what it holds and where it came from.

    `part` is the number of a split file (``-f1``), 0 when there is none. `low` and `high` are the
    lowest and the highest key among its `rows` rows; keys outside are not its business unless
    `whole`. `data` names the file in the store, `loaded` the time in UTC.
    """

    table: str
    program: str
    quarter: Quarter
    part: int
    whole: bool
    low: tuple[str, ...]
    high: tuple[str, ...]
    rows: int
    source: Source
    data: str = ""
    loaded: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    @property
    def kind(self) -> Kind:
        """What the table is."""
        return KINDS[self.table]

    @property
    def order(self) -> tuple[str, str, Quarter, int, tuple[str, ...]]:
        """Sort key: table, program, quarter, part, lowest key."""
        return self.table, self.program, self.quarter, self.part, self.low

    @property
    def named(self) -> str:
        """Table, program, quarter and part, for a person."""
        words = [self.table, self.program, str(self.quarter), f"part {self.part}" if self.part else ""]
        return " ".join(word for word in words if word)

    def displaces(self, other: Load) -> bool:
        """Whether `other` must go for this load: the same table, program and quarter, common keys."""
        same = (self.table, self.program, self.quarter) == (other.table, other.program, other.quarter)
        return same and self.low <= other.high and other.low <= self.high


def read_catalog(folder: Path) -> tuple[Load, ...]:
    """Read the loads of a store, sorted; none when there is no catalogue yet. Raises TableError."""
    path = folder / CATALOG
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as fault:
        raise TableError(f"{path}: cannot be read ({fault.strerror})") from fault
    try:
        data = json.loads(raw)
        if data["schema"] != SCHEMA:
            raise TableError(f"{path}: written by another version of this program; import the tables again")
        loads = [as_load(entry) for entry in data["loads"]]
    except (ValueError, KeyError, TypeError) as fault:
        raise TableError(f"{path}: damaged; delete it and import the tables again") from fault
    return tuple(sorted(loads, key=lambda load: load.order))


def write_catalog(folder: Path, loads: Iterable[Load]) -> None:
    """Put a new catalogue in the place of the old one, in one step and lastingly."""
    entries = [as_entry(load) for load in sorted(loads, key=lambda load: load.order)]
    text = json.dumps({"schema": SCHEMA, "loads": entries}, indent=1, ensure_ascii=True) + "\n"
    part = folder / f".part-{os.getpid()}-{CATALOG}"
    with part.open("wb") as stream:
        stream.write(text.encode())
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(folder / CATALOG)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make names in a folder survive a loss of power, where the system has a way to ask for it."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def as_entry(load: Load, *, local: bool = True) -> dict[str, Any]:
    """The JSON object of a load; without `local` only what does not depend on the place and the time."""
    entry: dict[str, Any] = {
        "table": load.table,
        "program": load.program,
        "quarter": str(load.quarter),
        "part": load.part,
        "whole": load.whole,
        "low": list(load.low),
        "high": list(load.high),
        "rows": load.rows,
        "file": load.source.file,
        "member": load.source.member,
        "sha256": load.source.sha256,
    }
    if local:
        entry |= {"data": load.data, "loaded": load.loaded.isoformat(timespec="seconds")}
    return entry


def as_load(entry: dict[str, Any]) -> Load:
    """The load that a JSON object describes. Raises KeyError, TypeError or ValueError when it is none."""
    kind = KINDS[entry["table"]]
    quarter = Quarter.read(entry["quarter"])
    low, high = tuple(entry["low"]), tuple(entry["high"])
    texts = (entry["program"], entry["file"], entry["member"], entry["sha256"], *low, *high)
    if quarter is None or not all(isinstance(text, str) for text in texts):
        raise ValueError(entry["quarter"])
    if entry["program"] not in (PROGRAMS if kind.programmed else ("",)):
        raise ValueError(entry["program"])
    if len(low) != len(kind.stored) or len(high) != len(kind.stored):
        raise ValueError(low)
    return Load(
        table=kind.name,
        program=entry["program"],
        quarter=quarter,
        part=int(entry["part"]),
        whole=entry["whole"] is True,
        low=low,
        high=high,
        rows=int(entry["rows"]),
        source=Source(entry["file"], entry["member"], entry["sha256"]),
        data=Path(entry.get("data", "")).name,
        loaded=datetime.fromisoformat(entry.get("loaded", "1970-01-01T00:00:00+00:00")),
    )
