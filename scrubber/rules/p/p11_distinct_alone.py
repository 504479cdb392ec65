"""INJ-P11: 59 on an injection that stands alone."""

from __future__ import annotations

from collections.abc import Iterator

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.common import DISTINCT
from scrubber.rules.gates import INJECTED
from scrubber.rules.needless import marked, unasked
from scrubber.rules.pairs import VISIT, family
from scrubber.rules.verdict import PTP


@rule(
    code="INJ-P11",
    name="distinct-alone",
    severity=Severity.ADVISE,
    cites=(PTP,),
    expected=Expected(),
    when=INJECTED.beside(*DISTINCT),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """59 or X{EPSU} on the only or first 96372 of the day, with nothing that it could be distinct from.

    Why: 59 says that a service was apart from another of the day. With no other procedure there is
    none; beside a visit it is 25 on the visit that answers the edit. Of two injections the
    second is the one to mark.

    Bad:
        SV1*HC:96372:59*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:96372:59*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
        SV1*HC:J1885*5*UN*2***1
    """
    for injection, services in marked(ctx):
        if any(family(one.line.code) != VISIT for one in services) or not unasked(ctx, injection):
            continue  # INJ-P08, INJ-P12, or an edit asks for it
        modifier = next(one for one in injection.modifiers if one in DISTINCT)
        why = "a visit is no reason for it" if services else "nothing else was done that day"
        yield Hit(
            injection.modifier_spot(injection.modifiers.index(modifier)),
            f"line {injection.number}: {modifier} on 96372 answers no edit ({why}): remove it",
            (injection,),
            evidence={"modifier": modifier, "beside": sorted({one.line.code for one in services})},
        )
