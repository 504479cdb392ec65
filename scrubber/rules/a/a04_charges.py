"""INJ-A04: charges are there, above zero for the injection, and add up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import INJECTION, Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.common import guide

_ZERO: Final = Decimal(0)


@rule(
    code="INJ-A04",
    name="charge-missing-or-unbalanced",
    severity=Severity.REJECT,
    cites=(guide("loop 2300, CLM02: the sum of the line charges SV102 of loop 2400"),),
    expected=Expected(status=("A7:178", "A7:402", "A7:400"), carc=("16",), rarc=("M79",)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Every line has a charge, the injection more than zero, and CLM02 is their sum.

    Why: A blank or negative charge and a claim that does not balance are
    refused at the front end. Most payers refuse or pay nothing for an injection at zero.
    A drug that was free may stand at zero or one cent: INJ-D02 judges it.

    Bad:
        SV1*HC:96372*0*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*0.01*UN*1***1
    """
    charges = [line.charge for line in claim.lines]
    for line, charge in zip(claim.lines, charges, strict=True):
        if not charge or charge < _ZERO:
            yield from _line(line)
    if None not in charges and charges:
        total = sum([charge for charge in charges if charge], _ZERO)
        if total != claim.charge:
            yield _unbalanced(claim, total)


def _line(line: ServiceLine) -> Iterator[Hit]:
    at = line.sv1.spot(2)
    if line.charge is None:
        fault = "is no amount" if line.sv1.text(2) else "is missing"
        yield Hit(at, f"line {line.number}: the charge of {line.code} (SV102) {fault}: enter it", (line,))
    elif line.charge < 0:
        says = f"line {line.number}: the charge of {line.code} (SV102) is negative: enter the charge made"
        yield Hit(at, says, (line,), dollars=-line.charge)
    elif line.charge == 0 and line.code == INJECTION and "SL" not in line.modifiers:
        says = f"line {line.number}: 96372 at no charge (SV102 is 0): enter the charge, or remove the line"
        yield Hit(at, says, (line,), Severity.DENY)


def _unbalanced(claim: Claim, total: Decimal) -> Hit:
    at = claim.clm.spot(2)
    if claim.charge is None:
        fault = "is no amount" if claim.clm.text(2) else "is missing"
        return Hit(at, f"the claim charge CLM02 {fault}: it is the sum of its lines", dollars=total)
    says = (
        f"the claim charge CLM02 is {claim.charge:.2f}, its lines (SV102) add up to {total:.2f}: "
        "find the line that is missing or wrong"
    )
    evidence = {"claim": f"{claim.charge:.2f}", "lines": f"{total:.2f}"}
    return Hit(at, says, evidence=evidence, dollars=claim.charge)
