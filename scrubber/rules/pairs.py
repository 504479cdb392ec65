"""NCCI pairs in which 96372 is column 2, and what opens them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from loops import ServiceLine
from scrubber.context import INJECTION, Context
from scrubber.rules.common import DISTINCT
from scrubber.tables import Row

_OF_VISITS: Final = "em"  # 24, 25 and 57 open pairs, but not on an injection


def pair(ctx: Context, column1: str, line: ServiceLine) -> Row | None:
    """The pair of `column1` with 96372 on the day of `line`.

    The edits are Medicare's; payers that use NCCI take them over, and a Medicaid file is not at hand.
    """
    return ctx.find("ptp", (column1, INJECTION, "medicare"), line)


def opened(ctx: Context, injection: ServiceLine, others: Sequence[ServiceLine]) -> bool:
    """Whether a modifier opens the pairs of `injection` with `others` (column 1).

    An NCCI modifier on 96372 does. So does 59 or X{EPSU} on each of the others (CR 11168, from
    2019-07-01), unless the payer is known to read column 2 only (habit ``x_column``).
    """
    if any(_opens(ctx, injection, modifier) for modifier in injection.modifiers):
        return True
    habit = ctx.habit("x_column", injection)
    if habit is not None and habit.value == "col2":
        return False
    return all(DISTINCT.intersection(line.modifiers) for line in others)


def _opens(ctx: Context, injection: ServiceLine, modifier: str) -> bool:
    row = ctx.find("modifiers", modifier, injection) if modifier else None
    return row is not None and row["ncci"] == "yes" and row["kind"] != _OF_VISITS
