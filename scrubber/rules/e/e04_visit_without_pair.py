"""INJ-E04: a preventive visit, consultation or counselling beside an injection, without 25."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context, Service
from scrubber.finding import Expected, Severity
from scrubber.payers import Habit
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.pairs import VISIT, beside, edit
from scrubber.rules.verdict import PTP

SEPARATE: Final = "25"
_NUMBERS: Final = (range(99242, 99246), range(99252, 99256), range(99381, 99398), range(99401, 99405))
_LISTED: Final = frozenset({"G0402", "G0438", "G0439", *map(str, chain(*_NUMBERS))})


@rule(
    code="INJ-E04",
    name="visit-without-pair",
    severity=Severity.ADVISE,
    cites=(
        PTP,
        cite("CPT, definition of modifier 25", "a visit beside a procedure of the day carries it"),
    ),
    expected=Expected(status=(), carc=("97", "4"), rarc=("N20",)),
    when=INJECTED.beside(*_LISTED),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A preventive visit, consultation or counselling has no NCCI pair with 96372, but 25 is expected.

    Why: Medicare has no pair of 96372 with 99381 to 99397, 99242 to 99245, 99401 to 99404, G0402, G0438 or
    G0439, so it does not deny for want of 25. CPT expects it all the same, and commercial payers edit it. A
    payer known to make no edit (habit ``em_bundle`` none) is left alone; one that never pays both is named.

    Bad:
        SV1*HC:99396*150*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1050*60*UN*150***1

    Good:
        SV1*HC:99396:25*150*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1050*60*UN*150***1
    """
    told: set[tuple[int, str]] = set()
    for injection in ctx.injections:
        for visit in beside(ctx, injection).get(VISIT, ()):
            key = (visit.claim.index, visit.line.number)
            if key in told or visit.line.code not in _LISTED or _paired(ctx, visit.line.code, injection):
                continue
            habit = ctx.habit("em_bundle", injection)
            value = habit.value if habit else ""
            if value == "always" and habit is not None:
                told.add(key)
                yield _never_both(visit, injection, habit)
            elif value != "none" and SEPARATE not in visit.line.modifiers:
                told.add(key)
                yield _hit(visit, injection)


def _paired(ctx: Context, code: str, injection: ServiceLine) -> bool:
    """Whether a quarter that is loaded pairs the two after all: then INJ-E02 or INJ-E03 tells it."""
    return bool(edit(ctx, injection.code, code, injection) or edit(ctx, code, injection.code, injection))


def _hit(visit: Service, injection: ServiceLine) -> Hit:
    line, own = visit.line, visit.own
    where = f"line {line.number}: {line.code}" if own else f"{line.code} of another claim"
    return Hit(
        (line if own else injection).sv1.spot(1),
        f"{where} beside 96372 without 25: Medicare has no edit, but others may: add it if the note shows "
        "work beyond the injection",
        (line, injection) if own else (injection,),
        evidence={"visit": line.code, "modifiers": list(line.modifiers)},
    )


def _never_both(visit: Service, injection: ServiceLine, habit: Habit) -> Hit:
    return Hit(
        injection.sv1.spot(1),
        f"line {injection.number}: this payer pays no 96372 beside a visit ({visit.line.code}): expect the "
        "injection to be denied, no modifier opens it",
        (injection, visit.line) if visit.own else (injection,),
        Severity.DENY if habit.decides and visit.own else Severity.ADVISE,
        evidence={"visit": visit.line.code, "habit": habit.key, "source": habit.source},
    )
