"""INJ-E02: an office visit beside an injection lacks modifier 25."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context, Service
from scrubber.finding import Expected, Outcome, Severity
from scrubber.payers import Habit
from scrubber.rule import Fact, Hit, cite, fact, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.pairs import VISIT, pairs

# NCCI-associated modifiers of visits: each opens the pair; 25 is the one for an injection of the same day.
ANSWERS: Final = ("25", "24", "57", "27")


@rule(
    code="INJ-E02",
    name="visit-without-25",
    severity=Severity.DENY,
    cites=(
        cite(
            "NCCI Policy Manual",
            "ch. I s. D: a visit beside an XXX procedure needs work of its own, told by modifier 25",
            "https://www.cms.gov/national-correct-coding-initiative-ncci/ncci-medicare",
            checked_on=None,
        ),
    ),
    expected=Expected(status=("A7:453",), carc=("97", "236", "4"), rarc=("N20",)),
    when=INJECTED.beside(VISIT),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The visit is column 2 of 96372: without modifier 25 the visit is denied, not the injection.

    Why: NCCI pairs 96372 (column 1) with the office visit (column 2), indicator 1.
    Modifier 25 on the visit says that it was significant and separate; only
    the coder who reads the note can say so. Another diagnosis is not needed,
    and a new patient is not enough. It goes on the visit, never on 96372; 59
    on 96372 says nothing about the visit. A payer whose profile says that it
    never pays both is told apart: there no modifier helps.

    Bad:
        SV1*HC:99213*100*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:99213:25*100*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    seen: set[tuple[int, str]] = set()
    for injection in ctx.injections:
        habit = ctx.habit("em_bundle", injection)
        # A habit that is undated or second-hand takes nothing back: it only adds advice.
        if habit is not None and habit.value == "none" and habit.decides:
            continue
        for pair in pairs(ctx, injection, VISIT):
            visit = pair.service
            key = (visit.claim.index, visit.line.number)
            # No modifier opens 99211: INJ-E01. Where the injection is column 2: INJ-E03.
            if pair.denied or pair.closed or key in seen:
                continue
            seen.add(key)
            never_both = habit is not None and habit.value == "always"
            if habit is None or not never_both or not habit.decides:
                yield _judged(visit, injection, fact(pair.row))
            if habit is not None and never_both:
                yield _never_both(visit, injection, habit)


def _judged(visit: Service, injection: ServiceLine, pair: Fact) -> Hit:
    code, modifiers = visit.line.code, visit.line.modifiers
    lines = (visit.line, injection) if visit.own else (injection,)
    at = (visit.line if visit.own else injection).sv1.spot(1)
    evidence = {"visit": code, "modifiers": list(modifiers), "ncci_indicator": "1"}
    answer = next((one for one in ANSWERS if one in modifiers), None)
    if answer:
        says = f"the visit {code} carries {answer} beside 96372: the note must show work of its own"
        return Hit(at, says, lines, None, Outcome.BYPASSED, (pair,), evidence)
    severity = None if visit.own else Severity.ADVISE
    return Hit(at, _says(visit), lines, severity, rests_on=(pair,), evidence=evidence)


def _says(visit: Service) -> str:
    code = visit.line.code
    if visit.own:
        return (
            f"line {visit.line.number}: {code} on the day of 96372 without modifier 25 will be denied: "
            "add 25 to the visit if the note shows a separate visit, else remove the visit"
        )
    return (
        f"{code} without modifier 25 stands on another claim of the day ({visit.claim.id}): "
        "add 25 to that visit if the note shows a separate visit"
    )


def _never_both(visit: Service, injection: ServiceLine, habit: Habit) -> Hit:
    code = visit.line.code
    return Hit(
        injection.sv1.spot(1),
        f"line {injection.number}: this payer pays no 96372 beside a visit ({code}): "
        "expect the injection to be denied, no modifier opens it",
        (injection, visit.line) if visit.own else (injection,),
        Severity.DENY if habit.decides and visit.own else Severity.ADVISE,
        evidence={"visit": code, "habit": habit.key, "source": habit.source},
    )
