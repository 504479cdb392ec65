"""INJ-P08: 59 on an injection beside services that no edit pairs with it."""

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
from scrubber.rules.pairs import VISIT, family
from scrubber.rules.verdict import PTP

BUNDLES: Final = ("G2086", "G2087", "G2088")  # INJ-P12


@rule(
    code="INJ-P08",
    name="distinct-without-edit",
    severity=Severity.ADVISE,
    cites=(PTP,),
    expected=Expected(),
    when=INJECTED.beside(*DISTINCT),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """59 or X{EPSU} on 96372 beside laboratory, ECG, therapy or psychotherapy answers no edit.

    Why: NCCI pairs 96372 with no blood draw, laboratory test, ECG, nebuliser treatment, physical medicine
    or psychotherapy. 59 there opens nothing, and Medicare wants it used only where an edit
    asks for it.

    Bad:
        SV1*HC:96372:59*30*UN*1***1
        SV1*HC:36415*5*UN*1***1
        SV1*HC:93000*40*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:36415*5*UN*1***1
        SV1*HC:93000*40*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    for injection, services in marked(ctx):
        others = [one for one in services if family(one.line.code) != VISIT]
        codes = sorted({one.line.code for one in others})
        if not codes or set(codes) <= set(BUNDLES) or not unasked(ctx, injection):
            continue
        modifier = next(one for one in injection.modifiers if one in DISTINCT)
        yield Hit(
            injection.modifier_spot(injection.modifiers.index(modifier)),
            f"line {injection.number}: {modifier} on 96372 answers no edit, none pairs it with "
            f"{', '.join(codes[:4])}: remove it, unless this payer asks for it",
            (injection, *(one.line for one in others if one.own)),
            evidence={"modifier": modifier, "beside": codes},
        )
