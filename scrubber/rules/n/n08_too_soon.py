"""INJ-N08: a dose comes sooner after the last one than the drug is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from loops import Claim, ServiceLine
from scrubber.context import Context, Past
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.gates import on_claim, rows
from scrubber.tables import Row


@rule(
    code="INJ-N08",
    name="dose-too-soon",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "Social Security Act, s. 1862(a)(1)(A)",
            "nothing is paid that is not reasonable and necessary for an illness or injury",
            "https://www.ssa.gov/OP_Home/ssact/title18/1862.htm",
            checked_on=None,
        ),
    ),
    expected=Expected(carc=("119", "151"), rarc=("N640",)),
    when=on_claim(*rows("drug_limits", "limit", "interval")),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The patient had the same drug a shorter time ago than its interval (J1050 11 weeks, J2315 26 days ...).

    Why: payers count the days between two doses of a depot drug and deny what comes early. Seen are
    the claims of this batch. J0897 is two drugs, told apart by units: 60 every six months, 120
    every four weeks. Drugs that start with doses close together are told once the start must be over.

    Bad:
        SV1*HC:J1050*90*UN*150***1
        DTP*472*D8*20260105
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1050*90*UN*150***1
        DTP*472*D8*20260302

    Good:
        SV1*HC:J1050*90*UN*150***1
        DTP*472*D8*20251201
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1050*90*UN*150***1
        DTP*472*D8*20260302
    """
    told: set[tuple[str, date | None]] = set()
    for line in ctx.drugs:
        day = line.first_day
        if day is None or (line.code, day) in told:
            continue
        row = _interval(ctx, line)
        if row is None:
            continue
        told.add((line.code, day))
        earlier = _doses(ctx, line, row)
        if earlier and (day - earlier[0]).days < int(row["value"]) and len(earlier) > _loading(row):
            yield _hit(line, row, earlier[0], (day - earlier[0]).days)


def _interval(ctx: Context, line: ServiceLine) -> Row | None:
    return ctx.find("drug_limits", (line.code, "interval", _units(line.units)), line) or ctx.find(
        "drug_limits", (line.code, "interval", "any"), line
    )


def _units(units: Decimal | None) -> str:
    return "any" if units is None else f"{units.normalize():f}"


def _doses(ctx: Context, line: ServiceLine, row: Row) -> Sequence[date]:
    """The days of earlier doses of the product that the row means, the last first."""
    wanted = row["units"]
    past: dict[date, Past] = {}
    for one in ctx.history(line):
        if wanted in ("any", _units(one.units)):
            past.setdefault(one.day, one)
    return list(past)


def _loading(row: Row) -> int:
    return int(row["loading"] or 0)


def _hit(line: ServiceLine, row: Row, last: date, days: int) -> Hit:
    evidence = {"last": last.isoformat(), "days": days, "interval": int(row["value"])}
    says = (
        f"line {line.number}: {line.code} {days} days after the last one ({last}), its interval is "
        f"{row['value']} or more: check the dates, or have the reason for the early dose on record"
    )
    return Hit(line.sv1.spot(1, 2), says, (line,), rests_on=(fact(row),), evidence=evidence)
