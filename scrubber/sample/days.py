"""Working days, and days as X12 writes them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

_FRIDAY = 4


@cache
def ccyymmdd(day: date) -> str:
    """The day as CCYYMMDD."""
    return day.strftime("%Y%m%d")


@cache
def from_ccyymmdd(text: str) -> date:
    """The day that CCYYMMDD says."""
    return date.fromisoformat(text)


@cache
def working_day(day: date, later: int) -> date:
    """The working day (Monday to Friday) that is `later` working days after `day`."""
    while later or day.weekday() > _FRIDAY:
        day += timedelta(1)
        later -= later > 0 and day.weekday() <= _FRIDAY
    return day


@cache
def next_on(day: date, weekdays: tuple[int, ...]) -> date:
    """The first day from `day` on that is one of `weekdays` (Monday is 0)."""
    while day.weekday() not in weekdays:
        day += timedelta(1)
    return day
