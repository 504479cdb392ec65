"""Where pyx12's map is known to be wrong: corrections, each with its reason, source and date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Pairs of elements 01 and 02 that the map would let into a place, but that belong to another.

    `place` is the end of the place's path as pyx12 writes it.
    """

    place: str
    pairs: frozenset[tuple[bytes, bytes]]
    why: str
    source: str
    checked_on: str


ELSEWHERE: Final = (
    Elsewhere(
        place="/2400/PWK[03]",
        pairs=frozenset((b"CT", code) for code in (b"AB", b"AD", b"AF", b"AG", b"NS")),
        why=(
            "The general PWK of a service line lists CT and comes first, so pyx12 4.0.0 never reaches the"
            " place of the medical necessity certificate, PWK[CT], whose PWK02 has these codes and no other."
        ),
        source="005010X222A1, loop 2400, the two PWK segments",
        checked_on="2026-11-25",
    ),
)
