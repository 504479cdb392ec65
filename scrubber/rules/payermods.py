"""The modifiers that the payer of a claim is known to want on an injection."""

from __future__ import annotations

from loops import ServiceLine
from scrubber.context import Context


def wanted(ctx: Context, injection: ServiceLine) -> frozenset[str]:
    """The modifiers of habit ``extra_modifiers`` for the code of the line (entries ``96372:XX/YY``)."""
    habit = ctx.habit("extra_modifiers", injection)
    entries = (entry.partition(":") for entry in habit.value.split()) if habit else ()
    return frozenset(one for code, _, many in entries if code == injection.code for one in many.split("/"))
