"""INJ-X05: modifiers of coverage notices that contradict each other, or that answer a coding edit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import INJECTION, Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.common import counted
from scrubber.rules.gates import INJECTED
from scrubber.rules.pairs import opened, pairs

ON_FILE: Final = "GA"
# No two can hold at once: a required notice, none, a voluntary one, excluded by law.
CONFLICTS: Final = (("GA", "GZ"), ("GA", "GY"), ("GA", "GX"), ("GX", "GZ"), ("GY", "GZ"))
# The catalogue of conflicts and the manual of CMS differ: a voluntary notice may go with an exclusion.
UNSURE: Final = ("GX", "GY")


@rule(
    code="INJ-X05",
    name="notice-modifiers",
    severity=Severity.DENY,
    cites=(
        cite(
            "CMS CR 6563, GA and GX",
            "GX is refused beside GA and GZ; GA: a required notice is on file",
            "https://www.cms.gov/regulations-and-guidance/guidance/transmittals",
            checked_on=None,
        ),
        cite(
            "NCCI Policy Manual",
            "ch. I s. V: pairs and units are coding denials, no notice moves them to the patient",
            "https://www.cms.gov/national-correct-coding-initiative-ncci/ncci-medicare",
            checked_on=None,
        ),
    ),
    expected=Expected(status=("A7:453",), carc=("4", "97"), rarc=("N519", "M15")),
    when=INJECTED.beside("GA", "GX", "GY", "GZ"),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """GA, GX, GY and GZ that exclude one another on 96372, or GA where a coding edit denies.

    Why: GA says that the patient signed a required notice, GZ that none was given, GY that the law
    excludes the service: no two of these hold at once. A pair or unit edit is a coding denial: a notice does
    not make the patient pay, so GA beside an unanswered pair or too many units is of no use.

    Bad:
        SBR*P*18*******MB
        SV1*HC:96372:GA:GZ*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SBR*P*18*******MB
        SV1*HC:96372:GA*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    for injection in ctx.injections:
        if not injection.modifiers:
            continue
        marks = set(injection.modifiers)
        clash = next((two for two in CONFLICTS if marks.issuperset(two)), None)
        if clash:
            yield _hit(
                injection, clash[1], f"{clash[0]} and {clash[1]} cannot both hold: keep the true one", None
            )
        elif marks.issuperset(UNSURE):
            says = "GX with GY: the line denies to the patient; see that the notice was voluntary"
            yield _hit(injection, "GX", says, Severity.ADVISE)
        elif ON_FILE in marks:
            why = _coding_edit(ctx, injection)
            if why:
                says = f"GA moves no coding denial to the patient, and {why}: answer that first"
                yield _hit(injection, ON_FILE, says, Severity.ADVISE)


def _coding_edit(ctx: Context, injection: ServiceLine) -> str:
    """The edit that denies the injection whatever the notice says; empty when none does."""
    for one in pairs(ctx, injection):
        if one.denied and (one.closed or not opened(ctx, injection, [one.service.line])):
            return f"the pair with {one.code} is not answered"
    program = "medicaid" if ctx.payer_class == "medicaid" else "medicare"
    row = ctx.find("mue", (INJECTION, program), injection)
    if row is None:
        return ""
    found = [one.line.units or Decimal(0) for one in counted(ctx, injection) if one.line.code == INJECTION]
    total = sum(found, Decimal(0))
    return (
        f"{total.normalize():f} units are more than {row['units']} a day" if total > int(row["units"]) else ""
    )


def _hit(injection: ServiceLine, mark: str, says: str, severity: Severity | None) -> Hit:
    return Hit(
        injection.modifier_spot(injection.modifiers.index(mark)),
        f"line {injection.number}: {says}",
        (injection,),
        severity,
        evidence={"modifiers": list(injection.modifiers)},
    )
