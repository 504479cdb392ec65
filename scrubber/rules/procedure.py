"""Procedures that are themselves an injection, and whether a drug of the day is left for 96372."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from loops import ServiceLine
from scrubber.context import Context, Service
from scrubber.rules.given import given
from scrubber.tables import Row

TOXIN: Final = "chemodenervation"
KINDS: Final = frozenset(
    {
        "joint",
        "tendon",
        "ganglion",
        "trigger-point",
        "dry-needling",
        "collagenase",
        "lesion",
        "epidural",
        "nerve-block",
        "facet",
        TOXIN,
    }
)


def injecting(ctx: Context, injection: ServiceLine) -> list[Service]:
    """The services of the day, by the same provider, that put a drug into a joint, nerve, lesion ..."""
    return ctx.remember(("injecting", injection.lx.start), lambda: _injecting(ctx, injection))


def _injecting(ctx: Context, injection: ServiceLine) -> list[Service]:
    found = ctx.having("injection_procedures", ctx.day(injection), injection)
    return [service for service, row in found if row["kind"] in KINDS]


def kind_of(ctx: Context, service: Service, injection: ServiceLine) -> Row | None:
    """The row of table injection_procedures of a service."""
    return ctx.find("injection_procedures", service.line.code, injection)


def none_is_left(ctx: Context, injection: ServiceLine, procedures: Sequence[Service]) -> bool:
    """Whether the procedures may have taken every drug of the day that 96372 could have given."""
    return len({one.code for one in given(ctx, injection) if one.injected}) <= len(procedures)


def given_otherwise(ctx: Context, injection: ServiceLine) -> bool:
    """Whether the day has drugs, and all are such as 96372 never gives (INJ-B11, B13, B14, B18 tell)."""
    items = given(ctx, injection)
    return bool(items) and not any(one.injected for one in items)
