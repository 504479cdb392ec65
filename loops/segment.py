"""A segment in its place, and the spots inside it that a finding or an edit points at."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from loops.delimiters import Delimiters


class Spot(NamedTuple):
    """A span [start, end) of the source; `place` names it, as ``2400/SV101-03`` (element 1, component 3)."""

    place: str
    start: int
    end: int


class Segment:
    """One segment: `loop` and `id` as the guide names them, `start` the offset of its id, `raw` its bytes.

    `raw` is without line ends before and terminator after. `loop` is empty for
    a segment that fits nowhere. ``segment[n]`` is element n (1 to …) as bytes,
    empty when absent. It is made of its text, one character a byte.
    """

    __slots__ = ("_elements", "_text", "delimiters", "id", "loop", "start")

    def __init__(self, loop: str, text: str, start: int, delimiters: Delimiters) -> None:
        self.loop = loop
        self.start = start
        self.delimiters = delimiters
        self._text = text
        self._elements = elements = text.split(delimiters.element_text)
        self.id = elements[0]

    def __repr__(self) -> str:
        # Elements may hold data of persons: they are not shown.
        return f"<{self.id} in {self.loop or 'no loop'} at byte {self.start}>"

    def __getitem__(self, element: int) -> bytes:
        return self.text(element).encode("latin-1")

    @property
    def raw(self) -> bytes:
        """The bytes of the segment."""
        return self._text.encode("latin-1")

    @property
    def parts(self) -> list[bytes]:
        """The id and the elements, as bytes."""
        return self.raw.split(self.delimiters.element)

    @property
    def end(self) -> int:
        """Offset of the segment's terminator."""
        return self.start + len(self._text)

    def text(self, element: int, component: int = 0) -> str:
        """Element, or component (from 1) of it, as text with one character a byte; empty when absent."""
        elements = self._elements
        if element >= len(elements):
            return ""
        if not component:
            return elements[element]
        components = elements[element].split(self.delimiters.component_text)
        return components[component - 1] if component <= len(components) else ""

    def texts(self, count: int) -> list[str]:
        """Elements 1 to `count` as text, those that are absent empty."""
        found = self._elements[1 : count + 1]
        return found if len(found) == count else found + [""] * (count - len(found))

    def components(self, element: int) -> list[str]:
        """The components of an element as text; one empty text when the element is absent."""
        return self.text(element).split(self.delimiters.component_text)

    def spot(self, element: int = 0, component: int = 0) -> Spot:
        """Where an element or component stands; where it is absent, the empty span at which it would begin.

        Element 0 is the whole segment.
        """
        place = _place(self.loop, self.id, element, component)
        if not element:
            return Spot(place, self.start, self.end)
        elements = self._elements
        if element >= len(elements):
            return Spot(place, self.end, self.end)
        start = self.start + sum(map(len, elements[:element])) + element
        if not component:
            return Spot(place, start, start + len(elements[element]))
        components = self.components(element)
        if component > len(components):
            end = start + len(elements[element])
            return Spot(place, end, end)
        start += sum(map(len, components[: component - 1])) + component - 1
        return Spot(place, start, start + len(components[component - 1]))


@lru_cache(maxsize=1024)
def _place(loop: str, id_: str, element: int, component: int) -> str:
    """The name of a place, as `Spot` has it."""
    name = f"{loop}/{id_}" if loop else id_
    if not element:
        return name
    return f"{name}{element:02}-{component:02}" if component else f"{name}{element:02}"
