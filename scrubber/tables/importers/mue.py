"""NCCI medically unlikely edits, practitioner services: csv or spreadsheet.

Columns by their headers: HCPCS/CPT code, practitioner services MUE values, MUE adjudication
indicator (its leading digit counts). Source: CMS, NCCI for Medicare and for Medicaid, MUE files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from .layout import Found, LayoutError, Line, Record, RowError, code, number, place_of, shown, words

_INDICATOR: Final = re.compile(r"([123])\b", re.ASCII)


class Mue:
    """The layout of the MUE files."""

    name = "NCCI MUE"
    fixed = False
    tables = ("mue",)

    def recognise(self, head: Sequence[Line]) -> Found | None:
        """Find the header by a column of codes and one of MUE values. LayoutError for other services."""
        for line in head:
            headers = [words(cell) for cell in line.cells]
            codes = place_of(headers, "code", without="descri")
            units = place_of(headers, "mue value")
            if codes < 0 or units < 0 or codes == units:
                continue
            if "hospital" in headers[units] or "dme" in headers[units]:
                raise LayoutError(
                    "MUE values of hospitals or suppliers; load the file of practitioner services"
                )
            return Found(
                {"code": codes, "units": units, "mai": place_of(headers, "adjudication")}, line.number
            )
        return None

    def read(self, lines: Iterable[Line], found: Found) -> Iterator[tuple[str, Record]]:
        """A record for each code."""
        codes, units, mark = (found.columns[name] for name in ("code", "units", "mai"))
        for line in lines:
            if line.aside:
                continue
            mai = ""
            if mark >= 0:
                told = line.cell(mark)
                begun = _INDICATOR.match(told)
                if begun is None:
                    raise RowError(line, f'adjudication indicator "{shown(told)}" is not 1, 2 or 3')
                mai = begun[1]
            value = number(line, units, "MUE value")
            if "." in value:
                raise RowError(line, f'MUE value "{value}" is no whole number')
            yield "mue", (code(line, codes, "code"), 0, 0, value, mai)

    def program(self, found: Found) -> str | None:
        """Only the Medicare file has adjudication indicators."""
        return "medicare" if found.columns["mai"] >= 0 else None


LAYOUT = Mue()
