"""The administration lists (table mac_lists) that the payer of a claim follows."""

from __future__ import annotations

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.rule import Fact, fact
from scrubber.tables import Row


def contractor(claim: Claim, ctx: Context, line: ServiceLine) -> Row | None:
    """The Medicare contractor of the billing provider's state (2010AA N4-02), a row of table mac_areas."""
    if not ctx.medicare:
        return None
    states = [s.text(2).upper() for s in claim.billing_segments if s.id == "N4" and s.loop == "2010AA"]
    return ctx.find("mac_areas", states[0], line) if states else None


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
