"""INJ-D10: a drug code that did not exist on the day, or exists no more."""

from __future__ import annotations

from collections.abc import Iterator

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Fact, Hit, cite, fact, rule
from scrubber.rules.gates import DRUG, on_claim
from scrubber.tables import Row


@rule(
    code="INJ-D10",
    name="drug-code-valid-on-day",
    severity=Severity.REJECT,
    cites=(
        cite(
            "CMS, HCPCS Level II quarterly update",
            "dates of codes, July 2024 and later lists",
            "https://www.cms.gov/medicare/coding-billing/healthcare-common-procedure-system/quarterly-update",
            checked_on=None,
        ),
    ),
    expected=Expected(status=("A7:507",), carc=("181", "16"), rarc=("M51", "N56")),
    when=on_claim(DRUG),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A drug code must be valid on the date of service; its successor often counts in other units.

    Why: Codes change every quarter. J1030 (40 mg) ended on 2024-03-31 and J1010
    (1 mg) took its place: one unit became forty. So the successor is named, with
    what one old unit is in it, and the coder computes the units from the dose. No fix is
    offered, not even where the units are equal: software writes no drug code.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1030*18*UN*1***1
        DTP*472*D8*20240401

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1010*18*UN*40***1
        DTP*472*D8*20240401
    """
    for line in ctx.drugs:
        if line.first_day:
            retired = ctx.find("retired_codes", line.code, line)
            if retired is not None:
                yield _ended(line, retired)
            elif ctx.find("drugs", line.code, line) is None:
                yield from _not_begun(ctx, line)


def _ended(line: ServiceLine, row: Row) -> Hit:
    last = f"ended on {row['last_valid']}" if row["last_valid"] else "is no longer in the lists of CMS"
    says = f"line {line.number}: {line.code} on {line.first_day}, but it {last}: {_cure(line, row)}"
    evidence = {"replacement": row["replacement"], "ratio": row["ratio"]}
    at = line.sv1.spot(1, 2)
    return Hit(at, says, (line,), rests_on=(fact(row),), evidence=evidence)


def _cure(line: ServiceLine, row: Row) -> str:
    new, ratio = row["replacement"], row["ratio"]
    if not new:
        return "find the code of the drug for that day"
    if " " in new:
        return f"one of {new} took its place, by product"
    counted = f", {ratio} {'unit' if ratio == '1' else 'units'} for one of {line.code}" if ratio else ""
    return f"{new} took its place{counted}: compute the units from the dose"


def _not_begun(ctx: Context, line: ServiceLine) -> Iterator[Hit]:
    rows = ctx.table("drugs").rows(line.code)
    day = line.first_day
    if rows and day and all(row.from_ > day for row in rows):
        row = rows[0]
        says = (
            f"line {line.number}: {line.code} on {day}, but it began on {row.from_}: "
            "bill the code of that day, or mend the date"
        )
        rests = (Fact(row, row["date_confidence"]),)
        yield Hit(line.sv1.spot(1, 2), says, (line,), rests_on=rests, evidence={"began": str(row.from_)})
