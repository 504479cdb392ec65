"""INJ-P09: 59 together with an X modifier on one line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.common import DISTINCT
from scrubber.rules.gates import INJECTED

GENERAL: Final = "59"


@rule(
    code="INJ-P09",
    name="distinct-twice",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "CMS CR 8863 (told by a billing page)",
            "XE, XS, XP and XU say which kind of 59 it is; from 2015-01-01, one of the five on a line",
            "https://medicalbillingcptmodifiers.com",
            checked_on=None,
        ),
    ),
    expected=Expected(status=(), carc=("4",), rarc=("N519",)),
    when=INJECTED.beside(*DISTINCT),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """59 and one of XE, XS, XP, XU, or two of these, stand on one line of 96372.

    Why: each X modifier is a narrower 59; one of the five says it all, and some payers deny a line
    that carries two (habit ``x_with_59``). Which of them is true stands in the record, so none is
    taken away here.

    Bad:
        SV1*HC:96374*80*UN*1***1
        SV1*HC:96372:59:XS*30*UN*1***1
        SV1*HC:J2405*5*UN*4***1
        SV1*HC:J1885*5*UN*2***1

    Good:
        SV1*HC:96374*80*UN*1***1
        SV1*HC:96372:XU*30*UN*1***1
        SV1*HC:J2405*5*UN*4***1
        SV1*HC:J1885*5*UN*2***1
    """
    for injection in ctx.injections:
        marks = list(dict.fromkeys(one for one in injection.modifiers if one in DISTINCT))
        if len(marks) > 1:
            yield _hit(ctx, injection, marks)


def _hit(ctx: Context, injection: ServiceLine, marks: list[str]) -> Hit:
    habit = ctx.habit("x_with_59", injection)
    denies = habit is not None and habit.value == "deny"
    keep = "the X modifier if it fits" if GENERAL in marks else "the one that the record bears out"
    then = ", this payer denies the line" if denies else ""
    return Hit(
        injection.modifier_spot(injection.modifiers.index(marks[1])),
        f"line {injection.number}: {' and '.join(marks)} on one line of 96372 say the same twice{then}: "
        f"keep {keep}",
        (injection,),
        Severity.DENY if denies and habit is not None and habit.decides else None,
        evidence={"modifiers": list(injection.modifiers)},
    )
