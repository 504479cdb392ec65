"""The findings of the rules that tell an NCCI pair with 96372."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from loops import ServiceLine
from scrubber.context import Context
from scrubber.finding import Outcome, Severity
from scrubber.rule import Hit, cite, fact
from scrubber.rules.pairs import VISIT, Pair, answered, family, opened, pairs, severity
from scrubber.tables import Citation

PTP = cite(
    "Medicare NCCI procedure-to-procedure edits",
    "practitioner services: column 2 is denied beside column 1; indicator 0: nothing opens it",
    "https://www.cms.gov/national-correct-coding-initiative-ncci/ncci-medicare/"
    "medicare-ncci-procedure-procedure-ptp-edits",
)
EITHER_LINE: Citation = cite(
    "CMS CR 11168 (told by AAPC)",
    "from 2019-07-01 modifier 59 or X{EPSU} counts on either line of a pair",
    "https://www.aapc.com/blog/45862-new-rules-issued-for-modifiers-59-xe-xs-xp-and-xu/",
)


def pair_hits(ctx: Context, *families: str, lower: Severity | None = None, note: str = "") -> Iterator[Hit]:
    """What is to say of the pairs of every injection with services of these families.

    `lower` takes the place of the severity of an own pair that a modifier may open; `note` goes on
    after the cure.
    """
    told: set[tuple[int, str]] = set()
    for injection in ctx.injections:
        found = pairs(ctx, injection, *families)
        yield from injection_denied(ctx, injection, found, lower=lower, note=note)
        yield from others_denied(ctx, injection, found, told)


def injection_denied(
    ctx: Context,
    injection: ServiceLine,
    found: Sequence[Pair],
    *,
    lower: Severity | None = None,
    note: str = "",
) -> Iterator[Hit]:
    """One Hit for an injection that is column 2 of some of `found`, own services before others."""
    found = [one for one in found if one.denied]
    found = [one for one in found if one.service.own] or found
    if not found:
        return
    closed = [one for one in found if one.closed]
    told = closed or found
    own = told[0].service.own
    codes = sorted({one.code for one in told})
    where = f"line {injection.number}: 96372 beside {', '.join(codes)}" + ("" if own else " of another claim")
    lines = (injection, *(one.service.line for one in told if own))
    rests = tuple(fact(one.row) for one in told)
    evidence = _evidence(told, injection, "column1", codes)
    at = injection.sv1.spot(1)
    how = severity(ctx, own=own, closed=bool(closed))
    if closed:
        says = f"{where} is not paid, and no modifier opens it: remove 96372"
        yield Hit(at, says + note, lines, how, rests_on=rests, evidence=evidence)
    elif opened(ctx, injection, [one.service.line for one in told]):
        says = f"{where}: a modifier opens the pair; the record must show that it was apart"
        yield Hit(at, says, lines, how, Outcome.BYPASSED, rests, evidence)
    else:
        how = lower if lower and own else how
        says = f"{where} is denied without a modifier: {_cure(told)}"
        yield Hit(at, says + note, lines, how, rests_on=rests, evidence=evidence)


def _cure(told: Sequence[Pair]) -> str:
    if any(family(one.code) == VISIT for one in told):
        return "add 25 to the visit if the note shows work of its own, else remove one of the two"
    return "add 59 or X{EPSU} to 96372 if the record shows that it was given apart, else remove it"


def others_denied(
    ctx: Context, injection: ServiceLine, found: Sequence[Pair], told: set[tuple[int, str]]
) -> Iterator[Hit]:
    """A Hit for each service that is column 2 of the injection; `told` holds those of which one was made."""
    for one in found:
        line, own = one.service.line, one.service.own
        key = (one.service.claim.index, line.number)
        if one.denied or key in told:
            continue
        told.add(key)
        where = f"line {line.number}: {line.code}" if own else f"{line.code} of another claim"
        at = (line if own else injection).sv1.spot(1)
        lines = (line, injection) if own else (injection,)
        rests = (fact(one.row),)
        evidence = _evidence([one], line, "column2", [line.code])
        how = severity(ctx, own=own, closed=one.closed)
        if one.closed:
            says = f"{where} is not paid beside 96372, and no modifier opens it: remove it"
            yield Hit(at, says, lines, how, rests_on=rests, evidence=evidence)
        elif answered(ctx, injection, line):
            says = f"{where} beside 96372: a modifier opens the pair; the record must show that it was apart"
            yield Hit(at, says, lines, how, Outcome.BYPASSED, rests, evidence)
        else:
            says = (
                f"{where} is denied beside 96372 without a modifier: add 59 or X{{EPSU}} to it if the record "
                "shows that it was apart, else remove it"
            )
            yield Hit(at, says, lines, how, rests_on=rests, evidence=evidence)


def _evidence(told: Sequence[Pair], line: ServiceLine, side: str, codes: list[str]) -> dict[str, Any]:
    row = told[0].row
    return {
        side: codes,
        "modifiers": list(line.modifiers),
        "ncci_indicator": row["indicator"],
        "program": row["program"],
    }
