"""INJ-A01: 96372 on a day before it existed, or the code that it replaced on a day after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import INJECTION, Context
from scrubber.finding import Expected, Fix, Safety, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.edits import with_code
from scrubber.rules.gates import on_claim

_BEGAN: Final = date(2009, 1, 1)
_BEFORE: Final = frozenset({"90772", "90782", "G0351"})


@rule(
    code="INJ-A01",
    name="injection-code-valid-on-day",
    severity=Severity.REJECT,
    cites=(
        cite(
            "AAPC, CPT 2009: Eyes Upon Change",
            "the codes of injections and infusions were renumbered for 2009",
            "https://www.aapc.com/blog/24024-cpt-2009-eyes-upon-change/",
        ),
    ),
    expected=Expected(status=("A7:507",), carc=("181",), rarc=("N56", "M51")),
    when=on_claim(INJECTION, *_BEFORE),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """96372 began on 2009-01-01 and took the place of 90772: each is refused on the days of the other.

    Why: A procedure code must be valid on the date of service. Old codes come
    from charge lists that nobody renewed, old days from late or wrong dates.

    Bad:
        SV1*HC:90772*30*UN*1***1
        DTP*472*D8*20260302
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:96372*30*UN*1***1
        DTP*472*D8*20260302
        SV1*HC:J3420*5*UN*1***1
    """
    for line in claim.lines:
        if line.first_day is None:
            continue
        if line.code == INJECTION and line.first_day < _BEGAN:
            says = (
                f"line {line.number}: 96372 on {line.first_day}, but it began on {_BEGAN}: "
                "mend the date, or bill the code of that day"
            )
            yield Hit(line.sv1.spot(1, 2), says, (line,))
        elif line.code in _BEFORE:
            yield from _retired(line, ctx)


def _retired(line: ServiceLine, ctx: Context) -> Iterator[Hit]:
    row = ctx.find("retired_codes", line.code, line)
    if row is not None:
        fix = Fix(Safety.SUGGESTED, f"{line.code} to {INJECTION}", (with_code(line, INJECTION),))
        says = f"line {line.number}: {line.code} on {line.first_day} is no longer valid: 96372 took its place"
        yield Hit(line.sv1.spot(1, 2), says, (line,), rests_on=(fact(row),), fix=fix)
