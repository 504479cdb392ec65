"""A segment in its place, and the spots inside it that a finding or an edit points at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loops.delimiters import Delimiters


@dataclass(frozen=True, slots=True)
class Spot:
    """A span [start, end) of the source; `place` names it, as ``2400/SV101-03`` (element 1, component 3)."""

    place: str
    start: int
    end: int


class Segment:
    """One segment: `loop` and `id` as the guide names them, `start` the offset of its id, `raw` its bytes.

    `raw` is without line ends before and terminator after. `loop` is empty for
    a segment that fits nowhere. ``segment[n]`` is element n (1 to …) as bytes,
    empty when absent.
    """

    __slots__ = ("delimiters", "id", "loop", "parts", "raw", "start")

    def __init__(self, loop: str, raw: bytes, start: int, delimiters: Delimiters) -> None:
        self.loop = loop
        self.raw = raw
        self.start = start
        self.delimiters = delimiters
        self.parts = raw.split(delimiters.element)
        self.id = self.parts[0].decode("latin-1")

    def __repr__(self) -> str:
        # Elements may hold data of persons: they are not shown.
        return f"<{self.id} in {self.loop or 'no loop'} at byte {self.start}>"

    def __getitem__(self, element: int) -> bytes:
        return self.parts[element] if element < len(self.parts) else b""

    @property
    def end(self) -> int:
        """Offset of the segment's terminator."""
        return self.start + len(self.raw)

    def text(self, element: int, component: int = 0) -> str:
        """Element, or component (from 1) of it, as text with one character a byte; empty when absent."""
        value = self[element]
        if component:
            parts = value.split(self.delimiters.component)
            value = parts[component - 1] if component <= len(parts) else b""
        return value.decode("latin-1")

    def components(self, element: int) -> list[str]:
        """The components of an element as text; one empty text when the element is absent."""
        return [part.decode("latin-1") for part in self[element].split(self.delimiters.component)]

    def spot(self, element: int = 0, component: int = 0) -> Spot:
        """Where an element or component stands; where it is absent, the empty span at which it would begin.

        Element 0 is the whole segment.
        """
        name = f"{self.loop}/{self.id}" if self.loop else self.id
        if not element:
            return Spot(name, self.start, self.end)
        name += f"{element:02}"
        if element >= len(self.parts):
            return Spot(name + (f"-{component:02}" if component else ""), self.end, self.end)
        start = self.start + sum(len(part) + 1 for part in self.parts[:element])
        if not component:
            return Spot(name, start, start + len(self.parts[element]))
        parts = self.parts[element].split(self.delimiters.component)
        name += f"-{component:02}"
        if component > len(parts):
            end = start + len(self.parts[element])
            return Spot(name, end, end)
        start += sum(len(part) + 1 for part in parts[: component - 1])
        return Spot(name, start, start + len(parts[component - 1]))
