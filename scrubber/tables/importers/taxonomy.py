"""NUCC health care provider taxonomy: csv or spreadsheet.

Columns by their headers: code, section, and notes, where a date with the word "new" is the first
day of the code, and one with "inactive" the first day on which it is none any more. No wording is
kept. Source: NUCC, health care provider taxonomy code set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from .layout import OPEN, Found, Line, Record, RowError, day_before, read_day, shown, words

_CODE: Final = re.compile(r"[0-9A-Z]{9}X", re.ASCII)
_NEW: Final = re.compile(r"(\d{1,2}/\d{1,2}/\d{4}): new", re.ASCII)
_INACTIVE: Final = re.compile(r"(\d{1,2}/\d{1,2}/\d{4}): (?:marked )?inactive", re.ASCII)
_WANTED: Final = ("code", "grouping", "classification", "specialization")
_SECTIONS: Final = ("individual", "non-individual")
_SINCE_EVER: Final = 20010101  # before the code set was first named for claims


class Taxonomy:
    """The layout of the code set."""

    name = "NUCC taxonomy"
    fixed = False
    tables = ("taxonomy",)

    def recognise(self, head: Sequence[Line]) -> Found | None:
        """Find the header by code, grouping, classification and specialization."""
        for line in head:
            headers = [words(cell) for cell in line.cells]
            if all(word in headers for word in _WANTED):
                names = ("code", "section", "notes")
                columns = {name: headers.index(name) if name in headers else -1 for name in names}
                return Found(columns, line.number)
        return None

    def read(self, lines: Iterable[Line], found: Found) -> Iterator[tuple[str, Record]]:
        """A record for each code."""
        place = found.columns
        for line in lines:
            if line.aside:
                continue
            text = line.cell(place["code"])
            if _CODE.fullmatch(text) is None:
                raise RowError(line, f'"{shown(text)}" is no taxonomy code of ten characters')
            section = line.cell(place["section"]).lower()
            if place["section"] >= 0 and section not in _SECTIONS:
                raise RowError(line, f'section "{shown(section)}" is not individual or non-individual')
            yield "taxonomy", (text, *_span(line.cell(place["notes"])), section)

    def program(self, found: Found) -> str | None:  # noqa: ARG002 - as the protocol has it
        """One code set for all programs."""
        return None


def _span(notes: str) -> tuple[int, int]:
    new, inactive = _NEW.search(notes), _INACTIVE.search(notes)
    begins = read_day(new[1]) if new else None
    ends = read_day(inactive[1]) if inactive else None
    return begins or _SINCE_EVER, day_before(ends) if ends else OPEN


LAYOUT = Taxonomy()
