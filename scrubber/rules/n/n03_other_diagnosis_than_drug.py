"""INJ-N03: the injection points at another diagnosis than its drug."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.codes import is_drug
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.common import guide
from scrubber.rules.gates import INJECTED
from scrubber.rules.given import given
from scrubber.rules.indications import FEW_USES, pointed

_ALL_POINTERS: Final = 4


@rule(
    code="INJ-N03",
    name="injection-and-drug-point-apart",
    severity=Severity.ADVISE,
    cites=(guide("2400 SV107: the diagnoses that a service was done for, by pointer"),),
    expected=Expected(carc=("11", "50"), rarc=("M76",)),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """96372 shares no diagnosis with any drug of its day.

    Why: the drug and its injection are given for the same reason. Where their pointers have none in
    common, one of the two is most often a slip, and a payer that judges the need by the diagnosis pays
    one line and not the other. Drugs of few uses are judged by INJ-N02.

    Bad:
        HI*ABK:I10*ABF:M545
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1885*5*UN*2***2

    Good:
        HI*ABK:I10*ABF:M545
        SV1*HC:96372*30*UN*1***2
        SV1*HC:J1885*5*UN*2***2
    """
    if len(claim.diagnoses) < 2:
        return
    for injection in ctx.injections:
        codes = set(pointed(claim, injection))
        if not codes or len(injection.pointers) >= _ALL_POINTERS:
            continue
        if not _apart(claim, injection, codes):
            continue  # the most frequent case, told without a table
        lines = [one.service.line for one in given(ctx, injection) if one.service.own and one.injected]
        told = [(line, pointed(claim, line)) for line in lines]
        drugs = [(line, dx) for line, dx in told if dx]
        if not drugs or len(drugs) < len(lines) or any(line.code in FEW_USES for line, _ in drugs):
            continue
        if not any(codes.intersection(dx) for _, dx in drugs):
            drug, dx = drugs[0]
            yield Hit(
                injection.sv1.spot(7),
                f"line {injection.number}: 96372 points at {' '.join(sorted(codes))}, {drug.code} "
                f"(line {drug.number}) at {' '.join(dx)}: point both at what the drug was given for",
                (injection, drug),
                evidence={"injection": sorted(codes), "drug": dx},
            )


def _apart(claim: Claim, injection: ServiceLine, codes: set[str]) -> bool:
    """Whether some drug line of the day on this claim shares none of the diagnoses."""
    return any(
        one.first_day == injection.first_day and is_drug(one.code) and codes.isdisjoint(pointed(claim, one))
        for one in claim.lines
    )
