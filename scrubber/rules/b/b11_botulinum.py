"""INJ-B11: a botulinum toxin under 96372."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context, Service
from scrubber.finding import Expected, Outcome, Severity
from scrubber.rule import Fact, Hit, cite, fact, rule
from scrubber.rules.gates import INJECTED, rows
from scrubber.rules.given import Given, given, procedures
from scrubber.rules.pairs import opened, pair

ADMIN: Final = "chemodenervation"


@rule(
    code="INJ-B11",
    name="botulinum-under-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "First Coast, botulinum toxin injections",
            "botulinum toxins go with the chemodenervation code of the site",
            "https://medicare.fcso.com/medical-review/botulinum-toxin-injections",
        ),
        cite(
            "AAPC Neurology Coding Alert, bill botulinum by site",
            "one chemodenervation code a site, no 96372",
            "https://www.aapc.com/codes/coding-newsletters/my-neurology-coding-alert",
            checked_on=None,
        ),
    ),
    expected=Expected(status=(), carc=("97", "236"), rarc=("M15", "N390")),
    when=INJECTED.beside(*rows("drugs", "admin", ADMIN)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A botulinum toxin is injected by a chemodenervation code, not by 96372.

    Why: 64612, 64615 to 64617, 64642 to 64647 and their like pay for the injection of the toxin, by
    site; 96372 beside them is bundled, and in their place it is the wrong code. Where
    another drug explains 96372, the toxin may lack its procedure: that is worth a look.

    Bad:
        HI*ABK:G43709
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J0585*1500*UN*155***1

    Good:
        HI*ABK:G43709
        SV1*HC:64615*300*UN*1***1
        SV1*HC:J0585*1500*UN*155***1
    """
    told = set()
    for injection in ctx.injections:
        items = given(ctx, injection)
        toxins = [one for one in items if one.admin == ADMIN]
        if not toxins or injection.first_day in told:
            continue
        told.add(injection.first_day)
        explained = any(one.injected for one in items)
        services = procedures(ctx, injection, ADMIN)
        if not services:
            yield _instead(injection, toxins, explained=explained)
        elif not explained:
            yield _beside(ctx, injection, toxins, services)


def _instead(injection: ServiceLine, toxins: list[Given], *, explained: bool) -> Hit:
    own = [one for one in toxins if one.service.own]
    toxin = (own or toxins)[0]
    return Hit(
        injection.sv1.spot(1, 2),
        f"line {injection.number}: 96372 does not give {toxin.code}, a botulinum toxin: bill the "
        "chemodenervation code of the site",
        (injection, *(one.service.line for one in own)),
        Severity.ADVISE if explained or not own else None,
        rests_on=tuple(fact(one.drug, "admin") for one in (toxin,) if one.drug),
        evidence={"drug": toxin.code, "other_drug": explained},
    )


def _beside(ctx: Context, injection: ServiceLine, toxins: list[Given], services: list[Service]) -> Hit:
    own = [one for one in services if one.own]
    shown = (own or services)[0].line
    rests: list[Fact] = []
    for code in {one.line.code for one in services}:
        row = pair(ctx, code, injection)
        if row is not None:
            rests.append(fact(row))
    marked = opened(ctx, injection, [one.line for one in services])
    says = (
        f"line {injection.number}: 96372 beside {shown.code}, which gives {toxins[0].code}, has no drug: "
        "remove it, or bill the drug that it gave"
    )
    lines = (injection, *(one.line for one in own))
    severity = None if own and rests and not marked else Severity.ADVISE
    evidence = {"drug": toxins[0].code, "procedures": sorted({one.line.code for one in services})}
    return Hit(injection.sv1.spot(1, 2), says, lines, severity, Outcome.FAIL, tuple(rests), evidence)
