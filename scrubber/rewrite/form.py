"""What a segment says apart from its form: two spellings of the same bill are equal here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from loops import Segment
from loops.values import number, padded_ndc

Said = tuple[object, ...]
PROCEDURE: Final = {"SV1": 1, "SV5": 1, "SVD": 3}
"""Segments with a procedure composite (code in component 2, modifiers in 3 to 6), and its element."""

_NUMBERS: Final = {"CLM": (2,), "SV1": (2, 4), "SVD": (2, 5), "CTP": (3, 4), "AMT": (2,)}
_BLANKS: Final = re.compile(r"\s+")


def plain(text: str) -> str:
    """Upper case, without blanks."""
    return _BLANKS.sub("", text).upper()


def ndc(text: str) -> str:
    """An NDC without blanks and hyphens, padded where the hyphens tell which part is short; else as it is."""
    bare = _BLANKS.sub("", text)
    return padded_ndc(bare) or bare


def quantity(text: str) -> Decimal | str:
    """A number by its value, what is none as it is."""
    value = number(text)
    return text if value is None else value


def modifiers(components: Sequence[str]) -> list[str]:
    """The modifiers of a procedure composite in order, repeats and gaps left out."""
    return _once(plain(one) for one in components[2:6])


def pointers(components: Sequence[str]) -> list[str]:
    """The diagnosis pointers of SV107 in order, repeats and gaps left out."""
    return _once(plain(one) for one in components)


def said(segment: Segment, *but: tuple[str, int]) -> Said:
    """What `segment` says: its place, and each element in a form of which there is but one.

    The form takes in no more than what software may change unasked: case and
    blanks of modifiers, repeats of modifiers and pointers, the spelling of
    numbers, hyphens of an NDC, the point of a diagnosis, empty ends. `but`
    are elements to pass over, as segment id and number.
    """
    elements: list[object] = [
        "" if (segment.id, n) in but else _element(segment, n) for n in range(1, len(segment.parts))
    ]
    while elements and elements[-1] == "":
        elements.pop()
    return (segment.loop, segment.id, *elements)


def _element(segment: Segment, element: int) -> object:
    text = segment.text(element)
    components = segment.components(element)
    if element == PROCEDURE.get(segment.id):
        return (*components[:2], *modifiers(components), "|", *components[6:])
    if element in _NUMBERS.get(segment.id, ()):
        return quantity(text)
    if (segment.id, element) == ("SV1", 7):
        return tuple(pointers(components))
    if (segment.id, element) == ("LIN", 3):
        return ndc(text)
    if segment.id == "HI":
        return tuple(part.replace(".", "") for part in _trimmed(components))
    return _trimmed(components) if len(components) > 1 else text


def _trimmed(components: list[str]) -> tuple[str, ...]:
    kept = list(components)
    while len(kept) > 1 and not kept[-1]:
        kept.pop()
    return tuple(kept)


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))
