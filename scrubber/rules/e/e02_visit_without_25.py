"""INJ-E02: an office visit beside an injection lacks modifier 25."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim
from scrubber.context import Context, Service
from scrubber.finding import Expected, Outcome, Severity
from scrubber.rule import Hit, cite, fact, rule

NURSE_VISIT: Final = "99211"  # INJ-E01: no modifier opens that pair


@rule(
    code="INJ-E02",
    name="visit-without-25",
    severity=Severity.DENY,
    cites=(
        cite(
            "NCCI Policy Manual",
            "ch. I s. D: a visit beside an XXX procedure needs work of its own, told by modifier 25",
            "https://www.cms.gov/national-correct-coding-initiative-ncci/ncci-medicare",
        ),
    ),
    expected=Expected(status=("A7:453",), carc=("97", "236", "4"), rarc=("N20",)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The visit is column 2 of 96372: without modifier 25 the visit is denied, not the injection.

    Why: NCCI pairs 96372 (column 1) with the office visit (column 2), indicator 1.
    Modifier 25 on the visit says that it was significant and separate; only
    the coder who reads the note can say so. It goes on the visit, never on 96372.

    Bad:
        SV1*HC:99213*100*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:99213:25*100*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    seen: set[tuple[int, str]] = set()
    for injection in ctx.injections:
        for visit in ctx.day(injection):
            key = (visit.claim.index, visit.line.number)
            row = ctx.find("em_codes", visit.line.code, injection)
            if row is None or row["ncci_column"] != "2" or key in seen or visit.line.code == NURSE_VISIT:
                continue
            seen.add(key)
            lines = (visit.line, injection) if visit.own else (injection,)
            evidence = {"visit": visit.line.code, "modifiers": list(visit.line.modifiers)}
            at = visit.line.sv1.spot(1) if visit.own else injection.sv1.spot(1)
            if "25" in visit.line.modifiers:
                says = (
                    f"the visit {visit.line.code} carries 25 beside 96372: the note must show work of its own"
                )
                yield Hit(at, says, lines, None, Outcome.BYPASSED, (fact(row),), evidence)
            else:
                yield Hit(at, _says(visit), lines, _severity(visit), rests_on=(fact(row),), evidence=evidence)


def _severity(visit: Service) -> Severity | None:
    return None if visit.own else Severity.ADVISE


def _says(visit: Service) -> str:
    code = visit.line.code
    if visit.own:
        return (
            f"line {visit.line.number}: {code} on the day of 96372 without modifier 25 will be denied: "
            "add 25 to the visit if the note shows a separate visit, else remove the visit"
        )
    return (
        f"{code} without modifier 25 stands on another claim of the day ({visit.claim.id}): "
        "add 25 to that visit if the note shows a separate visit"
    )
