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
    line: its LX, SV1, DTP*472, REF*6R and LIN. `block` matches an HL block: SBR and SBR09, N4 and N402, DMG
    and DMG02, NM1*85 with NM108 and 09, NM1*IL with NM104 and 09, NM1*PR with NM103, 08 and 09, NM1*QC with
    NM104. Of each segment the first is taken, in any order; empty is what is absent.
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
    rest, ended, value = f"[^{t}]*+", f"(?![^{e}{t}])", f"[^{e}{t}]*+"
    lx = f"LX{ended}"

    def taken(id_: str, *numbers: int) -> str:
        """A segment, and of its elements those of these numbers."""
        first, last = 1 + id_.count(e), max(numbers, default=0)
        elements = (f"({value})" if number in numbers else value for number in range(first, last + 1))
        return f"{id_}{ended}{''.join(f'(?:{e}{one})?+' for one in elements)}"

    def firsts(segments: list[str], number: int, other: str) -> str:
        """Segments, of which the first of each kind is taken into groups from `number` on."""
        wanted = []
        for segment in segments:
            wanted.append(f"(?({number})(?!)|({segment}{rest}))")
            number += 1 + segment.count(f"({value})")
        return f"(?:{begin}(?:{'|'.join(wanted)}|{other}{rest}))*+"

    of_line = [taken(id_) for id_ in ("SV1", f"DTP{e}472", f"REF{e}6R", "LIN")]
    of_block = [
        *(taken("SBR", 9), taken("N4", 2), taken("DMG", 2), taken(f"NM1{e}85", 8, 9)),
        *(taken(f"NM1{e}IL", 4, 9), taken(f"NM1{e}PR", 3, 8, 9), taken(f"NM1{e}QC", 4)),
    ]
    return Patterns(
        head=re.compile(f"{begin}((?:CLM|REF{e}(?:D9|F8)|HI|NM1|SBR){e}{rest})"),
        first=re.compile(f"{begin}{lx}"),
        line=re.compile(f"{begin}({lx}{rest}){firsts(of_line, 2, f'(?!{lx})')}"),
        block=re.compile(f"{rest}{firsts(of_block, 1, '')}"),
    )
