"""INJ-D22: the drug stands on another day, or in another place, than its injection."""

from __future__ import annotations

from collections.abc import Iterator

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.common import guide
from scrubber.rules.gates import DRUG, on_claim
from scrubber.rules.given import administrations


@rule(
    code="INJ-D22",
    name="drug-on-another-day",
    severity=Severity.ADVISE,
    cites=(guide("loop 2400, DTP*472 and SV105 of the drug line and of its administration"),),
    expected=Expected(carc=("16", "B15"), rarc=("M52", "M77")),
    when=on_claim(DRUG),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A drug is billed with the day and the place of its injection, not with those of its purchase.

    Why: A payer looks for the drug on the day of the injection and finds none
    (INJ-D01 then tells the injection); the drug in turn has nothing that gave it.
    Most often the day is that of the delivery. The record tells which is right.

    Bad:
        SV1*HC:96372*30*UN*1***1
        DTP*472*D8*20260303
        SV1*HC:J3420*5*UN*1***1
        DTP*472*D8*20260302

    Good:
        SV1*HC:96372*30*UN*1***1
        DTP*472*D8*20260303
        SV1*HC:J3420*5*UN*1***1
        DTP*472*D8*20260303
    """
    if not ctx.injections:
        return
    lonely = [one for one in ctx.injections if one.first_day and not any(_covers(d, one) for d in ctx.drugs)]
    for line in ctx.drugs:
        if line.first_day:
            if lonely and not any(_covers(line, one) for one in ctx.injections):
                yield from _another_day(ctx, line, lonely[0])
            else:
                yield from _another_place(ctx, line)


def _covers(drug: ServiceLine, injection: ServiceLine) -> bool:
    """Whether the day of the injection lies in the period of the drug line."""
    if drug.first_day is None or drug.last_day is None or injection.first_day is None:
        return True  # nobody can tell
    return drug.first_day <= injection.first_day <= drug.last_day


def _another_day(ctx: Context, line: ServiceLine, injection: ServiceLine) -> Iterator[Hit]:
    if not administrations(ctx, line, "") and not ctx.gaps:
        says = (
            f"line {line.number}: {line.code} on {line.first_day}, 96372 on {injection.first_day} (line "
            f"{injection.number}): give both the day of the injection, if they belong together"
        )
        at = line.all("DTP", "472")[0].spot(3)
        yield Hit(at, says, (line, injection))


def _another_place(ctx: Context, line: ServiceLine) -> Iterator[Hit]:
    day = [one for one in ctx.injections if one.first_day == line.first_day]
    others = [one for one in ctx.drugs if one.first_day == line.first_day]
    if len(day) == len(others) == 1 and day[0].place_of_service != line.place_of_service:
        says = (
            f"line {line.number}: {line.code} in place of service {line.place_of_service}, its injection "
            f"(line {day[0].number}) in {day[0].place_of_service}: mend the wrong one"
        )
        yield Hit(line.sv1.spot(5), says, (line, day[0]))
