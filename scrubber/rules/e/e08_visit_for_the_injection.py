"""INJ-E08: a visit with 25 whose only reason on the claim is that of the injection."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from loops import Claim, ServiceLine
from scrubber.codes import is_drug
from scrubber.context import INJECTION, Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.given import diagnoses

SEPARATE: Final = "25"
VISITS: Final = frozenset({"99213", "99214", "99215"})


@rule(
    code="INJ-E08",
    name="visit-for-the-injection",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "NCCI Policy Manual",
            "ch. I s. D: the visit must go beyond the work that belongs to the procedure",
            "https://www.cms.gov/national-correct-coding-initiative-ncci/ncci-medicare",
            checked_on=None,
        ),
    ),
    expected=Expected(),
    when=INJECTED.beside(*VISITS),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """An established visit above 99212 with 25, alone with an injection and its single diagnosis.

    Why: another diagnosis is not needed for 25, but a claim whose visit and injection share their one
    diagnosis, and on which nothing else was done, is what audits of 25 pick, above all when it
    comes back each month. The note must show work of its own; nothing is wrong by itself.

    Bad:
        HI*ABK:D510
        SV1*HC:99214:25*130*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        HI*ABK:I10*ABF:D510
        SV1*HC:99214:25*130*UN*1***1:2
        SV1*HC:96372*30*UN*1***2
        SV1*HC:J3420*5*UN*1***2
    """
    visit = _lone_visit(claim) if ctx.injections else None
    if visit is None or SEPARATE not in visit.modifiers or not _one_reason(claim, visit, ctx):
        return
    again = _earlier_days(ctx, visit)
    often = f", and on {len(again)} earlier days" if again else ""
    yield Hit(
        visit.sv1.spot(1),
        f"line {visit.number}: {visit.code} with 25 has no diagnosis but that of the injection{often}: see "
        "that the note shows a visit beyond it, such claims are audited",
        (visit, *ctx.injections),
        evidence={
            "visit": visit.code,
            "dx": diagnoses(claim, [visit]),
            "days": [day.isoformat() for day in again],
        },
    )


def _lone_visit(claim: Claim) -> ServiceLine | None:
    """The visit, when the claim holds one visit, injections and drugs of one day, and nothing else."""
    visits = [line for line in claim.lines if line.code in VISITS]
    if len(visits) != 1:
        return None
    for line in claim.lines:
        known = line is visits[0] or line.code == INJECTION or is_drug(line.code)
        if not known or line.first_day != visits[0].first_day:
            return None
    return visits[0]


def _one_reason(claim: Claim, visit: ServiceLine, ctx: Context) -> bool:
    reasons = {*diagnoses(claim, [visit])}
    return len(reasons) == 1 and all(reasons == {*diagnoses(claim, [one])} for one in ctx.injections)


def _earlier_days(ctx: Context, visit: ServiceLine) -> list[date]:
    """The earlier days on which the patient had this visit and an injection."""
    injected = {past.day for past in ctx.history(ctx.injections[0])}
    return sorted({past.day for past in ctx.history(visit)} & injected)
