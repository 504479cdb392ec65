"""Count claims, service lines and cents on written bytes, and hold in against released plus held.

Nothing here goes through `loops.scan` or the splitting code, so that a fault of theirs shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os


@dataclass(frozen=True, slots=True)
class Sums:
    """What stands in one transaction set, or outside of all.

    `claims` counts CLM, `lines` SV1; `charges` and `line_charges` add up CLM02 and SV102 in cents; `odd`
    are the amounts that are no whole cents, as texts, sorted.
    """

    claims: int = 0
    lines: int = 0
    charges: int = 0
    line_charges: int = 0
    odd: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """A file counted: `sets` has the sums of each ST in order, of whatever kind."""

    sets: tuple[Sums, ...]

    @property
    def total(self) -> Sums:
        """All of it together."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A sum that does not add up: the file, the transaction set, and by how much.

    `transaction` is its ordinal from 1 among all ST of the file; 0 where the file as a whole is meant. `what` is one line: what is missing or too much in released plus held.
    """

    file: str
    transaction: int
    what: str


def tally(source: str | os.PathLike[str] | bytes) -> Tally:
    """Count a file. Raises OSError as the system does; what is no X12 counts as nothing."""
    raise NotImplementedError


def balance(
    file: str,
    before: Tally,
    released: Tally | None,
    held: Tally | None,
    *,
    released_sets: Sequence[int],
    held_sets: Sequence[int],
    exact: bool = True,
) -> tuple[Mismatch, ...]:
    """Where `before` is not `released` plus `held`; empty when all is accounted for.

    `released_sets` and `held_sets` are those of `Split`: which transaction set of the input each one of an
    output comes from. `exact` asks also that the CLM and SV1 segments are the same, byte for byte; without
    it, for a batch that was rewritten in between, counts and cents alone.
    """
    raise NotImplementedError
