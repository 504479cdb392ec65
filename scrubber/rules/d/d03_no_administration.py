"""INJ-D03: a drug that is injected, and nothing that gave it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import on_claim, rows
from scrubber.rules.given import administrations, procedures

_INJECTED: Final = frozenset({"96372", "96401", "96402", "G0012", "rsv-admin"})
# Surgery (a drug may belong to the procedure) and weekly bundles of opioid treatment programs.
_OTHER: Final = re.compile(r"[1-6][0-9]{4}|G20(?:6[7-9]|7[0-9]|80)", re.ASCII)
_FACILITIES: Final = frozenset({"19", "21", "22", "23", "24", "31", "51", "52", "61", "65"})
_CENT: Final = Decimal("0.01")


@rule(
    code="INJ-D03",
    name="drug-without-administration",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "CMS A53020, self-administered drugs (100-02 ch. 15 s. 50.2)",
            "a drug is covered when it is given incident to a service, not when the patient injects it",
            "https://cms.gov/medicare-coverage-database/details/article-details.aspx?articleId=53020",
        ),
    ),
    expected=Expected(),
    when=on_claim(*rows("drugs", "admin", *_INJECTED)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A drug for injection stands on the claim without any service of that day that could have given it.

    Why: Either the charge for the injection was missed, or the drug was handed
    over for the patient to inject, which Part B does not pay. Only the record
    tells, so no line is ever added here.

    Bad:
        SV1*HC:99213*90*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:99213:25*90*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    told = set()
    for line in claim.lines:
        day = line.first_day
        if day is None or day in told or not _counts(line):
            continue
        row = ctx.find("drugs", line.code, line)
        if row is not None and row["admin"] in _INJECTED:
            told.add(day)
            if not _given(ctx, line):
                drugs = [
                    one
                    for one in claim.lines
                    if one.first_day == day and _counts(one) and _injected(ctx, one)
                ]
                says = (
                    f"line {line.number}: {line.code} and nothing that gave it on {day}: "
                    "bill the administration if the record shows one, else see who injects"
                )
                yield Hit(
                    line.sv1.spot(1), says, tuple(drugs), evidence={"drugs": [one.code for one in drugs]}
                )


def _counts(line: ServiceLine) -> bool:
    bought = line.charge is None or line.charge > _CENT  # a free drug: INJ-D02
    return bought and "JW" not in line.modifiers and line.place_of_service not in _FACILITIES


def _injected(ctx: Context, line: ServiceLine) -> bool:
    row = ctx.find("drugs", line.code, line)
    return row is not None and row["admin"] in _INJECTED


def _given(ctx: Context, line: ServiceLine) -> bool:
    """Whether a service of the day could have given the drug, or no table can tell."""
    if administrations(ctx, line, "") or ctx.gaps:
        return True
    if any(_OTHER.fullmatch(service.line.code) for service in ctx.patient_day(line)):
        return True
    return bool(procedures(ctx, line))
