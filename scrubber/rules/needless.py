"""59 and X{EPSU} on an injection that no pair and no second injection asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loops import ServiceLine
from scrubber.codes import is_drug
from scrubber.context import INJECTION, Context, Service
from scrubber.rules.common import DISTINCT, REPEAT
from scrubber.rules.pairs import VACCINE, VISIT, beside, family, pairs

_TOLD_APART = DISTINCT | REPEAT
Marked = tuple[ServiceLine, tuple[Service, ...]]


def marked(ctx: Context) -> Sequence[Marked]:
    """The injections with 59 or X{EPSU} that need not tell a second one from the first.

    With each stand the services beside it, without drugs. A day with a vaccine is left out for
    another payer than Medicare, where 59 is sometimes wanted.
    """
    if not any(DISTINCT.intersection(line.modifiers) for line in ctx.injections):
        return ()
    return ctx.remember("marked", lambda: tuple(_marked(ctx)))


def _marked(ctx: Context) -> Iterator[Marked]:
    for line in ctx.injections:
        around = beside(ctx, line)
        if not DISTINCT.intersection(line.modifiers) or not _first(ctx, line):
            continue
        if ctx.medicare or VACCINE not in around:
            others = [one for services in around.values() for one in services if not is_drug(one.line.code)]
            yield line, tuple(others)


def unasked(ctx: Context, line: ServiceLine) -> bool:
    """Whether no pair of the day asks for 59; not when a table cannot tell.

    A visit that is column 2 of 96372 is answered by 25, not by 59.
    """
    gaps = len(ctx.gaps)
    asking = [one for one in pairs(ctx, line) if one.denied or family(one.code) != VISIT]
    return not asking and len(ctx.gaps) == gaps


def _first(ctx: Context, line: ServiceLine) -> bool:
    """Whether it is the only 96372 of the day, or the first of several that are all told apart."""
    same = [one for one in ctx.day(line) if one.line.code == INJECTION]
    if len(same) == 1:
        return True
    first = same[0].own and same[0].line is line
    return first and all(_TOLD_APART.intersection(one.line.modifiers) for one in same)
