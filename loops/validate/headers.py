"""Interchange headers, found where the reader finds them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from loops.delimiters import Isa, read_isa
from loops.errors import NotX12Error
from loops.problem import Problem
from loops.scan import BOM, find_isa

if TYPE_CHECKING:
    from loops.source import Buffer, Source

BLANK: Final = b"\r\n\t \0\x1a"
_WITHIN: Final = re.compile(rb"[\r\n\t ]*+(?=ISA[^A-Za-z0-9\s])")
_AFTER_IEA: Final = re.compile(rb"[\s\0\x1a]*+(?=ISA)")
_MAY_BEGIN: Final = frozenset(BLANK + b"I\x0b\x0c")


def first_isa(source: Source) -> tuple[Isa, Problem | None]:
    """The first header that can be read, and what is wrong with one before it. Raises NotX12Error."""
    head = bytes(source.data[:4096])
    start = len(head) - len(head.removeprefix(BOM).lstrip(BLANK))
    if head[start : start + 3] != b"ISA":
        raise NotX12Error("the file does not begin with an ISA segment: it is not an X12 interchange")
    isa = read_isa(source.data, start)
    if isinstance(isa, Isa):
        return isa, None
    after = read_isa(source.data, past_bad(source.data, start))
    if isinstance(after, Problem):
        raise NotX12Error(isa.message)
    return after, isa


def past_bad(data: Buffer, start: int) -> int:
    """Where the next header that can be read begins after the one at `start`, that cannot; else the end."""
    while True:
        start = find_isa(data, start + len(b"ISA"))
        if start >= len(data) or isinstance(read_isa(data, start), Isa):
            return start


def isa_at(data: Buffer, position: int, *, after_iea: bool) -> int:
    """Where a header begins, blanks at `position` passed over; -1 where none does.

    After an IEA a NUL or 0x1A may stand between, which files that were put together bring along.
    """
    if data[position] not in _MAY_BEGIN:
        return -1
    found = (_AFTER_IEA if after_iea else _WITHIN).match(data, position)
    return found.end() if found else -1
