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

    `head` matches a claim before its lines: CLM with CLM01, 02 and 05, REF*D9 and REF*F8 with REF02, HI with
    all behind its id, whether there are more HI, and where the NM1 begin; NM1*82 with NM108 and 09. `codes`
    finds an HI. `line` finds a line: LX01; SV101, dollars and cents of SV102 or the whole of one that is
    written otherwise, all from SV103 on; DTP*472; of REF*6R what is letters and digits, and what follows;
    LIN03. `block` matches an HL block: SBR09, N402, DMG02, NM1*85 with NM108 and 09, NM1*IL with NM104 and
    09, NM1*PR with NM103, 08 and 09, NM1*QC with NM104. Of each segment the first is taken, in any order;
    empty is what is absent.
    """

    head: re.Pattern[str]
    codes: re.Pattern[str]
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

    def values(after: int, *numbers: int) -> str:
        """The elements after this one, those of these numbers taken; an absent one is empty."""
        every = range(after + 1, max(numbers) + 1)
        return "".join(f"{e}?+({value})" if number in numbers else f"{e}?+{value}" for number in every)

    def taken(id_: str, *numbers: int) -> tuple[str, str]:
        """How a segment begins, and its elements, those of these numbers taken."""
        return f"{id_}{ended}", values(id_.count(e), *numbers)

    def firsts(number: int, segments: list[tuple[str, str]], other: str) -> str:
        """Segments, of which the first of each kind is taken into groups, the first of them `number`.

        Nothing may fail behind the beginning of a group: in a possessive repeat it would not be taken back.
        """
        wanted = []
        for id_, elements in segments:
            wanted.append(f"{id_}(?({number})(?!)){elements}")
            number += re.compile(elements).groups
        return f"(?:{begin}(?:{'|'.join(wanted)}|{other}){rest})*+"

    amount = f"((?:[1-9][0-9]{{0,6}}+)?+)((?:(?![{e}{t}])[.][0-9]{{0,2}}+)?+)({value})"
    clm, hi = (f"CLM{e}", f"({value}){values(1, 2, 5)}"), (f"HI{e}", f"({rest})")
    of_claim = [clm, *((f"REF{e}{one}{e}", f"({value})") for one in ("D9", "F8")), hi]
    of_line = [
        (f"SV1{ended}", f"{values(0, 1)}{e}?+{amount}{e}?+({rest})"),
        (f"DTP{e}472{ended}", f"({rest})"),
        (f"REF{e}6R{ended}", f"{e}?+([A-Za-z0-9]{{0,50}}+)({value})"),
        taken("LIN", 3),
    ]
    of_block = [
        *(taken("SBR", 9), taken("N4", 2), taken("DMG", 2), taken(f"NM1{e}85", 8, 9)),
        *(taken(f"NM1{e}IL", 4, 9), taken(f"NM1{e}PR", 3, 8, 9), taken(f"NM1{e}QC", 4)),
    ]
    own = firsts(1, of_claim, f"HI{e}()|(?!NM1{e}|SBR{e}|{lx})")
    parties = firsts(9, [taken(f"NM1{e}82", 8, 9)], f"(?!SBR{e}|{lx})")
    return Patterns(
        head=re.compile(f"{own}(){parties}(?:{begin}(?!{lx}){rest})*+"),
        codes=re.compile(f"{begin}HI{e}({rest})"),
        line=re.compile(f"{begin}{lx}{values(0, 1)}{rest}{firsts(2, of_line, f'(?!{lx})')}"),
        block=re.compile(f"{rest}{firsts(1, of_block, '')}"),
    )
