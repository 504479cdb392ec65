"""The keyed hash of who somebody is."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

_BLOCK: Final = 64  # of SHA-256, in bytes
_KEY_DIGITS: Final = 32  # half of a SHA-256: 128 bits tell any two persons apart


class Keyed:
    """HMAC-SHA-256 (RFC 2104) under one key, both its hashes begun once and copied for each text.

    It is made of hashes because an object of `hmac` takes longer to copy than to hash.
    """

    def __init__(self, key: bytes) -> None:
        block = (sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
        self._inner = sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = sha256(bytes(byte ^ 0x5C for byte in block))

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
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text.upper().encode())
        outer.update(inner.digest())
        return outer.hexdigest()[:_KEY_DIGITS]


def person_key(key: bytes, member: str, born: str, first: str) -> str:
    """`Keyed.person` under `key`."""
    return Keyed(key).person(member, born, first)


def member_key(key: bytes, member: str) -> str:
    """`Keyed.member` under `key`."""
    return Keyed(key).member(member)
