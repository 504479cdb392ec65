"""Segments of an answer: its envelope, amounts, ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from scrubber.sample.days import ccyymmdd

CLEARINGHOUSE: Final = "TESTRECEIVER"
SUBMITTER: Final = "TESTSENDER"


def money(cents: int) -> str:
    """Dollars as X12 writes them: no trailing zeros after the point."""
    dollars, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return f"{sign}{dollars}.{rest:02}".rstrip("0") if rest else f"{sign}{dollars}"


def transaction(kind: str, number: int, guide: str, body: Iterable[str]) -> list[str]:
    """ST to SE around `body`; `guide` becomes ST03 (empty: none)."""
    segments = [f"ST*{kind}*{number:04}{'*' + guide if guide else ''}", *body]
    return [*segments, f"SE*{len(segments) + 1}*{number:04}"]


def interchange(functional_id: str, guide: str, control: int, day: date, sets: Sequence[list[str]]) -> bytes:
    """A whole interchange of one group around transaction sets, from the clearinghouse to the submitter.

    `control` becomes ISA13 and GS06. Separators are ``* : ^``, a segment is a line.
    """
    made = ccyymmdd(day)
    parties = f"ZZ*{CLEARINGHOUSE:15}*ZZ*{SUBMITTER:15}"
    segments = [
        f"ISA*00*{'':10}*00*{'':10}*{parties}*{made[2:]}*1800*^*00501*{control:09}*0*T*:",
        f"GS*{functional_id}*{CLEARINGHOUSE}*{SUBMITTER}*{made}*1800*{control}*X*{guide}",
        *(segment for one in sets for segment in one),
        f"GE*{len(sets)}*{control}",
        f"IEA*1*{control:09}",
        "",
    ]
    return "~\n".join(segments).encode("ascii")


def procedure(sv101: str) -> str:
    """SV101 as SVC01 repeats it: qualifier, code, up to four modifiers."""
    return ":".join(sv101.split(":")[:6]).rstrip(":")
