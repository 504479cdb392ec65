"""The separators that an ISA declares."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from loops.problem import Problem

if TYPE_CHECKING:
    from loops.source import Buffer

ISA_LENGTH: Final = 106
ISA_ELEMENTS: Final = 16
_LONGEST_ISA: Final = 512
_ALNUM: Final = re.compile(rb"[0-9A-Za-z]")
_FIXED_WIDTHS: Final = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1)


@dataclass(frozen=True, slots=True)
class Delimiters:
    """Element separator, component separator, repetition separator and segment terminator: a byte each.

    Source: X12.5 interchange control structure; ISA11 repeats since 00402. `element_text` and
    `component_text` are two of them as text, one character a byte.
    """

    element: bytes
    component: bytes
    repetition: bytes
    terminator: bytes
    element_text: str = field(init=False, repr=False, compare=False)
    component_text: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "element_text", self.element.decode("latin-1"))
        object.__setattr__(self, "component_text", self.component.decode("latin-1"))


@dataclass(frozen=True, slots=True)
class Isa:
    """An ISA segment taken by splitting: its bytes, its span, the separators, its faults.

    `end` is the offset just after the segment terminator.
    """

    raw: bytes
    delimiters: Delimiters
    start: int
    end: int
    problems: tuple[Problem, ...]

    @property
    def elements(self) -> tuple[bytes, ...]:
        """ISA01 to ISA16, as sent."""
        return tuple(self.raw.split(self.delimiters.element, ISA_ELEMENTS)[1:])


def read_isa(data: Buffer, start: int) -> Isa | Problem:
    """Read the ISA at offset `start` of `data`.

    The separators are found by splitting, not by column, so an ISA of the
    wrong length is still read (with a Problem inside). A Problem alone comes
    back when there are no sixteen elements or the separators cannot be told.
    """
    head = bytes(data[start : start + _LONGEST_ISA])
    separator = head[3:4]
    parts = head.split(separator, ISA_ELEMENTS) if separator else []
    if len(parts) <= ISA_ELEMENTS or len(parts[-1]) < 2:
        reason = (
            "does not have 16 elements" if len(head) == _LONGEST_ISA else "is cut off: get the file again"
        )
        return Problem("X12-ISA", f"the ISA segment {reason}", start, start + len(head))
    if not _looks_whole(parts):
        message = f"the ISA segment does not have {ISA_ELEMENTS} elements: the separators cannot be told"
        return Problem("X12-ISA", message, start, start + len(head))
    component, terminator = parts[-1][:1], parts[-1][1:2]
    width = len(head) - len(parts[-1]) + 1
    if len({separator, component, terminator}) < 3:
        message = "the ISA segment declares the same byte as two separators"
        return Problem("X12-ISA", message, start, start + width + 1)
    if _ALNUM.search(separator + component + terminator):
        message = "the ISA segment declares a letter or digit as a separator: is ISA16 missing?"
        return Problem("X12-ISA", message, start, start + width + 1)
    delimiters = Delimiters(separator, component, parts[11], terminator)
    problems = _width_problems(parts[1:-1], start, start + width + 1)
    return Isa(head[:width], delimiters, start, start + width + 1, problems)


def _looks_whole(parts: list[bytes]) -> bool:
    # A split that ran on into GS has line ends or a group header among the elements.
    if len(parts[12]) > 5 or b"GS" in parts or b"ST" in parts:
        return False
    inside = b" ".join(parts[:-1])
    return b"\r" not in inside and b"\n" not in inside


def _width_problems(elements: list[bytes], start: int, end: int) -> tuple[Problem, ...]:
    wrong = [n for n, width in enumerate(_FIXED_WIDTHS, 1) if len(elements[n - 1]) != width]
    if not wrong:
        return ()
    places = ", ".join(f"ISA{n:02}" for n in wrong)
    message = f"the ISA segment has {end - start} bytes, not {ISA_LENGTH}: pad {places} to the fixed width"
    return (Problem("X12-ISA-WIDTH", message, start, end),)
