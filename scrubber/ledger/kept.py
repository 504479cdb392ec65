"""What of a claim may be kept, in the form that it must have; anything else becomes x."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from json.encoder import JSONEncoder
from typing import Any, Final

from loops.values import number
from scrubber.report.mask import hidden, masked_fact

quoted: Final = JSONEncoder().encode
"""A value as JSON."""

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


def evidence(facts: Mapping[str, Any]) -> str:
    """The evidence of a finding as a JSON object, without what is no code, number or flag.

    It is as `json.dumps` writes it, which takes longer to begin than to write.
    """
    told = [f"{quoted(key)}: {text}" for key, value in facts.items() if (text := _fact(key, value))]
    return f"{{{', '.join(told)}}}"


def _fact(key: str, value: Any) -> str:
    """A value of evidence as JSON; empty where it may not be kept."""
    if isinstance(value, str):
        return _text(key, value)
    if isinstance(value, list):
        texts = [_fact(key, one) for one in value]
        return f"[{', '.join(texts)}]" if all(texts) else ""
    return quoted(value) if isinstance(value, (bool, int)) else ""


@lru_cache(maxsize=4096)
def _text(key: str, text: str) -> str:
    shown = masked_fact(key, text)
    return quoted(shown) if _FACT.fullmatch(shown) else ""
