"""Control totals of a batch, counted on the bytes: claims, service lines, charges."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from loops.walker import LEADING, window_end

if TYPE_CHECKING:
    from loops.batch import Batch
    from loops.delimiters import Delimiters

_CLAIM: Final = b"CLM"


@dataclass(frozen=True, slots=True)
class Totals:
    """What stands in the 837P transactions of a batch.

    `claims` counts CLM, `lines` SV1; `charges` is the sum of CLM02, `line_charges` that of SV102,
    in dollars; `unreadable` counts the amounts among them that are no numbers or have fractions of cents.
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
    counted = Totals()
    for isa, start, end in zip(index.set_isa, index.set_start, index.set_end, strict=True):
        delimiters = index.isas[isa].delimiters
        amounts = _amounts(delimiters)
        position = start
        while position < end:
            stop = window_end(source.data, position, end, delimiters.terminator)
            found = amounts.findall(source.data, position, stop)
            claims = [amount for id_, amount in found if id_ == _CLAIM]
            lines = [amount for id_, amount in found if id_ != _CLAIM]
            counted += _sums(claims, lines)
            source.release(position, stop)
            position = stop if stop == end else stop - 1  # a match begins with the terminator before it
    return counted


@lru_cache(maxsize=64)
def _amounts(delimiters: Delimiters) -> re.Pattern[bytes]:
    """Match CLM and SV1 segments: the id, and element 02 when it is a number (at most 18 digits)."""
    e, t = re.escape(delimiters.element), re.escape(delimiters.terminator)
    leading = re.escape(bytes(set(LEADING) - set(delimiters.terminator) - set(delimiters.element)))
    number = b"-?(?:[0-9]{1,16}(?:\\.[0-9]{0,2}0*)?|\\.[0-9]{1,2}0*)(?=[" + e + t + b"])"
    amount = b"(?:[^" + e + t + b"]*" + e + b"(" + number + b"))?"
    return re.compile(t + b"[" + leading + b"]*(CLM|SV1)" + e + amount)


def _sums(claims: list[bytes], lines: list[bytes]) -> Totals:
    charges, line_charges = _numbers(claims), _numbers(lines)
    unreadable = len(claims) + len(lines) - len(charges) - len(line_charges)
    return Totals(
        len(claims), len(lines), sum(charges, Decimal(0)), sum(line_charges, Decimal(0)), unreadable
    )


def _numbers(amounts: list[bytes]) -> list[Decimal]:
    # One decoding for all of them: this runs for every line of a batch.
    return [*map(Decimal, b" ".join(amounts).decode("ascii").split())]
