"""The quarter, the program and the part of a file, from what it says or else from its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from scrubber.tables.store import Quarter

from .layout import Line

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
# What the publishers write in the first rows. A copyright year is no vintage.
_EFFECTIVE: Final = re.compile(rf"effective\s+{_MONTH}\s+\d{{1,2}},?\s+(20\d\d)", re.ASCII | re.IGNORECASE)
_RELEASE: Final = re.compile(
    rf"(20\d\d) national physician fee schedule.*?\b{_MONTH} (?:release|update)",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
# What they write in the names of files: patterns, and how the year and the month are read of each.
_NAMED: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[int, int]]], ...]] = (
    (re.compile(r"(?<!\d)(20\d\d)[-_ ]?q([1-4])(?!\d)", re.ASCII), lambda m: (int(m[1]), 3 * int(m[2]))),
    (
        re.compile(r"(?<![a-z0-9])q([1-4])[-_ ]?(20\d\d)(?!\d)", re.ASCII),
        lambda m: (int(m[2]), 3 * int(m[1])),
    ),
    # The versions of NCCI: 32.2 is the third quarter of 2026.
    (
        re.compile(r"(?<![a-z0-9])v(\d\d)\.?([0-3])r\d(?!\d)", re.ASCII),
        lambda m: (1994 + int(m[1]), 3 * int(m[2]) + 3),
    ),
    (re.compile(r"(?<!\d)(\d\d)[-_](\d\d)[-_](20\d\d)(?!\d)", re.ASCII), lambda m: (int(m[3]), int(m[1]))),
    (
        re.compile(rf"(?<!\d)(?:20)?(\d\d)[-_ ]?{_MONTH}(?![a-z])", re.ASCII),
        lambda m: (2000 + int(m[1]), _month(m[2])),
    ),
    (
        re.compile(rf"(?<![a-z]){_MONTH}[-_ ](?:\d{{1,2}}[-_, ]+)?(20\d\d)(?!\d)", re.ASCII),
        lambda m: (int(m[2]), _month(m[1])),
    ),
    (re.compile(r"(?<!\d)(20\d\d)[-_](\d\d)(?!\d)", re.ASCII), lambda m: (int(m[1]), int(m[2]))),
)
_RVU: Final = re.compile(r"rvu(\d\d)([a-d])(?![a-z])", re.ASCII)
_FISCAL_YEAR: Final = re.compile(r"order[-_ ](20\d\d)(?!\d)", re.ASCII)
_NUCC: Final = re.compile(r"taxonomy[-_ ](\d\d)\.?([01])(?!\d)", re.ASCII)
_PART: Final = re.compile(r"(?:^|[-_ ])(?:f|part[-_ ]?)([1-9])(?=[-_ .]|$)", re.ASCII)
_MEDICAID: Final = re.compile(r"medicaid|(?<![a-z])mcd(?![a-z])")
_MEDICARE: Final = re.compile(r"medicare|(?<![a-z])mcr(?![a-z])|ccipra")
_NUCC_FIRST_YEAR: Final = 2000  # version 24 is of 2024


def quarter_of(head: Sequence[Line], names: Iterable[str], table: str) -> Quarter | None:
    """The quarter that a file is of: by its first rows, else by its names, the nearest first."""
    text = " ".join(cell for line in head for cell in line.cells if cell)
    found = _EFFECTIVE.search(text)
    if found:
        return _quarter(int(found[2]), _month(found[1]))
    found = _RELEASE.search(text)
    if found:
        return _quarter(int(found[1]), _month(found[2]))
    names = [name.lower() for name in names]
    readings = (*(_by_date(name) for name in names), *(_by_edition(name, table) for name in names))
    return next((quarter for quarter in readings if quarter), None)


def _by_date(name: str) -> Quarter | None:
    """The quarter of a name that holds a quarter, a date, or a month and a year."""
    for pattern, read in _NAMED:
        if found := pattern.search(name):
            return _quarter(*read(found))
    return None


def _by_edition(name: str, table: str) -> Quarter | None:
    """The quarter of a name that counts editions as its publisher does."""
    if table == "pfs" and (found := _RVU.search(name)):
        return Quarter(2000 + int(found[1]), "abcd".index(found[2]) + 1)
    if table == "icd10cm" and (found := _FISCAL_YEAR.search(name)):
        return Quarter(int(found[1]) - 1, 4)  # a fiscal year begins on 1 October
    if table == "taxonomy" and (found := _NUCC.search(name)):
        return Quarter(_NUCC_FIRST_YEAR + int(found[1]), 3 if found[2] == "1" else 1)
    return None


def program_of(head: Sequence[Line], names: Iterable[str]) -> str | None:
    """The program that names or first rows speak of; None when they speak of none or of both."""
    text = " ".join((*names, *(cell for line in head for cell in line.cells))).lower()
    told = [bool(_MEDICARE.search(text)), bool(_MEDICAID.search(text))]
    return ("medicare" if told[0] else "medicaid") if sum(told) == 1 else None


def part_of(name: str) -> int:
    """The number of a split file, from a name such as ``ccipra-v322r0-f1.txt``; 0 when there is none."""
    found = _PART.search(name.lower())
    return int(found[1]) if found else 0


def _month(name: str) -> int:
    return _MONTHS.index(name.lower()[:3]) + 1


def _quarter(year: int, month: int) -> Quarter | None:
    return Quarter(year, (month + 2) // 3) if 1 <= month <= 12 else None
