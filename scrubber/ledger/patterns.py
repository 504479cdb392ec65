"""Patterns that take out of the bytes of a claim what the ledger keeps, for one set of separators."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from loops.walker import LEADING

if TYPE_CHECKING:
    from loops.delimiters import Delimiters


class Patterns(NamedTuple):
    """They match text that begins with a terminator, and so does each segment that they find.

    `head` finds the segments to read of a claim before its lines, `first` the first line. `line` finds a
    line: its LX, SV1, DTP*472, REF*6R and LIN. `block` matches an HL block: its SBR, N4, DMG, NM1*85,
    NM1*IL, NM1*PR and NM1*QC. Of each segment the first is taken, in any order; empty is what is absent.
    """

    head: re.Pattern[str]
    first: re.Pattern[str]
    line: re.Pattern[str]
    block: re.Pattern[str]


@lru_cache(maxsize=64)
def patterns(delimiters: Delimiters) -> Patterns:
    """The patterns for these separators."""
    e, t = (re.escape(one.decode("latin-1")) for one in (delimiters.element, delimiters.terminator))
    blanks = LEADING.translate(None, delimiters.element + delimiters.terminator).decode("latin-1")
    begin = f"{t}[{re.escape(blanks)}]*+"
    rest, ended = f"[^{t}]*+", f"(?![^{e}{t}])"
    lx = f"LX{ended}"

    def firsts(ids: list[str], number: int, other: str) -> str:
        """Segments, of which the first of each id is taken into groups from `number` on."""
        wanted = (f"(?({n})(?!)|({id_}{rest}))" for n, id_ in enumerate(ids, number))
        return f"(?:{begin}(?:{'|'.join(wanted)}|{other}{rest}))*+"

    of_line = [f"{id_}{ended}" for id_ in ("SV1", f"DTP{e}472", f"REF{e}6R", "LIN")]
    parties = [f"NM1{e}{role}{ended}" for role in ("85", "IL", "PR", "QC")]
    of_block = [f"SBR{e}", f"N4{e}", f"DMG{e}", *parties]
    return Patterns(
        head=re.compile(f"{begin}((?:CLM|REF{e}(?:D9|F8)|HI|NM1|SBR){e}{rest})"),
        first=re.compile(f"{begin}{lx}"),
        line=re.compile(f"{begin}({lx}{rest}){firsts(of_line, 2, f'(?!{lx})')}"),
        block=re.compile(f"{rest}{firsts(of_block, 1, '')}"),
    )
