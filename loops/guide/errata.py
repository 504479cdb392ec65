"""Where pyx12 4.0.0, or its map of 005010X222A1, is wrong or gives no answer, and what is done instead.

`ERRATA` is the table: dated, cited, each with a test of its own. The entries
that excuse an element fault have a condition here; the others are carried out
where their `where` says.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from loops.guide.model import SegmentPlace


@dataclass(frozen=True, slots=True)
class Erratum:
    """One entry: what the reference does, what we do, why we believe so, and when it was looked at."""

    code: str
    where: str
    reference: str
    ours: str
    evidence: str
    checked_on: str


class ElementFault(Protocol):
    """What a rule needs to know of an element fault."""

    @property
    def kind(self) -> str:
        """A word for what is wrong."""

    @property
    def element(self) -> int:
        """Number of the element, from 1."""


GUIDES: Final = frozenset({b"005010X222", b"005010X222A1", b"005010X222A2"})
_DMERC: Final = frozenset({b"AB", b"AD", b"AF", b"AG", b"NS"})

_ROWS: Final = (
    (
        "E-LABEL",
        "GS08, ST03",
        "knows 005010X222A1 only and fails with an exception for 005010X222 and 005010X222A2",
        "the three are judged by one table",
        "48 public files of the other two labels are read alike once the label is changed",
    ),
    (
        "E-PWK-CT",
        "2400/PWK02",
        "PWK*CT is taken for the first of two PWK places, whose list for PWK02 lacks AB, AD, AF, AG, NS",
        "these five are accepted where PWK01 is CT (the certificate for durable equipment)",
        "the map has both places at one position with CT in both; public wheelchair samples send AD",
    ),
    (
        "E-LISTS",
        "elements with an external code list",
        "a code that its copy lacks is an error (states, country, place of service, remark codes)",
        "the same code, but it only advises",
        "the lists change several times a year and the copy has no dates",
    ),
    (
        "E-EMPTY",
        "an empty segment (two terminators)",
        "reading stops and everything after it is ignored",
        "one problem, and reading goes on",
        "one bad transaction set must not hide its neighbours",
    ),
    (
        "E-ISA11",
        "ISA11",
        "its 837 map wants U; its control map, which it uses for ISA, takes any character",
        "any character",
        "ISA11 is the repetition separator since 00402",
    ),
    (
        "E-BOM",
        "a byte order mark or blanks before ISA",
        "the file is refused without a word",
        "passed over, with advice",
        "UTF-8 byte order marks stand before 31 files of the public collection",
    ),
    (
        "E-ASCII",
        "bytes outside ASCII",
        "an exception when it opens the file itself",
        "the element has a character fault (IK403 6), the rest is judged",
        "X12 extended character set",
    ),
    (
        "E-COMPONENTS",
        "a composite with more components than the guide",
        "an exception",
        "IK403 13 (too many components)",
        "005010X231A1 lists code 13",
    ),
    (
        "E-RD8",
        "a date range with two hyphens",
        "an exception",
        "IK403 8 (invalid date)",
        "X12 format RD8 has one hyphen",
    ),
    (
        "E-GE01",
        "GE01 that is no number",
        "an exception",
        "AK905 5 (wrong count)",
        "X12 data element 97 is numeric",
    ),
    (
        "E-ORPHAN",
        "SE, GE or IEA with nothing open",
        "an exception",
        "X12-TRAILER, and reading goes on",
        "a lost header line must not hide the rest",
    ),
)  # fmt: skip

ERRATA: Final = MappingProxyType({row[0]: Erratum(*row, checked_on="2026-11-25") for row in _ROWS})


def excused(place: SegmentPlace, fault: ElementFault, parts: list[bytes]) -> bool:
    """Whether a fault that the reference reports for the segment `parts` is none."""
    if place.id == "GS" and fault.kind == "code" and len(parts) > 8:
        # Of a group of another kind nothing is judged; a transaction set in it that is ours says so itself.
        return parts[8] not in GUIDES or fault.element == 8
    if place.id == "ISA" and fault.element == 12 and fault.kind == "code":
        return parts[12] == b"00401"  # its groups are of another guide, and say so
    if place.id == "ST" and fault.element == 3 and fault.kind == "code":
        return parts[3] in GUIDES
    if place.id == "PWK" and place.loop.id == "2400" and fault.element == 2 and fault.kind == "code":
        return parts[1] == b"CT" and parts[2] in _DMERC
    return False
