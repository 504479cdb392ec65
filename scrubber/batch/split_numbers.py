"""Control numbers for the held file: fresh ones, for the old ones belong to what is sent now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loops import Batch


@dataclass(frozen=True, slots=True)
class Numbers:
    """New control numbers by ordinal (from 0), in step with the columns of `loops.scan.Index`.

    `isa13` has one for each interchange of `isas`, `gs06` one for each group of `groups`, `st02` and `bht03`
    one for each 837P transaction set. An empty one stands where the old one is absent or empty: it stays so.
    """

    isa13: tuple[bytes, ...]
    gs06: tuple[bytes, ...]
    st02: tuple[bytes, ...]
    bht03: tuple[bytes, ...]


def fresh_numbers(batch: Batch, sha256: str) -> Numbers:
    """Numbers that follow from the `sha256` (hex) of a batch's bytes: same input, same numbers."""
    raise NotImplementedError
