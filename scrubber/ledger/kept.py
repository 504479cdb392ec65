"""What of a claim may be kept, in the form that it must have; anything else becomes x."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from hmac import digest
from typing import Any, Final

from scrubber.report.mask import hidden, masked_row

_LONGEST_ID: Final = 80  # the longest reference of X12 005010
_KEY_DIGITS: Final = 32  # half of a SHA-256: 128 bits tell any two persons apart
_AMOUNT: Final = re.compile(r"(-)?(?=\.?[0-9])([0-9]{0,16})(?:\.([0-9]{0,2})0*)?", re.ASCII)
_CODE: Final = re.compile(r"[A-Za-z0-9]{0,7}", re.ASCII)
_MODIFIER: Final = re.compile(r"[A-Za-z0-9]{0,3}", re.ASCII)
_LINE: Final = re.compile(r"[0-9]{0,6}", re.ASCII)
_PARTY: Final = re.compile(r"[A-Za-z0-9._-]{0,20}", re.ASCII)
_NPI: Final = re.compile(r"(?:[0-9]{10})?", re.ASCII)
_PLACE: Final = re.compile(r"(?:[0-9A-Z]{1,6}/)?[A-Z][A-Z0-9]{1,2}(?:[0-9]{2}(?:-[0-9]{2})?)?", re.ASCII)
_FACT: Final = re.compile(r"[A-Za-z0-9.:/+ -]{0,40}", re.ASCII)


def control(text: str) -> str:
    """A control number (CLM01, REF02, ISA13 ...): what can be printed, up to 80 characters."""
    return text if text.isprintable() and len(text) <= _LONGEST_ID else hidden(text[:_LONGEST_ID])


def _kept(form: re.Pattern[str], text: str) -> str:
    return text if form.fullmatch(text) else hidden(text[:_LONGEST_ID])


@lru_cache(maxsize=4096)
def code(text: str) -> str:
    """A procedure code, diagnosis, qualifier, NDC's qualifier: up to seven letters and digits."""
    return _kept(_CODE, text)


@lru_cache(maxsize=4096)
def modifier(text: str) -> str:
    """A modifier or place of service: up to three letters and digits."""
    return _kept(_MODIFIER, text)


@lru_cache(maxsize=4096)
def line_number(text: str) -> str:
    """LX01: up to six digits."""
    return _kept(_LINE, text)


@lru_cache(maxsize=4096)
def party(text: str) -> str:
    """The id of a payer, or an NDC: up to twenty letters, digits, points, hyphens."""
    return _kept(_PARTY, text)


@lru_cache(maxsize=4096)
def npi(text: str) -> str:
    """An NPI: ten digits."""
    return _kept(_NPI, text)


@lru_cache(maxsize=4096)
def place(text: str) -> str:
    """A place as findings tell it (``2400/SV101-03``); empty when it is none."""
    return text if _PLACE.fullmatch(text) else ""


@lru_cache(maxsize=16384)
def cents(text: str) -> int | None:
    """An amount in dollars as cents; None when it is no number or holds fractions of a cent."""
    amount = _AMOUNT.fullmatch(text)
    if not amount:
        return None
    sign, dollars, part = amount.groups("")
    value = int(dollars or 0) * 100 + int(part.ljust(2, "0"))
    return -value if sign else value


def facts(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """The evidence of a finding without what is no code, number or flag."""
    masked = masked_row({"evidence": evidence})["evidence"]
    return {key: value for key, value in masked.items() if value is not None and _is_fact(value)}


def _is_fact(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_fact(one) for one in value)
    return isinstance(value, (bool, int)) or (isinstance(value, str) and bool(_FACT.fullmatch(value)))


def person_key(key: bytes, member: str, born: str, first: str) -> str:
    """A keyed hash of who the patient is: member id (2010BA NM109), birth (DMG02), first name (NM104).

    The first name tells twins apart. Empty when neither the member id, nor name and birth are known.
    """
    if not (member or (first and born)):
        return ""
    return _hash(key, "person", member, born, first.upper())


def member_key(key: bytes, member: str) -> str:
    """A keyed hash of a member id, as `SubmittedClaim.member` holds it; of an answer's id to compare."""
    return _hash(key, "member", member) if member else ""


def _hash(key: bytes, *parts: str) -> str:
    return digest(key, "\0".join(parts).encode(), "sha256").hex()[:_KEY_DIGITS]
