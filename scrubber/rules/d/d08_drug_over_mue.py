"""INJ-D08: more units of a drug on a day than the medically unlikely edit allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from loops import Claim, ServiceLine
from scrubber.context import Context, Service
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.common import counted, rendering_npi, units
from scrubber.rules.gates import DRUG, on_claim
from scrubber.tables import Row


@rule(
    code="INJ-D08",
    name="drug-over-mue",
    severity=Severity.DENY,
    cites=(
        cite(
            "First Coast, Medically Unlikely Edits",
            "MAI 2 and 3: units of all lines of the day are added; MAI 1: each line for itself",
            "https://medicare.fcso.com/coding/medically-unlikely-edits-avoid-denials-and-appeals-properly-coding-first",
        ),
    ),
    expected=Expected(carc=("151", "222"), rarc=("N362",)),
    when=on_claim(DRUG),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The units of a drug on one day exceed its MUE: Medicare denies them all.

    Why: The limit of most drugs is the greatest labelled dose of a day, added
    over all lines. Above it stands most often a dose in milligrams where units
    belong, or a quantity typed twice. A dose that was truly given is won on appeal with the record.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1000***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    told = set()
    for line in ctx.drugs:
        if not line.units:
            continue
        what = (line.code, line.first_day, rendering_npi(claim, line))
        if what in told:
            continue
        told.add(what)
        row = ctx.find("mue", (line.code, "medicaid" if ctx.payer_class == "medicaid" else "medicare"), line)
        if row is not None and (row["units"] != "0" or ctx.medicare):  # 0: Medicare takes another code
            yield from _judge(claim, _same(ctx, line, what[2]), row)


def _same(ctx: Context, line: ServiceLine, npi: str) -> list[Service]:
    return [
        one
        for one in counted(ctx, line)
        if one.line.code == line.code and rendering_npi(one.claim, one.line) == npi
    ]


def _judge(claim: Claim, services: list[Service], row: Row) -> Iterator[Hit]:
    limit = Decimal(row["units"])
    own = tuple([one.line for one in services if one.own])
    if row["mai"] == "1":
        for line in own:
            if line.units and line.units > limit:
                yield _hit((line,), line.units, limit, row)
        return
    mine = _units(own)
    all_ = _units([one.line for one in services]) if len(services) > len(own) else mine
    if mine > limit:
        yield _hit(own, mine, limit, row)
    elif all_ > limit and claim.index == max(one.claim.index for one in services):
        code = own[0].code
        says = (
            f"line {own[0].number}: {units(all_)} of {code} on one day over several claims of the batch, "
            f"the limit (MUE) is {limit}: see that no dose is billed twice"
        )
        yield Hit(own[0].sv1.spot(4), says, own, Severity.ADVISE, evidence={"mue": row["units"]})


def _hit(lines: tuple[ServiceLine, ...], billed: Decimal, limit: Decimal, row: Row) -> Hit:
    line = lines[0]
    cure = (
        "compare with the dose given and what one unit of the code is" if limit else "it takes another code"
    )
    says = (
        f"line {line.number}: {units(billed)} of {line.code} on one day, the limit (MUE) is {limit}: {cure}"
    )
    charges = sum((one.charge or Decimal(0) for one in lines), Decimal(0))
    evidence = {"units": str(billed), "mue": row["units"], "mai": row["mai"]}
    return Hit(line.sv1.spot(4), says, lines, rests_on=(fact(row),), evidence=evidence, dollars=charges)


def _units(lines: Sequence[ServiceLine]) -> Decimal:
    return sum([line.units for line in lines if line.units], Decimal(0))
