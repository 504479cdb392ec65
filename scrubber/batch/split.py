"""Take claims out of a batch: what may be sent, and what is held, each an 837P of its own."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.batch.split_numbers import Numbers, fresh_numbers
from scrubber.batch.split_patch import Patch

if TYPE_CHECKING:
    from loops import Batch

__all__ = ["Added", "Numbers", "Patch", "Removed", "Renewed", "Split", "fresh_numbers", "split"]


@dataclass(frozen=True, slots=True)
class Added:
    """A claim (number from 0) that is held though nobody asked for it, and why, in one line."""

    claim: int
    reason: str


@dataclass(frozen=True, slots=True)
class Renewed:
    """A transaction set of the held file (ordinal from 0 among the 837P sets): its numbers, old and new.

    Both are ISA13, GS06, ST02, BHT03 as they stand in the file, blanks kept; empty where there is none.
    """

    set_number: int
    old: tuple[str, str, str, str]
    new: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Removed:
    """How much of each thing the released file has no more, and how many HL01 in it changed."""

    claims: int = 0
    levels: int = 0
    transactions: int = 0
    groups: int = 0
    interchanges: int = 0
    renumbered: int = 0


@dataclass(frozen=True, slots=True)
class Split:
    """A batch in two.

    `released` and `held` make the outputs of the source; None where there would be nothing in them. An empty
    `released` patch is the input unchanged. `hold` has a byte for each claim, 1 where it is held; `added` are
    those among them that were not asked for. `released_sets` and `held_sets` name the transaction sets that
    stand in each output, in order: ordinals from 0 of all ST of the source, those of other kinds included
    (`scrubber.batch.balance` asks for them). `renewed` has the control numbers of the held file.
    """

    released: Patch | None
    held: Patch | None
    hold: bytes
    added: tuple[Added, ...]
    released_sets: array[int]
    held_sets: array[int]
    renewed: tuple[Renewed, ...]
    removed: Removed

    def held_claims(self) -> Iterator[int]:
        """The numbers (from 0) of the held claims in file order."""
        number = self.hold.find(1)
        while number >= 0:
            yield number
            number = self.hold.find(1, number + 1)


def split(batch: Batch, hold: Collection[int], numbers: Numbers) -> Split:
    """Part `batch` into what may be released and the claims `hold` (numbers from 0, as of `Batch.claim`).

    Raises IndexError when a number is none of a claim.
    """
    raise NotImplementedError
