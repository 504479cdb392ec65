"""INJ-P10: 59 on the other line of a pair."""

from __future__ import annotations

from collections.abc import Iterator

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Fix, Safety, Severity
from scrubber.rule import Hit, fact, rule
from scrubber.rules.common import DISTINCT
from scrubber.rules.edits import with_modifier, without_modifier
from scrubber.rules.gates import INJECTED
from scrubber.rules.pairs import VISIT, Pair, answers, family, pairs
from scrubber.rules.verdict import EITHER_LINE, PTP

PLACES = 4  # SV101-3 to SV101-6


@rule(
    code="INJ-P10",
    name="distinct-on-column-1",
    severity=Severity.ADVISE,
    cites=(PTP, EITHER_LINE),
    expected=Expected(status=(), carc=("97", "236", "4"), rarc=("N20",)),
    when=INJECTED.beside(*DISTINCT),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """59 or X{EPSU} stands on the column 1 line only, and the payer may read column 2 only.

    Why: column 2 of the pair is the line that is denied, and 59 was always read there. Medicare
    reads it on either line from 2019-07-01, and some payers do too (habit ``x_column``); others read column 2
    only. Where the claim has one such pair, a person may move what the biller said.

    Bad:
        SV1*HC:96374:59*80*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2405*5*UN*4***1
        SV1*HC:J1885*5*UN*2***1

    Good:
        SV1*HC:96374*80*UN*1***1
        SV1*HC:96372:59*30*UN*1***1
        SV1*HC:J2405*5*UN*4***1
        SV1*HC:J1885*5*UN*2***1
    """
    for injection in ctx.injections:
        marked = [one for one in claim.lines if one is not injection and DISTINCT.intersection(one.modifiers)]
        if not marked or DISTINCT.intersection(injection.modifiers):
            continue
        found = [one for one in pairs(ctx, injection) if one.denied and one.service.own and not one.closed]
        wrong = [one for one in found if one.service.line in marked and family(one.code) != VISIT]
        if wrong and not answers(ctx, injection) and not _either(ctx, injection):
            yield _hit(injection, wrong[0], alone=len(found) == 1 == len(ctx.injections))


def _either(ctx: Context, injection: ServiceLine) -> bool:
    """Whether the payer is known to read both lines."""
    habit = ctx.habit("x_column", injection)
    return habit.value == "either" if habit else ctx.medicare


def _hit(injection: ServiceLine, pair: Pair, *, alone: bool) -> Hit:
    line = pair.service.line
    index = next(n for n, one in enumerate(line.modifiers) if one in DISTINCT)
    modifier = line.modifiers[index]
    return Hit(
        line.modifier_spot(index),
        f"line {line.number}: {modifier} stands on {line.code}, but 96372 in line {injection.number} is the "
        f"code that is denied and many payers read it there only: put {modifier} on 96372",
        (line, injection),
        rests_on=(fact(pair.row),),
        evidence={"modifier": modifier, "column1": line.code, "column2": injection.code},
        fix=_move(line, index, injection) if alone else None,
    )


def _move(line: ServiceLine, index: int, injection: ServiceLine) -> Fix | None:
    # Moving repeats what the biller asserted, on the line where it is read; it asserts nothing new.
    if len(injection.modifiers) >= PLACES or not all((*line.modifiers, *injection.modifiers)):
        return None
    edits = [without_modifier(line, index), with_modifier(injection, line.modifiers[index])]
    edits.sort(key=lambda one: one.start)
    return Fix(Safety.SUGGESTED, f"move {line.modifiers[index]} to 96372", tuple(edits))
