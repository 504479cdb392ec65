"""Control totals of a batch, counted on the bytes: claims, service lines, charges."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from loops.values import number
from loops.walker import LEADING, window_end

if TYPE_CHECKING:
    from loops.batch import Batch
    from loops.delimiters import Delimiters

_CLAIM: Final = b"CLM"


@dataclass(frozen=True, slots=True)
class Totals:
    """What stands in the 837P transactions of a batch.

    `claims` counts CLM, `lines` SV1; `charges` is the sum of CLM02, `line_charges` that of SV102,
    in dollars; `unreadable` counts the amounts among them that are no numbers.
    """

    claims: int = 0
    lines: int = 0
    charges: Decimal = Decimal(0)
    line_charges: Decimal = Decimal(0)
    unreadable: int = 0

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            self.claims + other.claims,
            self.lines + other.lines,
            self.charges + other.charges,
            self.line_charges + other.line_charges,
            self.unreadable + other.unreadable,
        )


def totals(batch: Batch) -> Totals:
    """Count a batch. It does not go through the claim views, so that it can check on them."""
    index, source = batch.index, batch.source
    found: Counter[tuple[bytes, bytes]] = Counter()
    for isa, start, end in zip(index.set_isa, index.set_start, index.set_end, strict=True):
        delimiters = index.isas[isa].delimiters
        amounts = _amounts(delimiters)
        position = start
        while position < end:
            stop = window_end(source.data, position, end, delimiters.terminator)
            found.update(amounts.findall(source.data, position, stop))
            source.release(position, stop)
            position = stop if stop == end else stop - 1  # a match begins with the terminator before it
    return _sum(found)


@lru_cache(maxsize=64)
def _amounts(delimiters: Delimiters) -> re.Pattern[bytes]:
    e, t = re.escape(delimiters.element), re.escape(delimiters.terminator)
    leading = re.escape(bytes(set(LEADING) - set(delimiters.terminator) - set(delimiters.element)))
    plain = b"[^" + e + t + b"]*"
    return re.compile(t + b"[" + leading + b"]*(CLM|SV1)" + e + plain + b"(?:" + e + b"(" + plain + b"))?")


def _sum(found: Counter[tuple[bytes, bytes]]) -> Totals:
    counts, sums, unreadable = {True: 0, False: 0}, {True: Decimal(0), False: Decimal(0)}, 0
    for (id_, text), times in found.items():
        amount = number(text.decode("latin-1"))
        counts[id_ == _CLAIM] += times
        if amount is None:
            unreadable += times
        else:
            sums[id_ == _CLAIM] += amount * times
    return Totals(counts[True], counts[False], sums[True], sums[False], unreadable)
