"""Patterns that take out of the bytes of a claim what the ledger keeps, for one set of separators."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from loops.walker import LEADING

if TYPE_CHECKING:
    from loops.delimiters import Delimiters

_HEAD: Final = "CLM|REF*(?:D9|F8)|HI|NM1|SBR"
_BLOCK: Final = "SBR|NM1|N4|DMG"


class Patterns(NamedTuple):
    """They match text that begins with a terminator, and so does each segment that they find.

    `head` finds the segments to read of a claim before its lines, `block` those of an HL block; `first`
    the first line. `line` finds a service line with LX01; SV101, 02, 04, 05, 07; DTP02 and 03 of
    DTP*472; REF02 of REF*6R; LIN03: of each the first in the line, in any order, empty when absent.
    """

    head: re.Pattern[str]
    block: re.Pattern[str]
    first: re.Pattern[str]
    line: re.Pattern[str]


@lru_cache(maxsize=64)
def patterns(delimiters: Delimiters) -> Patterns:
    """The patterns for these separators."""
    e, t = (re.escape(one.decode("latin-1")) for one in (delimiters.element, delimiters.terminator))
    blanks = LEADING.translate(None, delimiters.element + delimiters.terminator).decode("latin-1")
    begin = f"{t}[{re.escape(blanks)}]*+"
    rest, value = f"[^{t}]*+", f"[^{e}{t}]*+"
    taken, passed = f"(?:{e}({value}))?", f"(?:{e}{value})?"
    lx = f"LX(?=[{e}{t}]|$)"

    def listed(ids: str) -> re.Pattern[str]:
        return re.compile(f"{begin}((?:{ids.replace('*', e)}){e}{rest})")

    def ahead(segment: str) -> str:
        """Take values of the first such segment that follows in the line, but do not move on."""
        return f"(?:(?=(?:{begin}(?!{lx}){rest})*?{begin}{segment}))?"

    sv1 = f"SV1(?=[{e}{t}]|$){taken * 2}{passed}{taken * 2}{passed}{taken}"
    line = (
        f"{begin}{lx}{taken}{rest}"
        + ahead(sv1)
        + ahead(f"DTP{e}472(?=[{e}{t}]|$){taken * 2}")
        + ahead(f"REF{e}6R(?=[{e}{t}]|$){taken}")
        + ahead(f"LIN(?=[{e}{t}]|$){passed * 2}{taken}")
    )
    return Patterns(listed(_HEAD), listed(_BLOCK), re.compile(begin + lx), re.compile(line))
