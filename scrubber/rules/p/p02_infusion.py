"""INJ-P02: hydration, infusion, push or chemotherapy beside an injection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Outcome, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.given import given
from scrubber.rules.pairs import INFUSION, pairs
from scrubber.rules.verdict import EITHER_LINE, PTP, injection_denied, others_denied

NEEDS_NO_DRUG: Final = frozenset({"96360", "96361"})  # hydration
_ONE_DRUG: Final = "the modifier says another drug, but only one is billed: bill the other or drop 96372"


@rule(
    code="INJ-P02",
    name="infusion-with-injection",
    severity=Severity.DENY,
    cites=(PTP, EITHER_LINE),
    expected=Expected(status=(), carc=("97", "236", "4"), rarc=("M15", "N20", "N390")),
    when=INJECTED.beside(INFUSION),
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
    told: set[tuple[int, str]] = set()
    for injection in ctx.injections:
        found = pairs(ctx, injection, INFUSION)
        for hit in injection_denied(ctx, injection, found):
            one_drug = hit.outcome is Outcome.BYPASSED and _one_drug(ctx, injection)
            if one_drug and any(one.code not in NEEDS_NO_DRUG for one in found if one.denied):
                codes = ", ".join(hit.evidence["column1"])
                says = f"line {injection.number}: 96372 beside {codes}: {_ONE_DRUG}"
                yield hit._replace(says=says, outcome=Outcome.FAIL, severity=Severity.ADVISE)
            else:
                yield hit
        yield from others_denied(ctx, injection, found, told)


def _one_drug(ctx: Context, injection: ServiceLine) -> bool:
    return len({one.code for one in given(ctx, injection) if not one.vaccine}) == 1
