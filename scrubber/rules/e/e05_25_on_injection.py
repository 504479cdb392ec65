"""INJ-E05: modifier 25 on the injection; it belongs to a visit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.codes import is_visit
from scrubber.context import Context
from scrubber.finding import Expected, Fix, Safety, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.edits import with_modifier, without_modifier
from scrubber.rules.gates import INJECTED

SEPARATE_VISIT: Final = "25"
NURSE_VISIT: Final = "99211"  # INJ-E01: 25 does not open it, so it is not moved there
PLACES: Final = 4  # SV101-3 to SV101-6


@rule(
    code="INJ-E05",
    name="25-on-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "NCCI Policy Manual",
            "ch. I: modifier 25 belongs to visit codes only",
            "https://www.cms.gov/national-correct-coding-initiative-ncci/ncci-medicare",
            checked_on=None,
        ),
    ),
    expected=Expected(status=("A7:453",), carc=("4",), rarc=("N519",)),
    when=INJECTED.beside(SEPARATE_VISIT),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Modifier 25 stands on 96372; it is a modifier of visits.

    Why: 25 says that a visit was significant and separate from the procedure of
    the day, so it goes on the visit. On an injection it is an invalid pair of
    code and modifier. Where the claim has exactly one visit that day and that
    visit lacks it, the biller put it on the wrong line: a person may move it.

    Bad:
        SV1*HC:99213*100*UN*1***1
        SV1*HC:96372:25*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:99213:25*100*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    for injection in ctx.injections:
        if SEPARATE_VISIT not in injection.modifiers:
            continue
        visits = _visits(claim, injection)
        index = injection.modifiers.index(SEPARATE_VISIT)
        fix = _fix(injection, index, visits)
        yield Hit(
            injection.modifier_spot(index),
            f"line {injection.number}: 25 is no modifier for 96372: {_cure(visits)}",
            (injection, *visits),
            evidence={
                "modifiers": list(injection.modifiers),
                "visits": [
                    f"{line.code}{':25' if SEPARATE_VISIT in line.modifiers else ''}" for line in visits
                ],
            },
            fix=fix,
        )


def _visits(claim: Claim, injection: ServiceLine) -> list[ServiceLine]:
    """The visits of this claim on the day of the injection that may carry 25."""
    return [
        line
        for line in claim.lines
        if line.first_day == injection.first_day and line.code != NURSE_VISIT and is_visit(line.code)
    ]


def _cure(visits: list[ServiceLine]) -> str:
    without = [line for line in visits if SEPARATE_VISIT not in line.modifiers]
    if not visits:
        return "remove it"
    if not without:
        return "remove it, the visit has its own"
    if len(visits) == 1:
        visit = without[0]
        return f"move it to {visit.code} in line {visit.number}, if the note shows a separate visit"
    return "the claim has several visits: put it on the one that the note shows to be separate"


def _fix(injection: ServiceLine, index: int, visits: list[ServiceLine]) -> Fix | None:
    # Moving repeats what the biller asserted, on the line where it means something; it asserts nothing new.
    without = [line for line in visits if SEPARATE_VISIT not in line.modifiers]
    removal = without_modifier(injection, index)
    if not without:
        return Fix(Safety.SUGGESTED, "remove 25 from 96372", (removal,))
    visit = without[0]
    if len(visits) > 1 or len(visit.modifiers) >= PLACES:
        return None
    edits = sorted((removal, with_modifier(visit, SEPARATE_VISIT)), key=lambda edit: edit.start)
    return Fix(Safety.SUGGESTED, f"move 25 from 96372 to {visit.code}", tuple(edits))
