"""The separators that an ISA declares."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from loops.problem import Problem

if TYPE_CHECKING:
    from loops.source import Buffer

ISA_LENGTH: Final = 106
ISA_ELEMENTS: Final = 16
_LONGEST_ISA: Final = 512
_FIXED_WIDTHS: Final = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1)


@dataclass(frozen=True, slots=True)
class Delimiters:
    """Element separator, component separator, repetition separator and segment terminator: a byte each.

    Source: X12.5 interchange control structure; ISA11 repeats since 00402.
    """

    element: bytes
    component: bytes
    repetition: bytes
    terminator: bytes


@dataclass(frozen=True, slots=True)
class Isa:
    """An ISA segment taken by splitting: its elements 01 to 16, its span, the separators, its faults.

    `end` is the offset just after the segment terminator.
    """

    elements: tuple[bytes, ...]
    delimiters: Delimiters
    start: int
    end: int
    problems: tuple[Problem, ...]


def read_isa(data: Buffer, start: int) -> Isa | Problem:
    """Read the ISA at offset `start` of `data`.

    The separators are found by splitting, not by column, so an ISA of the
    wrong length is still read (with a Problem inside). A Problem alone comes
    back when there are no sixteen elements or the separators cannot be told.
    """
    head = bytes(data[start : start + _LONGEST_ISA])
    separator = head[3:4]
    if len(head) < ISA_ELEMENTS or separator.isalnum():
        return Problem("X12-ISA", "the ISA segment is cut off: get the file again", start, start + len(head))
    parts = head.split(separator, ISA_ELEMENTS)
    if len(parts) <= ISA_ELEMENTS or len(parts[-1]) < 2 or not _looks_whole(parts):
        return Problem(
            "X12-ISA",
            f"the ISA segment has not {ISA_ELEMENTS} elements: the separators cannot be told",
            start,
            start + len(head),
        )
    tail = parts.pop()
    delimiters = Delimiters(separator, tail[:1], parts[11], tail[1:2])
    if len({separator, tail[:1], tail[1:2]}) < 3:
        return Problem("X12-ISA", "the ISA segment declares the same byte as two separators", start, start)
    width = len(separator.join(parts)) + 3
    elements = (*parts[1:], tail[:1])
    return Isa(elements, delimiters, start, start + width, _width_problems(elements, start, start + width))


def _looks_whole(parts: list[bytes]) -> bool:
    # A split that ran on into GS has line ends or a group header among the elements.
    inside = parts[1:-1]
    return not any(re.search(rb"[\r\n]|^GS$|^ST$", part) for part in inside) and len(parts[12]) <= 5


def _width_problems(elements: tuple[bytes, ...], start: int, end: int) -> tuple[Problem, ...]:
    wrong = [n for n, width in enumerate(_FIXED_WIDTHS, 1) if len(elements[n - 1]) != width]
    if not wrong:
        return ()
    places = ", ".join(f"ISA{n:02}" for n in wrong)
    message = f"the ISA segment has {end - start} bytes, not {ISA_LENGTH}: pad {places} to the fixed width"
    return (Problem("X12-ISA-WIDTH", message, start, end),)
