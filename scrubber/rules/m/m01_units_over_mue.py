"""INJ-M01: more injections on a day than the medically unlikely edit allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from loops import Claim, ServiceLine
from scrubber.context import INJECTION, Context, Service
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.common import counted, rendering_npi
from scrubber.rules.gates import INJECTED
from scrubber.tables import Row


@rule(
    code="INJ-M01",
    name="injections-over-mue",
    severity=Severity.DENY,
    cites=(
        cite(
            "First Coast, Medically Unlikely Edits",
            "MAI 3: units of all lines of the day are added; a modifier does not split them",
            "https://medicare.fcso.com/coding/medically-unlikely-edits-avoid-denials-and-appeals-properly-coding-first",
        ),
    ),
    expected=Expected(carc=("151", "222"), rarc=("N362",)),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The units of 96372 of one patient, day and provider together exceed the MUE: all its lines deny.

    Why: The MUE of 96372 is 4 with indicator 3: a limit of the day, added over
    all lines, whatever their modifiers. More can be right, and is then won on
    appeal with the record; most often a dose stands where the injections belong.

    Bad:
        SV1*HC:96372*150*UN*5***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:96372*120*UN*4***1
        SV1*HC:J3420*5*UN*1***1
    """
    told = set()
    for line in ctx.injections:
        who = (line.first_day, rendering_npi(claim, line))
        if who in told or line.units is None:
            continue
        told.add(who)
        row = ctx.find("mue", (INJECTION, "medicaid" if ctx.payer_class == "medicaid" else "medicare"), line)
        if row is not None:
            yield from _judge(claim, _injections(ctx, line, who[1]), row)


def _injections(ctx: Context, line: ServiceLine, npi: str) -> list[Service]:
    return [
        one
        for one in counted(ctx, line)
        if one.line.code == INJECTION and rendering_npi(one.claim, one.line) == npi
    ]


def _judge(claim: Claim, injections: list[Service], row: Row) -> Iterator[Hit]:
    limit = Decimal(row["units"])
    own = tuple([one.line for one in injections if one.own])
    mine = _units(own)
    all_ = _units([one.line for one in injections]) if len(injections) > len(own) else mine
    if all_ <= limit:
        return
    evidence = {"units": str(all_), "mue": row["units"]}
    charges = sum((line.charge or Decimal(0) for line in own), Decimal(0))
    at = own[0].sv1.spot(4)
    if mine > limit:
        says = (
            f"line {own[0].number}: {mine:f} units of 96372 on one day, the limit (MUE) is {limit}: "
            "bill the injections given, not the dose"
        )
        yield Hit(at, says, own, rests_on=(fact(row),), evidence=evidence, dollars=charges)
    elif all_ > limit and claim.index == max(one.claim.index for one in injections):
        says = (
            f"line {own[0].number}: {all_:f} units of 96372 on one day over several claims of the batch, "
            f"the limit (MUE) is {limit}: see that no injection is billed twice"
        )
        yield Hit(at, says, own, Severity.ADVISE, evidence=evidence, dollars=charges)


def _units(lines: Sequence[ServiceLine]) -> Decimal:
    return sum([line.units for line in lines if line.units], Decimal(0))
