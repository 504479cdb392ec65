"""INJ-M04: as many injections as drugs."""

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
from scrubber.rules.given import Given, administrations, given, procedures

# Needles that the label asks for, or allows, in one dose: two syringes, or several sites.
_NEEDLES: Final = {
    "J0741": 2,
    "J0561": 2,
    "J9395": 2,
    "90375": 4,
    "90376": 4,
    "90377": 4,
    "J1460": 3,
    "J1560": 4,
}
_BY_96372: Final = frozenset({"96372", "any", "varies"})


@rule(
    code="INJ-M04",
    name="injections-and-drugs",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "Blue Cross Blue Shield of Alabama, provider manual: injectable drugs",
            "drugs mixed in one syringe are one injection",
            "https://www.bcbsal.org/providers/manuals/providerManual/injectableDrugs.cfm",
        ),
        cite(
            "Texas Medicaid, CSHCN manual 24.3.16",
            "one injection a day unless the drugs must not be mixed",
            "http://www.tmhp.com/Manuals/CSHCN%20Provider/Output/08CSHCN%2025%20044.html",
        ),
        cite(
            "AAPC, Oncology & Hematology Coding Alert",
            "a dose split over two syringes: sources disagree",
            "https://www.aapc.com/codes/coding-newsletters/my-oncology-hematology-coding-alert/reader-question-divided-dose-may-need-payer-guidance-136708-article",
        ),
    ),
    expected=Expected(carc=("151", "B15"), rarc=("N362",)),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The units of 96372 of a day and the drugs injected that day should be the same number.

    Why: More injections than drugs: a dose in two syringes, or one too many.
    Fewer: two drugs in one syringe, or a charge that was missed. Both happen, so
    it only advises, and never raises the units. Where other needles or lines into
    a vein were billed, nobody can tell from the claim, and nothing is said.

    Bad:
        SV1*HC:96372*60*UN*2***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:96372*60*UN*2***1
        SV1*HC:J3420*5*UN*1***1
        SV1*HC:J1885*5*UN*2***1
    """
    told = set()
    for line in ctx.injections:
        if line.first_day is None or line.first_day in told:
            continue
        told.add(line.first_day)
        services = counted(ctx, line)
        day = [one for one in services if one.line.code == INJECTION]
        last = claim.index == max([one.claim.index for one in day])
        units = [one.line.units for one in day]
        if last and all(units) and not _other_needles(ctx, line):
            count = sum([one or Decimal(0) for one in units], Decimal(0))
            drugs = [one for one in given(ctx, line) if one.service in services]
            yield from _compare(line, count, _needles(drugs))


def _other_needles(ctx: Context, line: ServiceLine) -> bool:
    """Whether something else than 96372 may have given a drug on that day."""
    others = any(one.line.code != INJECTION for one in administrations(ctx, line, ""))
    return others or bool(procedures(ctx, line))


def _needles(drugs: list[Given]) -> dict[str, int] | None:
    """How many needles each drug given by 96372 may take; None when a drug may have gone elsewhere."""
    found = {}
    for one in drugs:
        if one.injected and "JW" not in one.service.line.modifiers:
            if one.drug is None or one.admin not in _BY_96372:
                return None
            found[one.code] = _NEEDLES.get(one.code, 1)
    return found


def _compare(line: ServiceLine, count: Decimal, needles: dict[str, int] | None) -> Iterator[Hit]:
    if not needles or len(needles) <= count <= sum(needles.values()):
        return
    drugs = f"{len(needles)} {'drug' if len(needles) == 1 else 'drugs'} ({', '.join(sorted(needles))})"
    cure = (
        "more than one needle for a drug must stand in the record"
        if count > len(needles)
        else "see whether drugs were mixed in one syringe, or an injection was not billed"
    )
    times = "injection" if count == 1 else "injections"
    says = f"line {line.number}: {count:f} {times} for {drugs}: {cure}"
    evidence = {"injections": str(count), "drugs": sorted(needles)}
    yield Hit(line.sv1.spot(4), says, (line,), evidence=evidence)
