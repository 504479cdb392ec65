"""Claim adjustment reason codes and remittance advice remark codes: csv, tab text or spreadsheet.

Columns by their headers: code, start (or effective) date, and where there is one the stop (end,
deactivation) date, the first day on which a code may not be used. Which of the two lists a code
belongs to shows in its form. No wording is kept. Source: X12, external code lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from .layout import OPEN, Found, Line, Record, RowError, day, day_before, place_of, shown, words

_CARC: Final = re.compile(r"[0-9]{1,3}|[ABDPWY][0-9]{1,2}", re.ASCII)
_RARC: Final = re.compile(r"M[0-9]{1,3}|MA[0-9]{1,3}|N[0-9]{1,3}", re.ASCII)
_GROUPS: Final = frozenset({"CO", "CR", "OA", "PI", "PR"})
_SINCE_EVER: Final = 19950101


class Reasons:
    """The layout of the code lists."""

    name = "CARC and RARC lists"
    fixed = False
    tables = ("carc", "rarc")

    def recognise(self, head: Sequence[Line]) -> Found | None:
        """Find the header by a column of codes and one of start dates, and a code of either list below."""
        for place, line in enumerate(head):
            headers = [words(cell).replace("_", " ") for cell in line.cells]
            columns = {
                "code": next((n for n, text in enumerate(headers) if text.split()[-1:] == ["code"]), -1),
                "from": _first(headers, ("start",), ("effective",)),
                "thru": _first(headers, ("stop",), ("end d",), ("deactivat",)),
            }
            known = columns["code"] >= 0 and columns["from"] >= 0
            if known and self._listed(head[place + 1 :], columns["code"]):
                return Found(columns, line.number)
        return None

    def _listed(self, rows: Sequence[Line], place: int) -> bool:
        codes = [line.cell(place) for line in rows if not line.aside]
        return bool(codes) and all(text in _GROUPS or _table(text) for text in codes)

    def read(self, lines: Iterable[Line], found: Found) -> Iterator[tuple[str, Record]]:
        """A record for each code; group codes are passed over."""
        place = found.columns
        for line in lines:
            text = line.cell(place["code"])
            if line.aside or text in _GROUPS:
                continue
            table = _table(text)
            if table is None:
                raise RowError(line, f'"{shown(text)}" is neither a reason code nor a remark code')
            begins = day(line, place["from"], "start date", _SINCE_EVER)
            ends = day(line, place["thru"], "stop date", OPEN)
            yield table, (text, begins, ends if ends == OPEN else day_before(ends))

    def program(self, found: Found) -> str | None:  # noqa: ARG002 - as the protocol has it
        """One list for all programs."""
        return None


def _first(headers: Sequence[str], *choices: tuple[str, ...]) -> int:
    found = (place_of(headers, *choice) for choice in choices)
    return next((place for place in found if place >= 0), -1)


def _table(text: str) -> str | None:
    if _RARC.fullmatch(text):
        return "rarc"
    return "carc" if _CARC.fullmatch(text) else None


LAYOUT = Reasons()
