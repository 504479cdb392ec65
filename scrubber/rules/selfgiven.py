"""Drugs that a Medicare contractor counts as self-administered, and does not pay (table sad_lists)."""

from __future__ import annotations

from functools import lru_cache

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.rule import Fact, fact
from scrubber.rules.lists import contractor
from scrubber.tables import Row, Table


def excluded(claim: Claim, ctx: Context, line: ServiceLine) -> tuple[Row, tuple[Fact, ...]] | None:
    """The row that excludes the drug of `line` with the contractor of the claim, and what it rests on.

    A drug that no contractor ever listed is not asked about, so that a day
    which the lists do not cover is told only where they could have said something.
    """
    if not ctx.medicare or line.code not in _codes(ctx.table("sad_lists")):
        return None
    if ctx.profile.mac:
        row = ctx.find("sad_lists", (ctx.profile.mac, line.code), line)
        return (row, (fact(row),)) if row else None
    area = contractor(claim, ctx, line)
    row = ctx.find("sad_lists", (area["mac"], line.code), line) if area else None
    return (row, (fact(row), fact(area))) if row and area else None


@lru_cache(maxsize=4)
def _codes(lists: Table) -> frozenset[str]:
    return frozenset(row["code"] for row in lists.rows())
