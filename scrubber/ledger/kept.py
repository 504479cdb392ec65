"""What of a claim may be kept, in the form that it must have; anything else becomes x."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from loops.values import number
from scrubber.report.mask import hidden, masked_fact

_LONGEST_ID: Final = 80  # the longest reference of X12 005010
_DAY_DIGITS: Final = 8
_CENTS: Final = 100, 10, 1
# Eight digits that read as a day: no amount, units or id of a payer, but perhaps somebody's birth.
_DAY: Final = r"(?!(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$)"
_AMOUNT: Final = re.compile(_DAY + r"(-)?(?=\.?[0-9])([0-9]{0,16})(?:\.([0-9]{0,2})0*)?", re.ASCII)
_UNITS: Final = re.compile(_DAY + r"-?[0-9.]{1,18}", re.ASCII)
_CODE: Final = re.compile(r"(?=[A-Za-z]*[0-9])[A-Za-z0-9]{1,7}|", re.ASCII)
_DIAGNOSIS: Final = re.compile(r"[A-Za-z][0-9][A-Za-z0-9.]{0,6}|", re.ASCII)
_SHORT: Final = re.compile(r"[A-Za-z0-9]{0,2}", re.ASCII)
_LINE: Final = re.compile(r"[0-9]{0,6}", re.ASCII)
_PAYER: Final = re.compile(_DAY + r"[A-Za-z0-9._-]{0,20}", re.ASCII)
_NDC: Final = re.compile(_DAY + r"[0-9*-]{0,15}", re.ASCII)
_NPI: Final = re.compile(r"(?:[0-9]{10})?", re.ASCII)
_PLACE: Final = re.compile(r"(?:[0-9A-Z]{1,6}/)?[A-Z][A-Z0-9]{1,2}(?:[0-9]{2}(?:-[0-9]{2})?)?", re.ASCII)
_FACT: Final = re.compile(_DAY + r"[A-Za-z0-9.:/+ -]{0,40}", re.ASCII)


def control(text: str) -> str:
    """A control number (CLM01, REF02, ISA13 ...): what can be printed, up to 80 characters."""
    return text if text.isprintable() and len(text) <= _LONGEST_ID else hidden(text[:_LONGEST_ID])


def _form(form: re.Pattern[str]) -> Callable[[str], str]:
    @lru_cache(maxsize=4096)
    def kept(text: str) -> str:
        return text if form.fullmatch(text) else hidden(text[:_LONGEST_ID])

    return kept


code = _form(_CODE)
"""A procedure code: up to seven letters and digits, with a digit."""
diagnosis = _form(_DIAGNOSIS)
short = _form(_SHORT)
"""A modifier, place of service, frequency, filing indicator: up to two letters and digits."""
line_number = _form(_LINE)
payer = _form(_PAYER)
ndc = _form(_NDC)
npi = _form(_NPI)


@lru_cache(maxsize=4096)
def place(text: str) -> str:
    """A place as findings tell it (``2400/SV101-03``); empty when it is none."""
    return text if _PLACE.fullmatch(text) else ""


@lru_cache(maxsize=4096)
def units(text: str) -> Decimal | None:
    """SV104; None when it is no number."""
    return number(text) if _UNITS.fullmatch(text) else None


def cents(text: str) -> int | None:
    """An amount in dollars as cents; None when it is no number or holds fractions of a cent."""
    dollars, _, part = text.partition(".")
    if dollars and len(dollars) < _DAY_DIGITS and len(part) <= 2 and (dollars + part).isdecimal():
        return int(dollars + part) * _CENTS[len(part)]  # as most are written
    amount = _AMOUNT.fullmatch(text)
    if not amount:
        return None
    sign, dollars, part = amount.groups("")
    value = int(dollars or 0) * 100 + int(part.ljust(2, "0"))
    return -value if sign else value


def facts(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """The evidence of a finding without what is no code, number or flag."""
    masked = {key: masked_fact(key, value) for key, value in evidence.items()}
    return {key: value for key, value in masked.items() if _is_fact(value)}


def _is_fact(value: Any) -> bool:
    if isinstance(value, str):
        return bool(_FACT.fullmatch(value))
    return isinstance(value, (bool, int)) or (isinstance(value, list) and all(map(_is_fact, value)))
