"""INJ-P12: the monthly bundle of office treatment for opioid use, taken for a reason for 59."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.common import DISTINCT
from scrubber.rules.gates import INJECTED
from scrubber.rules.needless import marked, unasked
from scrubber.rules.verdict import PTP

BUNDLES: Final = frozenset({"G2086", "G2087", "G2088"})


@rule(
    code="INJ-P12",
    name="opioid-bundle-with-injection",
    severity=Severity.ADVISE,
    cites=(PTP,),
    expected=Expected(),
    when=INJECTED.beside(*BUNDLES),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """96372 beside G2086 to G2088 is paid as it is: 59 answers no edit there.

    Why: the monthly bundles of office treatment for opioid use pay for counselling and
    management of the case, not for a drug or its injection, and NCCI has no pair between them and
    96372. A needless 59 claims something that nobody asked, and draws reviews.

    Bad:
        SV1*HC:G2087*300*UN*1***1
        SV1*HC:96372:59*30*UN*1***1
        SV1*HC:Q9991*1500*UN*1***1

    Good:
        SV1*HC:G2087*300*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:Q9991*1500*UN*1***1
    """
    for injection, others in marked(ctx):
        bundles = [one for one in others if one.line.code in BUNDLES]
        if not bundles or len(bundles) < len(others) or not unasked(ctx, injection):
            continue
        modifier = next(one for one in injection.modifiers if one in DISTINCT)
        code = bundles[0].line.code
        yield Hit(
            injection.modifier_spot(injection.modifiers.index(modifier)),
            f"line {injection.number}: {modifier} on 96372 answers no edit: {code} pays counselling, not the "
            "injection, and both are paid: remove it",
            (injection, *(one.line for one in bundles if one.own)),
            evidence={"modifier": modifier, "beside": code},
        )
