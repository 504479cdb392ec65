"""Control numbers for the held file: fresh ones, for the old ones belong to what is sent now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scrubber.batch.split_frames import all_heads

if TYPE_CHECKING:
    from loops import Batch

_LONGEST: Final = 9  # ISA13 has nine digits, GS06 and ST02 at most nine
_REFERENCE: Final = 15  # BHT03 may be longer, and must differ from that of every other batch ever sent


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
    """Numbers that follow from the `sha256` (hex) of a batch's bytes: same input, same numbers.

    They are digits, each unique among those of its kind and different from every old one: ISA13 as wide as
    the old one, GS06 and ST02 of nine digits, BHT03 of fifteen.
    """
    index = batch.index
    isas = [isa.elements[12] for isa in index.isas]
    groups = [b"".join(group.elements[5:6]) for group in index.groups]
    found = list(all_heads(batch, range(len(index.set_start))))
    return Numbers(
        isa13=tuple(_fresh(isas, f"{sha256} ISA13", as_wide=True)),
        gs06=tuple(_fresh(groups, f"{sha256} GS06")),
        st02=tuple(_fresh([st[2] for st, _ in found], f"{sha256} ST02")),
        bht03=tuple(_fresh([bht[3] if bht else b"" for _, bht in found], f"{sha256} BHT03", _REFERENCE)),
    )


def _fresh(old: list[bytes], seed: str, width: int = _LONGEST, *, as_wide: bool = False) -> Iterable[bytes]:
    used = {one.strip() for one in old}
    for number, one in enumerate(old):
        wide = min(len(one), _LONGEST) if as_wide else width
        yield _unused(used, f"{seed} {number}", wide) if one.strip() else b""


def _unused(used: set[bytes], seed: str, width: int) -> bytes:
    """A number of `width` digits that does not begin with 0 and is not in `used`, and put it there.

    One that is narrower than the guide wants may have to repeat: there are but nine of one digit.
    """
    first, count = 10 ** (width - 1), 9 * 10 ** (width - 1)
    start = int.from_bytes(hashlib.sha256(seed.encode("ascii")).digest()) % count
    for step in range(min(count, len(used) + 1)):
        made = b"%d" % (first + (start + step) % count)
        if made not in used:
            break
    used.add(made)
    return made
