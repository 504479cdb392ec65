"""INJ-E01: 99211 beside an injection; no modifier opens that pair."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context, Service
from scrubber.finding import Expected, Fix, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.edits import left_out
from scrubber.rules.gates import INJECTED
from scrubber.rules.pairs import VISIT, pairs, severity
from scrubber.rules.providers import renderer

NURSE_VISIT: Final = "99211"
ADD_ON: Final = "G2211"  # goes with the visit: which of the two is wrong only the record tells
SUPERVISING: Final = "DQ"


@rule(
    code="INJ-E01",
    name="nurse-visit-with-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "CMS, visits on the day of drug administration (2005-10-28, after CR 3631)",
            "99211 is not paid beside a drug injection or infusion, with or without 25",
            "https://hhs.gov/guidance/document/"
            "payment-office-or-other-outpatient-evaluation-and-management-em-visits-codes-99201-99215",
        ),
    ),
    expected=Expected(status=(), carc=("97", "236"), rarc=("M15", "N20", "M14")),
    when=INJECTED.beside(VISIT),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """99211 on the day of 96372 is never paid, with or without modifier 25.

    Why: NCCI pairs 96372 (column 1) with 99211 (column 2), indicator 0, and the
    Medicare manual says the same. Where no physician or practitioner
    supervised the injection, CPT has 99211 stand in place of 96372; Medicare
    then pays neither. Either way only one of the two lines can stay. Unless the claim
    hints at an injection without supervision (a nurse renders it, or the payer takes 99211
    for it), that is 96372, and a person may have the visit left out.

    Bad:
        SBR*P*18*******MB
        SV1*HC:99211:25*20*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SBR*P*18*******MB
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    seen: set[tuple[int, str]] = set()
    for injection in ctx.injections:
        for pair in pairs(ctx, injection, VISIT):
            visit = pair.service
            key = (visit.claim.index, visit.line.number)
            if pair.denied or not pair.closed or key in seen:
                continue
            seen.add(key)
            habit = ctx.habit("nurse_only", injection)
            unsupervised = habit is not None and habit.value == visit.line.code == NURSE_VISIT
            fix = None if unsupervised else _left_out(claim, ctx, visit, injection)
            yield Hit(
                (visit.line if visit.own else injection).sv1.spot(1),
                _says(visit, unsupervised=unsupervised),
                (visit.line, injection) if visit.own else (injection,),
                severity(ctx, own=visit.own, closed=True),
                rests_on=(fact(pair.row),),
                evidence={
                    "visit": visit.line.code,
                    "modifiers": list(visit.line.modifiers),
                    "ncci_indicator": "0",
                },
                fix=fix,
            )


def _left_out(claim: Claim, ctx: Context, visit: Service, injection: ServiceLine) -> Fix | None:
    """The visit left out of its own claim, where the injection is the one of the two that stays."""
    if not visit.own or visit.line.code != NURSE_VISIT or any(one.code == ADD_ON for one in claim.lines):
        return None
    who = renderer(claim, ctx, injection)
    if who is not None and who.scope["renders"] == "no" and not claim.provider(SUPERVISING, injection):
        return None
    return left_out(claim, visit.line, f"leave out {NURSE_VISIT} beside 96372")


def _says(visit: Service, *, unsupervised: bool) -> str:
    code = visit.line.code
    where = f"line {visit.line.number}: {code}" if visit.own else f"{code} on another claim of the day"
    cure = "bill 96372 alone"
    if unsupervised:
        cure += ", or 99211 alone if nobody supervised the injection (this payer takes it)"
    return f"{where} is not paid beside 96372, and no modifier opens it: {cure}"
