"""INJ-E07: the complexity add-on of a visit beside an injection."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context, Service
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.pairs import OTHER, VACCINE, VISIT, beside

ADD_ON: Final = "G2211"
SEPARATE: Final = "25"
OFFICE: Final = frozenset({"99202", "99203", "99204", "99205", "99211", "99212", "99213", "99214", "99215"})
PREVENTIVE: Final = frozenset({"G0402", "G0438", "G0439"})
NOT_WITH_25: Final = date(2024, 1, 1)
BUT_WITH_PREVENTIVE: Final = date(2025, 1, 1)


@rule(
    code="INJ-E07",
    name="complexity-add-on-with-25",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "CMS, Physician Fee Schedule final rules for 2024 and 2025",
            "G2211 is not paid beside a visit with 25; from 2025 but for preventive services and vaccines",
            "https://www.cms.gov/medicare/payment/fee-schedules/physician",
            checked_on=None,
        ),
    ),
    expected=Expected(status=(), carc=("97", "236"), rarc=("M15",)),
    when=INJECTED.beside(ADD_ON),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """G2211 is not paid beside a visit with 25, and the injection makes the visit need 25.

    Why: from 2024-01-01 the complexity add-on is denied when its visit carries 25. From 2025-01-01 it is
    paid where 25 stands for a preventive service or a vaccine of Part B; an injection of a drug is
    neither. Who adds 25 for the injection (INJ-E02) gives up G2211.

    Bad:
        SBR*P*18*******MB
        SV1*HC:99214:25*130*UN*1***1
        SV1*HC:G2211*16*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SBR*P*18*******MB
        SV1*HC:99214:25*130*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    told: set[int] = set()
    for injection in ctx.injections:
        around = beside(ctx, injection)
        day = injection.first_day
        if day is None or day < NOT_WITH_25 or not (VISIT in around or OTHER in around):
            continue
        services = (*around.get(OTHER, ()), *around.get(VISIT, ()))
        add_on = next((one.line for one in services if one.own and one.line.code == ADD_ON), None)
        if add_on is None or add_on.lx.start in told:
            continue
        if day >= BUT_WITH_PREVENTIVE and (
            VACCINE in around or any(one.line.code in PREVENTIVE for one in services)
        ):
            continue
        visits = [one for one in services if one.line.code in OFFICE]
        if visits:
            told.add(add_on.lx.start)
            yield _hit(add_on, visits, injection)


def _hit(add_on: ServiceLine, visits: list[Service], injection: ServiceLine) -> Hit:
    visit = visits[0].line
    if any(SEPARATE in one.line.modifiers for one in visits):
        why = f"is not paid beside {visit.code} with 25: expect it to be denied"
    else:
        why = f"will not be paid once {visit.code} carries 25 for the injection"
    return Hit(
        add_on.sv1.spot(1),
        f"line {add_on.number}: {ADD_ON} {why}; a drug injection is no preventive service",
        (add_on, *(one.line for one in visits if one.own), injection),
        evidence={"visit": visit.code, "modifiers": list(visit.modifiers)},
    )
