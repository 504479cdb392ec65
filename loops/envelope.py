"""Functional groups and transactions, and the naming of those that are not 837 professional."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from loops.delimiters import Isa

_OURS: Final = re.compile(rb"005010X222(A1|A2)?")
_VERSION: Final = re.compile(rb"[0-9A-Z]{5,12}")
_GUIDE: Final = re.compile(rb"[0-9]{6}(X[0-9]{3})")
_NAMES: Final = {
    b"270": "eligibility inquiry",
    b"271": "eligibility answer",
    b"276": "claim status inquiry",
    b"277": "claim status answer",
    b"278": "authorization",
    b"820": "premium payment",
    b"834": "enrolment",
    b"835": "remittance advice",
    b"997": "acknowledgement",
    b"999": "acknowledgement",
}
_CLAIMS: Final = {
    b"X222": "professional",
    b"X223": "institutional",
    b"X224": "dental",
    b"X096": "institutional",
    b"X097": "dental",
    b"X098": "professional",
    b"X298": "professional data reporting",
    b"X299": "institutional data reporting",
    b"X300": "dental data reporting",
}


@dataclass(frozen=True, slots=True)
class Group:
    """A functional group: its interchange, GS elements 01 to 08 (fewer when cut), offset of GS."""

    isa: Isa
    elements: tuple[bytes, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Foreign:
    """A transaction that is not 837 professional 5010: what it is in a few words, and its span."""

    what: str
    group: Group | None
    start: int
    end: int


def foreign_name(st: tuple[bytes, ...], group: Group | None) -> str:
    """What a transaction is that is not 005010X222, X222A1 or X222A2; empty text when it is.

    `st` are the elements of ST from 01 on. The guide is ST03, or GS08 where
    ST03 is absent (it came with 005010).
    """
    kind = b"".join(st[:1])
    named = b"".join(st[2:3]).strip()
    version = named if _OURS.fullmatch(named) else b"".join(group.elements[7:8]).strip() if group else named
    if named and _GUIDE.match(named) and not _OURS.fullmatch(named):
        version = named
    if kind == b"837" and _OURS.fullmatch(version):
        return ""
    shown = version.decode("ascii") if _VERSION.fullmatch(version) else "no known guide"
    if kind == b"837":
        guide = _GUIDE.match(version)
        name = "837 " + _CLAIMS.get(guide[1], "of another kind") if guide else "837"
    elif kind in _NAMES:
        name = f"{kind.decode()} {_NAMES[kind]}"
    else:
        name = "transaction set of another kind"
    return f"{name} ({shown})"
