"""INJ-P02: hydration, infusion, push or chemotherapy beside an injection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import INJECTION, Context, Service
from scrubber.finding import Expected, Outcome, Severity
from scrubber.rule import Fact, Hit, cite, fact, rule
from scrubber.rules.given import given
from scrubber.rules.pairs import opened, pair

KINDS: Final = ("hydration", "infusion", "sc-infusion", "iv-push", "chemo")
NEEDS_NO_DRUG: Final = "hydration"


@rule(
    code="INJ-P02",
    name="infusion-with-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "Medicare NCCI procedure-to-procedure edits",
            "practitioner services: 96360, 96365, 96374, 96401, 96413 ... with 96372, indicator 1",
            "https://www.cms.gov/national-correct-coding-initiative-ncci/ncci-medicare/"
            "medicare-ncci-procedure-procedure-ptp-edits",
        ),
        cite(
            "CMS CR 11168 (told by AAPC)",
            "from 2019-07-01 modifier 59 or X{EPSU} counts on either line of a pair",
            "https://www.aapc.com/blog/45862-new-rules-issued-for-modifiers-59-xe-xs-xp-and-xu/",
        ),
    ),
    expected=Expected(status=(), carc=("97", "236", "4"), rarc=("M15", "N20", "N390")),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """96372 is column 2 of infusion, hydration, push and chemotherapy: it needs 59 or an X modifier.

    Why: what goes through the line of an infusion is part of it; 96372 is paid
    beside it only for another drug by another route, and 59, XE, XS, XP or XU on 96372 says
    so. Only the record can tell. The pairs are those of NCCI for Medicare; other payers
    that use NCCI take them over. 76 and 77 do not open a pair. Add-on codes (96366, 96375 ...)
    have no pair of their own.

    Bad:
        SV1*HC:96374*80*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2405*5*UN*4***1
        SV1*HC:J1885*5*UN*2***1

    Good:
        SV1*HC:96374*80*UN*1***1
        SV1*HC:96372:59*30*UN*1***1
        SV1*HC:J2405*5*UN*4***1
        SV1*HC:J1885*5*UN*2***1
    """
    for injection in ctx.injections:
        pairs = list(_pairs(ctx, injection))
        own = [one for one in pairs if one[0].own]
        if own or pairs:
            yield _judged(ctx, injection, own or pairs)


_Pair = tuple[Service, str, Fact]


def _pairs(ctx: Context, injection: ServiceLine) -> Iterator[_Pair]:
    """The services of the day that are column 1 of 96372, with their kind and the row of the pair."""
    for service in ctx.day(injection):
        code = service.line.code
        kind = ctx.find("admin_codes", code, injection)
        if kind is None or code == INJECTION or not kind["kind"].startswith(KINDS):
            continue
        row = pair(ctx, code, injection)
        if row is not None and row["indicator"] == "1":
            yield service, kind["kind"], fact(row)


def _judged(ctx: Context, injection: ServiceLine, pairs: Sequence[_Pair]) -> Hit:
    codes = sorted({service.line.code for service, _, _ in pairs})
    own = pairs[0][0].own
    evidence = {"column1": codes, "modifiers": list(injection.modifiers), "ncci_indicator": "1"}
    lines = (injection, *(service.line for service, _, _ in pairs if own))
    at = injection.sv1.spot(1)
    where = f"line {injection.number}: 96372 beside {', '.join(codes)}" + ("" if own else " of another claim")
    rests = tuple(row for _, _, row in pairs)
    if not opened(ctx, injection, [service.line for service, _, _ in pairs]):
        says = (
            f"{where} is denied without 59 or X{{EPSU}} on 96372: add it if the record shows "
            "another drug given apart, else remove 96372"
        )
        return Hit(at, says, lines, None if own else Severity.ADVISE, rests_on=rests, evidence=evidence)
    if _one_drug(ctx, injection) and not all(kind == NEEDS_NO_DRUG for _, kind, _ in pairs):
        says = (
            f"{where}: the modifier says another drug, but only one is billed: bill the other or drop 96372"
        )
        return Hit(at, says, lines, Severity.ADVISE, evidence=evidence)
    says = f"{where}: a modifier opens the pair; the record must show another drug given apart"
    return Hit(at, says, lines, None, Outcome.BYPASSED, rests, evidence)


def _one_drug(ctx: Context, injection: ServiceLine) -> bool:
    return len({one.code for one in given(ctx, injection) if not one.vaccine}) == 1
