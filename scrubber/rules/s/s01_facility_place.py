"""INJ-S01: the injection was given in a facility, which bills for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.payers import Habit
from scrubber.rule import Fact, Hit, cite, fact, rule
from scrubber.rules.gates import INJECTED

# Places of the catalogue's lists; telehealth (02) and ambulance (41, 42) have rules of their own.
_FACILITIES: Final = frozenset({"19", "21", "22", "23", "24", "26", "31", "34", "51", "52", "53", "56", "61"})
_NO_PAYMENT, _FACILITY_RATE = "cms-pctc-5", "cms-facility"


@rule(
    code="INJ-S01",
    name="facility-place-of-service",
    severity=Severity.DENY,
    cites=(
        cite(
            "CMS, Physician Fee Schedule, PC/TC indicator 5",
            "no payment to the practitioner in a hospital; 96372 has indicator 5 and facility NA",
            "https://www.dir.ca.gov/t8/9789_12_9.html",
        ),
    ),
    expected=Expected(status=("A7:249",), carc=("5", "58", "171"), rarc=("M97", "M77", "N428")),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """In a hospital or other facility the injection is the facility's: the practitioner's 96372 is not paid.

    Why: 96372 pays for the nurse and the room, which the facility has. Medicare
    pays none in a hospital, and all lists of payers that were read agree; beyond
    hospitals they differ, so there the payer's own list decides. The place is a
    fact of the record and never changed here; whether the drug is paid is another question.

    Bad:
        CLM*C****22:B:1*Y*A*Y*Y
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        CLM*C****11:B:1*Y*A*Y*Y
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    for line in ctx.injections:
        habit = ctx.habit("pos_deny", line)
        if habit:
            yield from _by_payer(claim, ctx, line, habit)
        else:
            yield from _by_table(ctx, line)


def _by_table(ctx: Context, line: ServiceLine) -> Iterator[Hit]:
    if line.place_of_service not in _FACILITIES:
        return
    for name in (_NO_PAYMENT, _FACILITY_RATE):
        row = ctx.find("pos_lists", (name, line.place_of_service), line)
        if row is not None:
            yield _hit(ctx.claim, line, None, fact(row))
            return


def _by_payer(claim: Claim, ctx: Context, line: ServiceLine, habit: Habit) -> Iterator[Hit]:
    if line.place_of_service not in habit.value.split():
        return
    exempt = ctx.habit("pos_exempt_provider_type", line)  # beginnings of taxonomy codes
    providers = (claim.billing, claim.rendering(line))
    taxonomies = [provider.taxonomy for provider in providers if provider]
    if exempt and any(one.startswith(tuple(exempt.value.split())) for one in taxonomies):
        return
    known = [] if habit.decides else list(_by_table(ctx, line))  # an undated list takes nothing back
    yield from known or [_hit(claim, line, Severity.DENY if habit.decides else Severity.ADVISE)]


def _hit(claim: Claim, line: ServiceLine, severity: Severity | None, *rests_on: Fact) -> Hit:
    place = line.place_of_service
    says = (
        f"line {line.number}: 96372 in place of service {place}: the facility bills it; "
        "if the place is right remove the line, and see what this payer has for the drug"
    )
    at = line.sv1.spot(5) if line.sv1.text(5) else claim.clm.spot(5, 1)
    return Hit(at, says, (line,), severity, rests_on=rests_on, evidence={"place_of_service": place})
