"""HCPCS Level II, alpha-numeric file: csv or spreadsheet, and fixed width of 293 positions.

Read: code, sequence number, record type (3 first line of a procedure, 4 more of its text, 7 first
line of a modifier, 8 more of its text), add date, termination date (the last valid day), action.
Source: CMS, HCPCS quarterly update, record layout.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from .layout import OPEN, Found, Line, Record, RowError, code, day, place_of, shown, words

_MODIFIER: Final = re.compile(r"[0-9A-Z]{2}", re.ASCII)
_FIXED: Final = re.compile(r"(?:[0-9A-Z]{5}| {3}[0-9A-Z]{2})[0-9]{5}[3478]", re.ASCII)
_WIDTH: Final = 293
_SLICES: Final = (slice(0, 5), slice(10, 11), slice(268, 276), slice(284, 292), slice(292, 293))


class Hcpcs:
    """The layout with columns."""

    name = "HCPCS Level II"
    fixed = False
    tables = ("hcpcs", "hcpcs_modifiers")

    def recognise(self, head: Sequence[Line]) -> Found | None:
        """Find the header by HCPC, RECID, ADD DT and TERM DT."""
        for line in head:
            headers = [words(cell).replace("_", " ") for cell in line.cells]
            columns = {
                "code": next((place for place, text in enumerate(headers) if text in ("hcpc", "hcpcs")), -1),
                "kind": place_of(headers, "recid"),
                "from": place_of(headers, "add d"),
                "thru": place_of(headers, "term d"),
                "action": place_of(headers, "action c"),
            }
            if min(columns.values()) >= 0:
                return Found(columns, line.number)
        return None

    def read(self, lines: Iterable[Line], found: Found) -> Iterator[tuple[str, Record]]:
        """A record for each code and each modifier; lines that only go on with a text give none."""
        places = [found.columns[name] for name in ("code", "kind", "from", "thru", "action")]
        for line in lines:
            if not line.aside:
                yield from _record(Line(line.number, tuple(line.cell(place) for place in places)))

    def program(self, found: Found) -> str | None:  # noqa: ARG002 - as the protocol has it
        """One file for all programs."""
        return None


class HcpcsFixed(Hcpcs):
    """The layout with positions."""

    fixed = True

    def recognise(self, head: Sequence[Line]) -> Found | None:
        """Every row begins as a record does, and the first is as long as one."""
        rows = [line for line in head if line.cell(0)]
        if not rows or not all(_FIXED.match(line.cells[0]) for line in rows):
            return None
        return Found({}) if len(rows[0].cells[0].rstrip("\r\n")) == _WIDTH else None

    def read(self, lines: Iterable[Line], found: Found) -> Iterator[tuple[str, Record]]:  # noqa: ARG002
        """A record for each code and each modifier; lines that only go on with a text give none."""
        for line in lines:
            text = line.cells[0] if line.cells else ""
            if not line.cell(0):
                continue
            if len(text) != _WIDTH:
                raise RowError(line, f"{len(text)} characters where a record has {_WIDTH}")
            yield from _record(Line(line.number, tuple(text[part].strip() for part in _SLICES)))


def _record(line: Line) -> Iterator[tuple[str, Record]]:
    kind = line.cell(1)
    if kind not in ("3", "4", "7", "8"):
        raise RowError(line, f'record type "{shown(kind)}" is not 3, 4, 7 or 8')
    if kind in ("4", "8"):
        return
    # The code numbers of modifiers stand at the right of five positions.
    span = day(line, 2, "add date"), day(line, 3, "termination date", OPEN)
    if kind == "3":
        yield "hcpcs", (code(line, 0, "code"), *span, line.cell(4))
    elif _MODIFIER.fullmatch(line.cell(0)):
        yield "hcpcs_modifiers", (line.cell(0), *span, line.cell(4))
    else:
        raise RowError(line, f'modifier "{shown(line.cell(0))}" is not two characters')


LAYOUT = Hcpcs()
FIXED = HcpcsFixed()
