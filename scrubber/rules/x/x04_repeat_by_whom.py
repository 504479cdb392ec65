"""INJ-X04: 76 and 77 against who gave the other injection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import INJECTION, Context, Service
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.common import REPEAT, counted, rendering_npi
from scrubber.rules.gates import INJECTED

SAME: Final = "76"


@rule(
    code="INJ-X04",
    name="repeat-by-whom",
    severity=Severity.DENY,
    cites=(
        cite(
            "Cahaba GBA, modifier 76 and 59",
            "76: the same service again by the same practitioner; 77: by another",
            "https://www.cahabagba.com",
            checked_on=None,
        ),
    ),
    expected=Expected(status=("A7:453",), carc=("4", "18"), rarc=("N519",)),
    when=INJECTED.beside(*REPEAT),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """77 though one practitioner gave both injections, or 76 though two did.

    Why: 76 repeats a service by the same practitioner, 77 by another one. The rendering NPI of the other
    96372 of the day shows which is true. Both on one line contradict each other. Without another 96372 in
    the batch the repeat may be of an earlier claim, so it is only worth a look.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:96372:77*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
        SV1*HC:J1885*5*UN*2***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:96372:76*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
        SV1*HC:J1885*5*UN*2***1
    """
    for injection in ctx.injections:
        marks = [one for one in injection.modifiers if one in REPEAT]
        if len(set(marks)) > 1:
            yield _hit(injection, marks[1], "76 and 77 contradict each other: keep the true one", None)
        elif marks and injection.first_day is not None:
            yield from _judged(ctx, injection, marks[0])


def _judged(ctx: Context, injection: ServiceLine, mark: str) -> Iterator[Hit]:
    others = [one for one in counted(ctx, injection) if _is_other(one, injection)]
    mine = rendering_npi(ctx.claim, injection)
    if not others:
        says = f"{mark} repeats a 96372 of the day, but the batch has no other: see that one was billed"
        yield _hit(injection, mark, says, Severity.ADVISE)
        return
    theirs = {rendering_npi(one.claim, one.line) for one in others}
    wrong = mine not in theirs if mark == SAME else theirs == {mine}
    if not wrong or not mine or "" in theirs:
        return
    if mark == SAME:
        says = "76 says that the same practitioner gave both, but the NPIs differ: use 77"
    else:
        says = "77 says that another practitioner gave the other, but the NPI is the same: use 76"
    own = any(one.own for one in others)
    yield _hit(injection, mark, f"{says}, if the record agrees", None if own else Severity.ADVISE)


def _is_other(one: Service, injection: ServiceLine) -> bool:
    return one.line.code == INJECTION and not (one.own and one.line.lx.start == injection.lx.start)


def _hit(injection: ServiceLine, mark: str, says: str, severity: Severity | None) -> Hit:
    return Hit(
        injection.modifier_spot(injection.modifiers.index(mark)),
        f"line {injection.number}: {says}",
        (injection,),
        severity,
        evidence={"modifiers": list(injection.modifiers)},
    )
