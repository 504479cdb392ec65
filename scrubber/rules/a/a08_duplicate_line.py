"""INJ-A08: a service line says again what another line has said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import INJECTION, Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.common import DISTINCT, REPEAT, counted, rendering_npi
from scrubber.rules.gates import INJECTED

_ANSWERS: Final = DISTINCT | REPEAT | {"91"}
_LINE_A_VACCINE: Final = frozenset({"90460", "90461", "90472", "90474"})


@rule(
    code="INJ-A08",
    name="duplicate-line",
    severity=Severity.DENY,
    cites=(
        cite(
            "NGS Medicare, How to Avoid and Correct Duplicate Claim Denials",
            "reason 18; 59, 76, 77 and 91 where a service was truly repeated (100-04 ch. 1 s. 120)",
            "https://ngsmedicare.com/web/ngs/how-to-avoid-duplicate-claim-denials?selectedArticleId=9213602",
        ),
    ),
    expected=Expected(status=("A3:54",), carc=("18",), rarc=("M86",)),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The same service, day, modifiers, provider and place twice: the second line denies as a duplicate.

    Why: A payer cannot tell a second injection from the first billed twice.
    Which it was, only the record tells: delete the line, add the units to the
    first, or let the coder say with a modifier what was separate.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:96372:59*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
        SV1*HC:J1885*5*UN*2***1
    """
    if not ctx.injections:
        return
    # Mostly no two lines are alike even in code and day: none needs a comparison then.
    unlike = len({(line.code, line.first_day) for line in claim.lines}) == len(claim.lines)
    seen: dict[object, ServiceLine] = {}
    for line in claim.lines:
        if line.first_day is None:
            continue
        first = line if unlike else seen.setdefault(_what(claim, line), line)
        if first is not line and _ANSWERS.isdisjoint(line.modifiers):
            yield _again(line, first)
        elif first is line and line.code == INJECTION:
            yield from _on_earlier_claim(claim, line, ctx)


def _what(claim: Claim, line: ServiceLine) -> object:
    ndc = line.drug.ndc if line.drug else ""
    return (
        line.code,
        line.first_day,
        line.last_day,
        frozenset(line.modifiers),
        rendering_npi(claim, line),
        line.place_of_service,
        ndc,
    )


def _again(line: ServiceLine, first: ServiceLine) -> Hit:
    says = (
        f"line {line.number}: {line.code} repeats line {first.number} (day, modifiers, provider and place "
        "are the same): delete it, or put the units on one line, or let the coder mark what was separate"
    )
    severity = Severity.ADVISE if line.code in _LINE_A_VACCINE else None
    return Hit(line.sv1.spot(1), says, (line, first), severity, evidence={"code": line.code})


def _on_earlier_claim(claim: Claim, line: ServiceLine, ctx: Context) -> Iterator[Hit]:
    if not _ANSWERS.isdisjoint(line.modifiers):
        return
    for other in counted(ctx, line):
        earlier = not other.own and other.claim.index < claim.index
        if earlier and _what(other.claim, other.line) == _what(claim, line):
            says = (
                f"line {line.number}: {line.code} stands already on claim {other.claim.id} of the batch "
                "(same day, modifiers, provider, place): drop it here or mark what was separate"
            )
            yield Hit(line.sv1.spot(1), says, (line,), evidence={"other": other.claim.id})
            return
