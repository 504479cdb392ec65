"""INJ-P04: a procedure of the surgical section beside an injection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Outcome, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.given import given
from scrubber.rules.pairs import SURGERY, Pair, opened, pairs
from scrubber.rules.procedure import KINDS, given_otherwise, injecting, kind_of, none_is_left
from scrubber.rules.verdict import EITHER_LINE, PTP, injection_denied, others_denied

# Ketorolac, and opioids: what is injected for the pain of the operation.
FOR_PAIN: Final = frozenset({"J1885", "J1170", "J1171", "J2175", "J2270", "J2272", "J2300", "J3010"})

# Paring, nails, ear wax, a catheter: no operation whose pain one would inject for.
PAINLESS: Final = frozenset({"11055", "11056", "11057", "11719", "11720", "11721", "69209", "69210", "51701"})


@rule(
    code="INJ-P04",
    name="procedure-with-injection",
    severity=Severity.DENY,
    cites=(
        PTP,
        EITHER_LINE,
        cite(
            "NCCI Policy Manual",
            "ch. I s. C: drugs and fluids given in the course of a procedure are part of it",
            "https://www.cms.gov/national-correct-coding-initiative-ncci/ncci-medicare",
            checked_on=None,
        ),
    ),
    expected=Expected(status=(), carc=("97", "236", "4"), rarc=("M15", "N390", "M144")),
    when=INJECTED.beside(SURGERY),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """96372 is column 2 of some 5,400 procedures: it needs 59 or X{EPSU}.

    Why: what is injected in the course of a procedure is part of it. NCCI makes 96372 column 2 of nearly
    all codes from 10004 to 69990, indicator 1; 59, XE, XS, XP or XU on 96372 says that it was apart.
    A side on the procedure (RT, LT) says nothing of the injection. A shot for the pain
    of one's own operation is part of it, modifier or not. Joint, nerve and lesion injections
    that took the only drug are INJ-B12.

    Bad:
        SV1*HC:11042*150*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J0696*5*UN*2***1

    Good:
        SV1*HC:11042*150*UN*1***1
        SV1*HC:96372:59*30*UN*1***1
        SV1*HC:J0696*5*UN*2***1
    """
    told: set[tuple[int, str]] = set()
    for injection in ctx.injections:
        found = pairs(ctx, injection, SURGERY)
        if not found:
            continue
        untold = [one for one in found if not _told(ctx, injection, one)]
        for hit in injection_denied(ctx, injection, untold):
            if hit.outcome is Outcome.BYPASSED and _for_pain(ctx, injection, untold):
                codes = ", ".join(hit.evidence["column1"])
                says = (
                    f"line {injection.number}: 96372 beside {codes}: a shot for the pain of one's own "
                    "operation is part of it, with or without a modifier: remove 96372 unless it was for more"
                )
                yield hit._replace(says=says, outcome=Outcome.FAIL, severity=Severity.ADVISE)
            else:
                yield hit
        yield from others_denied(ctx, injection, untold, told)


def _told(ctx: Context, injection: ServiceLine, pair: Pair) -> bool:
    """Whether the rules of joint, nerve, toxin and the like tell this pair, which no modifier answers."""
    row = kind_of(ctx, pair.service, injection) if pair.denied and not pair.closed else None
    if row is None or opened(ctx, injection, [pair.service.line]):
        return False
    if given_otherwise(ctx, injection):
        return True
    procedures = injecting(ctx, injection)
    own = [one for one in procedures if one.own] or procedures
    return row["kind"] in KINDS and none_is_left(ctx, injection, own)


def _for_pain(ctx: Context, injection: ServiceLine, found: Sequence[Pair]) -> bool:
    """Whether the only drugs are for pain, and one of the procedures may have caused it."""
    if not any(_hurts(ctx, injection, one) for one in found if one.denied):
        return False
    codes = {one.code for one in given(ctx, injection) if one.injected}
    return bool(codes) and codes <= FOR_PAIN


def _hurts(ctx: Context, injection: ServiceLine, pair: Pair) -> bool:
    return pair.code not in PAINLESS and kind_of(ctx, pair.service, injection) is None
