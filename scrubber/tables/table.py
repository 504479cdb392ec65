"""One dated table, and the answers that it gives."""

from __future__ import annotations

import csv
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from .errors import TableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .meta import Meta

Key = str | tuple[str, ...]

# A batch asks the same few thousand questions again and again; a hostile one must not fill memory.
_MEMO_LIMIT = 50_000


@dataclass(frozen=True, slots=True)
class NoData:
    """The table cannot speak of that key or that date. ``reason`` is a line for a person."""

    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row in force: ``row["column"]`` is the text of a key or value column.

    ``cite`` holds ids for `Tables.citation`; ``confidence`` is ``confirmed`` (a source that one can
    open was read), ``secondary`` or ``general``; ``from_`` and ``thru`` are the first and the last
    day in force, ``thru`` None when open.
    """

    _place: dict[str, int] = field(repr=False)
    cells: tuple[str, ...]

    def __getitem__(self, column: str) -> str:
        return self.cells[self._place[column]]

    @property
    def cite(self) -> tuple[str, ...]:
        """Ids of the citations, best first."""
        return tuple(self.cells[-2].split())

    @property
    def confidence(self) -> str:
        """``confirmed``, ``secondary`` or ``general``."""
        return self.cells[-1]

    @property
    def from_(self) -> date:
        """First day in force."""
        return date.fromisoformat(self.cells[-4])

    @property
    def thru(self) -> date | None:
        """Last day in force, None when the row is open."""
        return date.fromisoformat(self.cells[-3]) if self.cells[-3] else None


class Table:
    """A table of dated rows. The file is parsed at the first question, not before."""

    def __init__(self, meta: Meta, read: Callable[[], bytes], base: Table | None = None) -> None:
        self.meta = meta
        self._read = read
        self._base = base
        self._text: list[str] | None = None
        self._place = {column: place for place, column in enumerate(meta.columns)}
        self._memo: dict[tuple[Key, date], Row | NoData | None] = {}
        self._parsed: dict[tuple[str, ...], tuple[Row, ...]] = {}
        self._lists: dict[tuple[tuple[str, ...], date | None], tuple[Row, ...]] = {}

    @property
    def name(self) -> str:
        """The name in ``index.toml``; the file is NAME.csv."""
        return self.meta.name

    @property
    def vintage(self) -> str:
        """The state of the source, for instance ``2024Q3``; both when a site table lies on top."""
        return self.meta.vintage if self._base is None else f"{self._base.vintage} + {self.meta.vintage}"

    @property
    def about(self) -> str:
        """What the table holds, and what it does not."""
        return self.meta.about

    @property
    def checked_on(self) -> date:
        """The day a person last compared the table with its sources."""
        return self.meta.checked_on

    def lookup(self, key: Key, on: date) -> Row | NoData | None:
        """Find the row of ``key`` in force on the date of service ``on``.

        ``key`` is a text for a table with one key column, else a tuple of texts. None: no such row,
        and the table covers that date. NoData: the table cannot tell, and why.
        """
        try:
            return self._memo[key, on]
        except KeyError:
            pass
        answer = self._find(key, on)
        if len(self._memo) >= _MEMO_LIMIT:
            self._memo.clear()
        self._memo[key, on] = answer
        return answer

    def rows(self, *prefix: str, on: date | None = None) -> tuple[Row, ...]:
        """List the rows whose key begins with these cells; with ``on``, those in force."""
        if not prefix:
            return self._listed(prefix, on)
        found = self._lists.get((prefix, on))
        if found is None:
            if len(self._lists) >= _MEMO_LIMIT:
                self._lists.clear()
            found = self._lists[prefix, on] = self._listed(prefix, on)
        return found

    def _listed(self, prefix: tuple[str, ...], on: date | None) -> tuple[Row, ...]:
        day = on.isoformat() if on else ""
        return tuple([row for row in self._all(prefix) if not day or _in_force(row, day)])

    def keys(self, on: date) -> frozenset[Key]:
        """Every key with a row in force on ``on``. Empty too when the date is not covered: see `covers`."""
        day = on.isoformat()
        return frozenset(self._key(row.cells) for row in self._all(()) if _in_force(row, day))

    def covers(self, on: date) -> NoData | None:
        """None when the table covers ``on`` in general, else why not."""
        return _outside(self.meta.covers_from, self.meta.covers_thru, on, self.name)

    def tells(self, on: date) -> bool:
        """Whether `lookup` has an answer to every key on that day: never NoData."""
        whole = not self.meta.scope and not self.meta.partial and self.covers(on) is None
        return whole and (self._base is None or self._base.tells(on))

    def _find(self, key: Key, on: date) -> Row | NoData | None:
        cells = (key,) if isinstance(key, str) else key
        if len(cells) != len(self.meta.key):
            raise TableError(f"{self.name}: the key has {len(self.meta.key)} parts {list(self.meta.key)}")
        rows = self._mine(cells)
        if rows:
            day = on.isoformat()
            for row in rows:
                if _in_force(row, day):
                    return row
        elif self._base is not None:
            return self._base.lookup(key, on)
        return self._why_silent(cells, on)

    def _why_silent(self, cells: tuple[str, ...], on: date) -> NoData | None:
        if self.meta.scope and not self.meta.scope.intersection(cells):
            return NoData(f"table {self.name} ({self.vintage}) does not hold these codes")
        for part in self.meta.partial:
            if cells[self._place[part.column]] == part.value:
                if part.covers_from is None:
                    return NoData(f"table {self.name}: {part.why}")
                return _outside(part.covers_from, part.covers_thru, on, self.name)
        return self.covers(on)

    def _all(self, prefix: tuple[str, ...]) -> Iterator[Row]:
        mine = set()
        for row in self._mine(prefix):
            mine.add(self._key(row.cells))
            yield row
        if self._base is not None:
            yield from (row for row in self._base.rows(*prefix) if self._key(row.cells) not in mine)

    def _mine(self, prefix: tuple[str, ...]) -> tuple[Row, ...]:
        rows = self._parsed.get(prefix)
        if rows is None:  # the same codes come with many dates
            if len(self._parsed) >= _MEMO_LIMIT:
                self._parsed.clear()
            rows = self._parsed[prefix] = self._parse(prefix)
        return rows

    def _parse(self, prefix: tuple[str, ...]) -> tuple[Row, ...]:
        # The lines are sorted, so the rows of a key are found by halving and only they are parsed.
        lines = self._lines()
        start = key_text(prefix)
        first = last = bisect_left(lines, start, lo=1)
        while last < len(lines) and lines[last].startswith(start):
            last += 1
        return tuple([Row(self._place, tuple(cells)) for cells in csv.reader(lines[first:last])])

    def _lines(self) -> list[str]:
        if self._text is None:
            lines = split_lines(self._read().decode("utf-8-sig"))
            if not lines or lines[0] + "," != key_text(self.meta.columns):
                raise TableError(f"{self.name}.csv, row 1: the columns must be {list(self.meta.columns)}")
            self._text = lines
        return self._text

    def _key(self, cells: tuple[str, ...]) -> Key:
        size = len(self.meta.key)
        return cells[0] if size == 1 else cells[:size]


def split_lines(text: str) -> list[str]:
    """Split a table into its lines, with either line end; a row is always one line."""
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if lines and not lines[-1] else lines


def key_text(cells: tuple[str, ...]) -> str:
    """Render the cells as a line begins that holds them first: the text that the file is sorted by."""
    return "".join('"' + cell.replace('"', '""') + '",' for cell in cells)


def _in_force(row: Row, day: str) -> bool:
    return row.cells[-4] <= day and (not row.cells[-3] or day <= row.cells[-3])


def _outside(start: date, end: date | None, on: date, name: str) -> NoData | None:
    if on < start:
        return NoData(f"table {name} covers dates of service from {start}; this one is {on}")
    if end is not None and on > end:
        return NoData(f"table {name} covers dates of service to {end}; this one is {on}")
    return None
