"""INJ-D17: a drug for anaemia outside dialysis: its modifier and its test result."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from loops import Claim, ServiceLine
from loops.values import number
from scrubber.codes import is_drug
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.gates import on_claim, rows
from scrubber.tables import Row

_REASONS: Final = ("EA", "EB", "EC")
_TESTS: Final = ("R1", "R2")  # haemoglobin, haematocrit
_BEGAN: Final = date(2008, 1, 1)


@rule(
    code="INJ-D17",
    name="esa-modifier-and-test",
    severity=Severity.REJECT,
    cites=(
        cite(
            "Palmetto GBA, modifier EC",
            "exactly one of EA, EB, EC, and the latest test in MEA of loop 2400",
            "https://www.palmettogba.com/palmetto/providers.nsf/DocsR/Providers~JJ%20Part%20B~Browse%20by%20Topic~Modifier%20Lookup~8EELAW4048?open",
        ),
        cite(
            "CMS MLN Matters MM5699",
            "from 2008-01-01; the result with its decimal point",
            "https://pdfslide.net/documents/reporting-of-hematocrit-or-hemoglobin-levels-on-all-claims-ea-esa.html",
        ),
    ),
    expected=Expected(carc=("16",), rarc=("MA130", "N63", "N764")),
    when=on_claim(*rows("drugs", "class", "esa")),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Medicare: an ESA outside dialysis carries one of EA, EB and EC, and its line the latest blood test.

    Why: Medicare covers these drugs by the cause of the anaemia and the blood
    count; a claim without is returned unprocessed. Both are facts of the
    record: neither is ever added here.

    Bad:
        SBR*P*18*******MB
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J0885*900*UN*40***1

    Good:
        SBR*P*18*******MB
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J0885:EC*900*UN*40***1
        MEA*TR*R1*9.8
    """
    if not ctx.medicare:
        return
    for line in claim.lines:
        if line.first_day and line.first_day >= _BEGAN and is_drug(line.code) and "JW" not in line.modifiers:
            row = ctx.find("drugs", line.code, line)
            if row is not None and row["class"] == "esa":
                yield from _reason(line, row)
                yield from _test(line, row)


def _reason(line: ServiceLine, row: Row) -> Iterator[Hit]:
    said = [modifier for modifier in line.modifiers if modifier in _REASONS]
    if len(said) != 1:
        fault = f"carries {' and '.join(said)}" if said else "carries none of EA, EB, EC"
        says = f"line {line.number}: {line.code} {fault}: state the cause of the anaemia by the record"
        rests = (fact(row, "class"),)
        yield Hit(line.sv1.spot(1), says, (line,), rests_on=rests, evidence={"modifiers": said})


def _test(line: ServiceLine, row: Row) -> Iterator[Hit]:
    tests = [one for one in line.all("MEA", "TR") if one.text(2) in _TESTS]
    if not any((number(one.text(3)) or 0) > 0 for one in tests):
        at = tests[0].spot(3) if tests else line.sv1.spot()
        fault = "has no number" if tests else "is missing"
        says = (
            f"line {line.number}: the blood count for {line.code} (MEA*TR*R1 or R2) {fault}: "
            "give the latest result of the record, such as 9.8"
        )
        yield Hit(at, says, (line,), rests_on=(fact(row, "class"),))
