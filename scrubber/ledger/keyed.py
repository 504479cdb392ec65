"""The keyed hash of who somebody is."""

from __future__ import annotations

import hmac
from typing import Final

_KEY_DIGITS: Final = 32  # half of a SHA-256: 128 bits tell any two persons apart


class Keyed:
    """HMAC-SHA-256 under one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def person(self, member: str, born: str, first: str) -> str:
        """Who the patient is (hex): of member id (2010BA NM109), birth (DMG02), first name (NM104).

        The first name tells twins apart. Empty when neither the member id, nor name and birth are known.
        """
        member, first = member.strip(), first.strip()
        return self._hash(f"person\0{member}\0{born}\0{first}") if member or (first and born) else ""

    def member(self, member: str) -> str:
        """A member id (hex), as `SubmittedClaim.member` holds it; of an answer's id to compare."""
        member = member.strip()
        return self._hash(f"member\0{member}") if member else ""

    def _hash(self, text: str) -> str:
        # In one call: an object of hmac takes longer to copy than this does to hash.
        return hmac.digest(self._key, text.upper().encode(), "sha256").hex()[:_KEY_DIGITS]


def person_key(key: bytes, member: str, born: str, first: str) -> str:
    """`Keyed.person` under `key`."""
    return Keyed(key).person(member, born, first)


def member_key(key: bytes, member: str) -> str:
    """`Keyed.member` under `key`."""
    return Keyed(key).member(member)
