"""ICD-10-CM order file: fixed width.

Positions 1-5 order number, 7-13 code without the dot, 15 valid for submission (1) or header (0),
17-76 short and 78 on long description. Source: CMS and CDC, ICD-10-CM order file layout.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from .layout import Found, Line, Record, RowError, shown

_ROW: Final = re.compile(r"([0-9]{5}) ([A-Z][0-9A-Z]{2,6}) +([01]) \S", re.ASCII)
_FLAG: Final = 14


class Icd10cm:
    """The layout of the order file."""

    name = "ICD-10-CM order file"
    fixed = True
    tables = ("icd10cm",)

    def recognise(self, head: Sequence[Line]) -> Found | None:
        """Every row is an order number, a code and a flag in its place."""
        rows = [line.cells[0] for line in head if line.cell(0)]
        return Found({}) if rows and all(_match(row) for row in rows) else None

    def read(self, lines: Iterable[Line], found: Found) -> Iterator[tuple[str, Record]]:  # noqa: ARG002
        """A record for each code and header; the order numbers must not have a gap."""
        before: int | None = None
        for line in lines:
            if not line.cell(0):
                continue
            row = _match(line.cells[0])
            if row is None:
                raise RowError(line, f'"{shown(line.cells[0])}" is no order number, code and flag')
            order = int(row[1])
            if before is not None and order != before + 1:
                raise RowError(line, f"order number {row[1]} comes after {before:05}: rows are missing")
            before = order
            yield "icd10cm", (row[2], 0, 0, "yes" if row[3] == "1" else "no")

    def program(self, found: Found) -> str | None:  # noqa: ARG002 - as the protocol has it
        """One file for all programs."""
        return None


def _match(row: str) -> re.Match[str] | None:
    found = _ROW.match(row)
    return found if found and found.start(3) == _FLAG else None


LAYOUT = Icd10cm()
