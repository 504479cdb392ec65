"""Which of several editions of a table speaks of a key on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .catalog import Load
from .quarter import Quarter
from .rows import Record, Rows


@dataclass(frozen=True, slots=True)
class Part:
    """A load with its rows open."""

    load: Load
    rows: Rows


class Edition:
    """The loads of one quarter of one program: together one edition of the table."""

    def __init__(self, quarter: Quarter, parts: tuple[Part, ...], last_day: date | None) -> None:
        """`last_day` is the day before the next edition, None for the newest."""
        self.quarter = quarter
        self.begins = quarter.first_day
        self.last_day = last_day
        self.parts = parts
        self.whole = is_whole([part.load for part in parts])

    def records(self, key: tuple[str, ...]) -> list[Record]:
        """The rows of a key, the one that counts first."""
        return [record for part in self.parts for record in part.rows.of(key)]

    def speaks_of(self, key: tuple[str, ...]) -> bool:
        """Whether a key without a row is known to have none."""
        return self.whole or any(part.load.low <= key <= part.load.high for part in self.parts)


Answer = tuple[Edition, Record | None]


def by_own_dates(
    editions: Sequence[Edition], key: tuple[str, ...], on: date, *, history: bool
) -> Answer | None:
    """The answer of editions (newest first) whose rows carry their dates; None when none can say.

    The newest edition that has rows of the key decides, by their dates: a later file tells of
    corrections to earlier days. A key without rows is absent when an edition speaks of it that had
    begun by `on`, or one that keeps what ended (`history`).
    """
    day = on.year * 10_000 + on.month * 100 + on.day
    kept = None
    for edition in editions:
        records = edition.records(key)
        if records:
            found = (record for record in records if int(record[0]) <= day <= int(record[1]))
            return edition, next(found, None)
        if edition.speaks_of(key):
            if edition.begins <= on:
                return edition, None
            kept = edition
    return (kept, None) if kept and history else None


def by_edition(editions: Sequence[Edition], key: tuple[str, ...], on: date) -> Answer | None:
    """The answer of editions (newest first) whose rows hold for their time; None when none can say.

    The newest edition decides that had begun by `on` and speaks of the key.
    """
    for edition in editions:
        if edition.begins <= on:
            records = edition.records(key)
            if records or edition.speaks_of(key):
                return edition, records[0] if records else None
    return None


def is_whole(loads: Iterable[Load]) -> bool:
    """Whether the loads of one quarter hold all codes: one does, or numbered parts without a gap do."""
    loads = sorted(loads, key=lambda load: load.part)
    if any(load.whole for load in loads):
        return True
    span = loads[0].kind.span
    numbered = [load for load in loads if load.part]
    if span is None or [load.part for load in numbered] != list(range(1, len(numbered) + 1)):
        return False
    return bool(numbered) and numbered[0].low[0] < span[0] and numbered[-1].high[0] >= span[1]


def group(parts: Iterable[Part]) -> dict[str, tuple[Edition, ...]]:
    """The editions by program, newest first."""
    grouped: dict[str, dict[Quarter, list[Part]]] = {}
    for part in parts:
        grouped.setdefault(part.load.program, {}).setdefault(part.load.quarter, []).append(part)
    editions = {}
    for program, quarters in grouped.items():
        last_day = None
        found = []
        for quarter in sorted(quarters, reverse=True):
            found.append(Edition(quarter, tuple(quarters[quarter]), last_day))
            last_day = quarter.first_day - timedelta(days=1)
        editions[program] = tuple(found)
    return editions
