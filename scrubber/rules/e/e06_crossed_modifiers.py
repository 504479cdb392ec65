"""INJ-E06: a modifier of visits on the injection, or one of procedures on the visit."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.codes import is_visit
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.common import DISTINCT
from scrubber.rules.gates import INJECTED, MODIFIER

OF_VISITS: Final = ("24", "57")  # 25 is INJ-E05


@rule(
    code="INJ-E06",
    name="crossed-modifiers",
    severity=Severity.DENY,
    cites=(
        cite(
            "Horizon NJ Health, distinct procedural service",
            "59 and X{EPSU} are not for visits",
            "https://www.horizonnjhealth.com",
            checked_on=None,
        ),
        cite(
            "NCCI Policy Manual",
            "ch. I: 24, 25 and 57 belong to visit codes only",
            "https://www.cms.gov/national-correct-coding-initiative-ncci/ncci-medicare",
            checked_on=None,
        ),
    ),
    expected=Expected(status=("A7:453",), carc=("4",), rarc=("N519",)),
    when=INJECTED.beside(MODIFIER),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """24 or 57 stands on 96372, or 59 or X{EPSU} on a visit of the day.

    Why: 24 and 57 say what a visit was for, 59 and the X modifiers that a procedure was apart. On
    the other kind of line each is an invalid pair of code and modifier. Which one was meant (25
    on the visit, 59 on the injection) is for the coder.

    Bad:
        SV1*HC:99213:59*100*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:99213:25*100*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    if not ctx.injections:
        return
    days = {injection.first_day for injection in ctx.injections}
    for line in claim.lines:
        if not line.modifiers:
            continue
        if line in ctx.injections:
            yield from _hits(line, OF_VISITS, "belongs to visits: remove it, or put it on the visit")
        elif line.first_day in days and is_visit(line.code):
            why = "does not go on a visit: 25 tells a separate visit, if the note shows one"
            yield from _hits(line, DISTINCT, why)


def _hits(line: ServiceLine, wrong: Container[str], why: str) -> Iterator[Hit]:
    for index, modifier in enumerate(line.modifiers):
        if modifier in wrong:
            yield Hit(
                line.modifier_spot(index),
                f"line {line.number}: {modifier} on {line.code} {why}",
                (line,),
                evidence={"modifier": modifier, "code": line.code},
            )
