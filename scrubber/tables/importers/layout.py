"""What a layout is: how it is recognised in the first rows, and how a row becomes a record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple, Protocol

from scrubber.tables.errors import TableError
from scrubber.tables.store.rows import NEVER, OPEN, Record

PASSED_OVER: Final = ""
"""The table of a row that its publisher got wrong and that is left out; the record is line and reason."""

CODE: Final = re.compile(r"[0-9A-Z]{5}", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
_DATES: Final = (
    (re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII), (0, 1, 2)),
    (re.compile(r"(\d{4})-(\d\d)-(\d\d)(?: 00:00:00)?", re.ASCII), (0, 1, 2)),
    (re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII), (2, 0, 1)),
)


class LayoutError(TableError):
    """A file is not what it should be; the text says what and the mend, the caller says where."""


class Line(NamedTuple):
    """A row of a file: its number (from 1) as an editor or a spreadsheet counts, and its cells."""

    number: int
    cells: tuple[str, ...]

    def cell(self, place: int) -> str:
        """A cell without the blanks around it; empty when the row is shorter."""
        return self.cells[place].strip() if 0 <= place < len(self.cells) else ""

    @property
    def aside(self) -> bool:
        """Whether the row is no data: empty, or a title or foot note, one cell of several words."""
        only = ""
        for cell in self.cells:
            if cell and not cell.isspace():
                if only:
                    return False
                only = cell
        return not only or " " in only.strip()


@dataclass(frozen=True, slots=True)
class Found:
    """A layout recognised: the place of each column by name, and the number of the last header row."""

    columns: Mapping[str, int]
    header: int = 0


class Layout(Protocol):
    """One layout of one publisher. Its module holds one instance, ``LAYOUT``."""

    @property
    def name(self) -> str:
        """What a person calls the file."""

    @property
    def fixed(self) -> bool:
        """Whether it has positions instead of columns, so that each of its rows is one cell."""

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it fills."""

    def recognise(self, head: Sequence[Line]) -> Found | None:
        """The columns, when the first rows of a file are of this layout."""

    def read(self, lines: Iterable[Line], found: Found) -> Iterator[tuple[str, Record]]:
        """Table and record of each row. Raises `RowError` at the first row that is not right.

        A row known to be a slip of the publisher gives `PASSED_OVER`, its number and why.
        """

    def program(self, found: Found) -> str | None:
        """The program, where the columns tell it; None where they do not."""


class RowError(LayoutError):
    """A row is not right."""

    def __init__(self, line: Line, fault: str) -> None:
        super().__init__(fault)
        self.number = line.number


def code(line: Line, place: int, what: str) -> str:
    """A procedure code of five characters. Raises RowError."""
    text = line.cell(place).upper()
    if CODE.fullmatch(text) is None:
        raise RowError(line, f'{what} "{shown(text)}" is no code of five characters')
    return text


def number(line: Line, place: int, what: str, *, may_be_empty: bool = False) -> str:
    """A decimal number as it is written, without needless zeros. Raises RowError."""
    text = line.cell(place).replace(",", "")
    if not text and may_be_empty:
        return ""
    if _NUMBER.fullmatch(text) is None:
        raise RowError(line, f'{what} "{shown(text)}" is no number')
    whole, _, part = text.partition(".")
    part = part.rstrip("0")
    return (whole.lstrip("0") or "0") + ("." + part if part else "")


def day(line: Line, place: int, what: str, empty: int | None = None) -> int:
    """A date as a number (20260701) from any of the forms that the publishers use.

    `empty` is the answer for an empty cell or a ``*``; without it such a cell is a fault, as is
    a date that does not exist. Raises RowError.
    """
    text = line.cell(place)
    if text in ("", "*") and empty is not None:
        return empty
    found = read_day(text)
    if found is None:
        raise RowError(line, f'{what} "{shown(text)}" is no date such as 20260701')
    return found


@lru_cache(maxsize=4096)  # millions of rows share a few hundred dates
def read_day(text: str) -> int | None:
    """A date in any of the forms that the publishers use, as a number; None when it is none."""
    for form, order in _DATES:
        found = form.fullmatch(text)
        if found:
            year, month, month_day = (int(found.groups()[place]) for place in order)
            try:
                date(year, month, month_day)
            except ValueError:
                return None
            return year * 10_000 + month * 100 + month_day
    return None


def day_before(number: int) -> int:
    """The day before a day, both as numbers."""
    found = date(number // 10_000, number // 100 % 100, number % 100) - timedelta(days=1)
    return found.year * 10_000 + found.month * 100 + found.day


def text_of(value: object) -> str:
    """What a cell of a spreadsheet says, as a text file would write it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def shown(text: str) -> str:
    """A cell short enough for a message, without control characters."""
    text = "".join(char if char.isprintable() else "?" for char in text)
    return text if len(text) <= 30 else text[:30] + "..."


def words(text: str) -> str:
    """A header in small letters with single blanks."""
    return " ".join(text.lower().split())


def headed(head: Sequence[Line], first: int, last: int) -> list[str]:
    """The headers of the columns, when they are wrapped over the rows `first` to `last` of `head`."""
    width = max(len(line.cells) for line in head[first : last + 1])
    rows = head[first : last + 1]
    return [words(" ".join(line.cell(place) for line in rows)) for place in range(width)]


def place_of(headers: Sequence[str], *wanted: str, without: str = "\0") -> int:
    """The first column whose header holds all the words `wanted` and not `without`; -1 when none."""
    for place, header in enumerate(headers):
        if all(word in header for word in wanted) and without not in header:
            return place
    return -1


__all__ = [
    "CODE",
    "NEVER",
    "OPEN",
    "PASSED_OVER",
    "Found",
    "Layout",
    "LayoutError",
    "Line",
    "Record",
    "RowError",
    "code",
    "day",
    "day_before",
    "headed",
    "number",
    "place_of",
    "read_day",
    "shown",
    "text_of",
    "words",
]
