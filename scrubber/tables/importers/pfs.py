"""PPRRVU, the relative value file of the Medicare physician fee schedule: csv or spreadsheet.

The header is wrapped over several rows and its last row begins HCPCS, MOD. Read: status code, the
two NA indicators, PC/TC, global days, and the indicators for multiple and bilateral procedures,
assistant, co-surgeons and team; no relative value is kept. Source: CMS, PFS relative value files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from .layout import Found, Line, Record, RowError, code, headed, place_of, shown, words

_MODIFIER: Final = re.compile(r"[0-9A-Z]{0,2}", re.ASCII)
_MARK: Final = re.compile(r"[0-9A-Z]{0,3}", re.ASCII)
_ABOVE: Final = 4  # rows that a wrapped header may take above its last one
_VALUES: Final = (
    "status",
    "nonfacility_na",
    "facility_na",
    "pc_tc",
    "global_days",
    "multiple",
    "bilateral",
    "assistant",
    "co_surgeons",
    "team",
)
_WORDS: Final = {
    "status": ("code",),
    "pc_tc": ("pctc",),
    "global_days": ("glob",),
    "multiple": ("mult",),
    "bilateral": ("bilat",),
    "assistant": ("asst",),
    "co_surgeons": ("co-",),
    "team": ("team",),
}
# CMS has not moved these columns since 2009; their words are only "INDICATOR".
_NA_PLACES: Final = {"nonfacility_na": 7, "facility_na": 9}


class Pfs:
    """The layout of the relative value file."""

    name = "PPRRVU relative value file"
    fixed = False
    tables = ("pfs",)

    def recognise(self, head: Sequence[Line]) -> Found | None:
        """Find the row that begins HCPCS, MOD, with global days and PC/TC in its wrapped header."""
        for last, line in enumerate(head):
            if [words(cell) for cell in line.cells[:2]] != ["hcpcs", "mod"]:
                continue
            first = last
            while first > max(0, last - _ABOVE) and not head[first - 1].aside:
                first -= 1
            headers = headed(head, first, last)
            columns = {name: place_of(headers, *wanted) for name, wanted in _WORDS.items()}
            if min(columns["status"], columns["pc_tc"], columns["global_days"]) < 0:
                return None
            for name, place in _NA_PLACES.items():
                columns[name] = place if place < len(headers) and "indicator" in headers[place] else -1
            return Found(columns, line.number)
        return None

    def read(self, lines: Iterable[Line], found: Found) -> Iterator[tuple[str, Record]]:
        """A record for each code and modifier."""
        for line in lines:
            if line.aside:
                continue
            modifier = line.cell(1)
            if _MODIFIER.fullmatch(modifier) is None:
                raise RowError(line, f'modifier "{shown(modifier)}" is not two characters')
            values = [line.cell(found.columns[name]) for name in _VALUES]
            for name, value in zip(_VALUES, values, strict=True):
                if _MARK.fullmatch(value) is None or (name == "status" and len(value) != 1):
                    raise RowError(line, f'{name} "{shown(value)}" is no indicator')
            yield "pfs", (code(line, 0, "code"), modifier, 0, 0, *values)

    def program(self, found: Found) -> str | None:  # noqa: ARG002 - as the protocol has it
        """A Medicare file, in a table that has no other."""
        return None


LAYOUT = Pfs()
