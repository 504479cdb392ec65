"""Values that answers share: references, procedures, counts, moments."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from loops.answers.kinds_277 import Procedure
from loops.values import day, number

_QUALIFIER: Final = 2
_CENTURY: Final = "20"  # of the YYMMDD of an ISA: X12 answers are younger than 2000


def whole(text: str) -> int | None:
    """A count; None when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def place(text: str) -> int:
    """An ordinal as IK3 and IK4 give them; 0 when absent or no number."""
    return whole(text) or 0


def codes(elements: list[str]) -> tuple[str, ...]:
    """Those of the elements that are not empty."""
    return tuple(code for code in elements if code)


def amount(text: str) -> Decimal | None:
    """Money or a quantity; None when absent or no number."""
    return number(text) if text else None


def procedure(parts: list[str]) -> Procedure:
    """The components of SVC01 or SVC06: a lone one is a qualifier if it has two characters, else a code."""
    if len(parts) > 1:
        return Procedure(parts[0], parts[1], codes(parts[2:6]))
    return Procedure(parts[0], "", ()) if len(parts[0]) == _QUALIFIER else Procedure("", parts[0], ())


def moment(day_text: str, time_text: str) -> datetime | None:
    """A date (CCYYMMDD or YYMMDD) and a time (HHMM, seconds may follow); without a readable time midnight."""
    found = day(_CENTURY + day_text if len(day_text) == 6 else day_text)
    if found is None:
        return None
    return datetime(found.year, found.month, found.day, *_clock(time_text))  # noqa: DTZ001 - X12 names no zone


def _clock(text: str) -> tuple[int, int, int]:
    hour, minute, second = (whole(text[at : at + 2]) or 0 for at in (0, 2, 4))
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else (0, 0, 0)


def short_day(text: str) -> date | None:
    """A date of six or eight digits."""
    found = moment(text, "")
    return found.date() if found else None
