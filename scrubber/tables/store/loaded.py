"""A table whose rows come from loads: it answers where a load can, else the table beneath does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from scrubber.tables.errors import TableError
from scrubber.tables.meta import Meta
from scrubber.tables.table import Key, NoData, Row, Table

from .editions import Answer, Edition, Part, by_edition, by_own_dates, group
from .kinds import Kind
from .quarter import Quarter
from .rows import NEVER, OPEN, Record

CITED: Final = "import:"


class LoadedTable(Table):
    """A table over loads, and over the shipped table of that name where there is one (`base`).

    Where rows carry their own dates (``ptp``, ``hcpcs``, ``carc`` ...) the newest edition that has
    rows of the key decides by those dates (`by_own_dates`). Where they do not (``mue``,
    ``icd10cm``, ``pfs`` ...) the edition decides in whose time the day lies: from the first day of
    its quarter until the next edition begins; the newest has no end (`by_edition`). A day or a key
    of which no edition speaks goes to the table beneath; without one the answer is NoData.
    """

    def __init__(self, meta: Meta, kind: Kind, parts: Iterable[Part], base: Table | None) -> None:
        super().__init__(meta, _nothing, base)
        self.kind = kind
        self._editions = group(parts)

    @property
    def vintage(self) -> str:
        """The vintage of the table beneath, and after plus signs the quarters that are loaded."""
        loaded = [f"{program} {edition.quarter}".strip() for program, edition in self._every_edition()]
        beneath = [self._base.vintage] if self._base else []
        return " + ".join((*beneath, *loaded)) or "none"

    @property
    def checked_on(self) -> date:
        """The day of the newest load."""
        days = [part.load.loaded.date() for _, edition in self._every_edition() for part in edition.parts]
        return max(days, default=self.meta.checked_on)

    def covers(self, on: date) -> NoData | None:
        """None when some edition, or the table beneath, speaks of `on` in general; else why not."""
        if any(edition.begins <= on or self.kind.history for _, edition in self._every_edition()):
            return None
        return self._base.covers(on) if self._base else self._no_data(on)

    def rows(self, *prefix: str, on: date | None = None) -> tuple[Row, ...]:
        """List the rows whose key begins with these cells; with ``on``, those in force."""
        keys = sorted(self._keys(prefix))
        if on is None:
            return tuple(row for key in keys for row in self._every_row(key))
        answers = (self._find(_as_key(key), on) for key in keys)
        return tuple(answer for answer in answers if isinstance(answer, Row))

    def keys(self, on: date) -> frozenset[Key]:
        """Every key with a row in force on ``on``; slow for a large table."""
        keys = (_as_key(key) for key in self._keys(()))
        return frozenset(key for key in keys if isinstance(self._find(key, on), Row))

    def _find(self, key: Key, on: date) -> Row | NoData | None:
        cells = (key,) if isinstance(key, str) else key
        if len(cells) != len(self.kind.key):
            raise TableError(f"{self.name}: the key has {len(self.kind.key)} parts {list(self.kind.key)}")
        answer = self._answer(cells, on)
        if answer is not None:
            edition, record = answer
            return self._row(cells, record, edition) if record else None
        if self._base is not None:
            return self._base.lookup(key, on)
        return self._no_data(on)

    def _answer(self, cells: tuple[str, ...], on: date) -> Answer | None:
        program, key = self._split(cells)
        editions = self._editions.get(program, ())
        if self.kind.dated:
            return by_own_dates(editions, key, on, history=self.kind.history)
        return by_edition(editions, key, on)

    def _every_row(self, cells: tuple[str, ...]) -> Iterator[Row]:
        program, key = self._split(cells)
        held = [(edition, edition.records(key)) for edition in reversed(self._editions.get(program, ()))]
        held = [(edition, records) for edition, records in held if records]
        if self._base is not None:
            for row in self._base.rows(*cells):
                if not held or (not self.kind.dated and row.from_ < held[0][0].begins):
                    yield row
        for edition, records in held[-1:] if self.kind.dated else held:
            for record in sorted(records):
                if not (self.kind.dated and record[1] == NEVER):
                    yield self._row(cells, record, edition)

    def _row(self, cells: tuple[str, ...], record: Record, edition: Edition) -> Row:
        if self.kind.dated:
            first, last = _day(record[0]), _day(record[1])
        else:
            first = edition.begins.isoformat()
            last = edition.last_day.isoformat() if edition.last_day else ""
        found = dict(zip(self.kind.key, cells, strict=True))
        found |= zip(self.kind.values, (str(value) for value in record[2:]), strict=True)
        told = (found.get(column, "") for column in (*self.meta.key, *self.meta.values))
        cite = citation_id(self.kind, self._split(cells)[0], edition.quarter)
        return Row(self._place, (*told, first, last, cite, "confirmed"))

    def _keys(self, prefix: tuple[str, ...]) -> set[tuple[str, ...]]:
        size = len(self.kind.stored)
        found: set[tuple[str, ...]] = set()
        for program, edition in self._every_edition():
            if not prefix[size:] or prefix[size] == program:
                tail = (program,) if self.kind.programmed else ()
                for part in edition.parts:
                    found.update((*key, *tail) for key in part.rows.keys(prefix[:size]))
        if self._base is not None:
            found.update(row.cells[: len(self.kind.key)] for row in self._base.rows(*prefix))
        return found

    def _split(self, cells: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        """The program, and the cells that a load keeps as the key."""
        return (cells[-1], cells[:-1]) if self.kind.programmed else ("", cells)

    def _every_edition(self) -> Iterator[tuple[str, Edition]]:
        for program in sorted(self._editions):
            for edition in reversed(self._editions[program]):
                yield program, edition

    def _no_data(self, on: date) -> NoData:
        if not self._editions:
            return NoData(f"table {self.name} is not shipped and none is loaded: scrubber tables import FILE")
        return NoData(f"table {self.name} ({self.vintage}) does not speak of this key on {on}")


def citation_id(kind: Kind, program: str, quarter: Quarter) -> str:
    """The cite id of the rows of an edition, for instance ``import:ptp:medicare:2026Q3``."""
    return CITED + ":".join(word for word in (kind.name, program, str(quarter)) if word)


def _as_key(cells: tuple[str, ...]) -> Key:
    return cells[0] if len(cells) == 1 else cells


def _day(number: str | int) -> str:
    text = str(number)
    return "" if number == OPEN else f"{text[:4]}-{text[4:6]}-{text[6:]}"


def _nothing() -> bytes:
    return b""
