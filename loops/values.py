"""Values of elements: money, units, dates, NPI, NDC. What cannot be read is None, never an exception."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

_NUMBER: Final = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)
_LONGEST_NUMBER: Final = 20  # 18 digits (element 782), sign and point: sums of these stay exact
_DAY: Final = re.compile(r"[0-9]{8}", re.ASCII)
_NPI: Final = re.compile(r"[0-9]{10}", re.ASCII)
_HYPHENED_NDC: Final = re.compile(r"([0-9]{4,5})-([0-9]{3,4})-([0-9]{1,2})", re.ASCII)
_NDC_WIDTHS: Final = (5, 4, 2)


@lru_cache(maxsize=4096)
def number(text: str) -> Decimal | None:
    """A number of X12 type R or N0 (money in dollars, units) as Decimal; None when it is none."""
    return Decimal(text) if len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text) else None


@lru_cache(maxsize=4096)
def day(text: str) -> date | None:
    """A date of format D8, ``CCYYMMDD``; None when there is no such day."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def period(qualifier: str, text: str) -> tuple[date | None, date | None]:
    """First and last day of a DTP03 by its DTP02: D8, RD8, or DT and TM formats whose first part is a day."""
    first, _, last = text.partition("-")
    if qualifier == "RD8":
        return day(first), day(last)
    if qualifier in ("D8", "DT"):
        return day(text[:8]), day(text[:8])
    return None, None


@lru_cache(maxsize=4096)
def npi_is_valid(text: str) -> bool:
    """Whether `text` is ten digits with the check digit of 45 CFR 162.406 (Luhn over the prefix 80840)."""
    if not _NPI.fullmatch(text):
        return False
    total = 24  # the prefix's share
    for place, digit in enumerate(text):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def padded_ndc(text: str) -> str | None:
    """The eleven digits 5-4-2 of a hyphenated NDC (4-4-2, 5-3-2, 5-4-1, 5-4-2); None when it is none.

    Without hyphens nobody can tell which part is short, so ten digits give None.
    """
    match = _HYPHENED_NDC.fullmatch(text)
    if not match or sum(len(part) for part in match.groups()) not in (10, 11):
        return None
    return "".join(part.zfill(width) for part, width in zip(match.groups(), _NDC_WIDTHS, strict=True))
