"""The administration lists (table mac_lists) that the payer of a claim follows."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.rule import Fact, fact
from scrubber.tables import Row, Table


def contractor(claim: Claim, ctx: Context, line: ServiceLine) -> Row | None:
    """The row of table mac_areas of the Medicare contractor of the claim.

    It is the contractor that the profile names, as the payer was recognised; else that of the
    billing provider's state (2010AA N4-02). None for other payers.
    """
    if not ctx.medicare:
        return None
    if ctx.profile.mac and line.first_day is not None:
        named = _area(ctx.table("mac_areas"), ctx.profile.mac, line.first_day)
        if named is not None:
            return named
    states = [s.text(2).upper() for s in claim.billing_segments if s.id == "N4" and s.loop == "2010AA"]
    return ctx.find("mac_areas", states[0], line) if states else None


@lru_cache(maxsize=256)
def _area(areas: Table, mac: str, day: date) -> Row | None:
    """An area of a contractor: of the list that it follows all its areas say the same."""
    return next((row for row in areas.rows(on=day) if row["mac"] == mac), None)


def listed(claim: Claim, ctx: Context, code: str, line: ServiceLine) -> tuple[Row, tuple[Fact, ...]] | None:
    """The row in force that names the drug `code`, and the facts that it rests on; None when no list does.

    The lists are those of the profile (habit ``admin_list``), else that of the Medicare contractor.
    """
    habit = ctx.habit("admin_list", line)
    area = None if habit else contractor(claim, ctx, line)
    names = habit.value.split() if habit else [area["admin_list"]] if area else []
    for name in filter(None, names):
        row = ctx.find("mac_lists", (name, code), line)
        if row is not None:
            return row, (fact(row), fact(area)) if area else (fact(row),)
    return None
