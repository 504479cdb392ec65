"""NCCI procedure-to-procedure edits, practitioner services: tab text or spreadsheet, whole or in parts.

Columns by their headers, which may be wrapped over several rows: column 1, column 2, effective
date, deletion date (``*`` or empty: open), modifier indicator. Source: CMS, NCCI for Medicare and
for Medicaid, PTP edit files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from .layout import (
    CODE,
    NEVER,
    OPEN,
    Found,
    Line,
    Record,
    RowError,
    code,
    day,
    headed,
    place_of,
    shown,
    words,
)

_COLUMN: Final = re.compile(r"column ?(one|two|1|2)\b")
_NEVER_IN_FORCE: Final = "9"


class Ptp:
    """The layout of the PTP files."""

    name = "NCCI PTP edits"
    fixed = False
    tables = ("ptp",)

    def recognise(self, head: Sequence[Line]) -> Found | None:
        """Find the header by its words "column 1" and "column 2" in cells of their own."""
        for first, line in enumerate(head):
            firsts = [_COLUMN.match(words(cell)) for cell in line.cells]
            numbers = [found[1] if found else "" for found in firsts]
            ones = [place for place, text in enumerate(numbers) if text in ("1", "one")]
            twos = [place for place, text in enumerate(numbers) if text in ("2", "two")]
            if len(ones) == 1 and len(twos) == 1:
                return self._found(head, first, ones[0], twos[0])
        return None

    def _found(self, head: Sequence[Line], first: int, one: int, two: int) -> Found | None:
        last = first
        while last + 1 < len(head) and not _is_code(head[last + 1].cell(one)):
            last += 1
        headers = headed(head, first, last)
        columns = {
            "one": one,
            "two": two,
            "from": place_of(headers, "effective"),
            "thru": place_of(headers, "deletion"),
            "indicator": place_of(headers, "modifier"),
        }
        return Found(columns, head[last].number) if min(columns.values()) >= 0 else None

    def read(self, lines: Iterable[Line], found: Found) -> Iterator[tuple[str, Record]]:
        """A record for each pair and span; one that CMS withdrew (indicator 9) is in force on no day."""
        one, two, first, last, mark = (found.columns[n] for n in ("one", "two", "from", "thru", "indicator"))
        for line in lines:
            if line.aside:
                continue
            pair = code(line, one, "column 1"), code(line, two, "column 2")
            begins = day(line, first, "effective date")
            ends = day(line, last, "deletion date", OPEN)
            indicator = line.cell(mark)
            if indicator not in ("0", "1", "9"):
                raise RowError(line, f'modifier indicator "{shown(indicator)}" is not 0, 1 or 9')
            if ends < begins or (indicator == _NEVER_IN_FORCE and ends == begins):
                ends = NEVER
            yield "ptp", (*pair, begins, ends, indicator)

    def program(self, found: Found) -> str | None:  # noqa: ARG002 - as the protocol has it
        """Not told by the columns; where no name says Medicaid it is the Medicare file."""
        return "medicare"


def _is_code(text: str) -> bool:
    return CODE.fullmatch(text.strip()) is not None


LAYOUT = Ptp()
