"""INJ-D09: a part of a billing unit."""

from __future__ import annotations

from collections.abc import Iterator

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.common import guide
from scrubber.rules.gates import DRUG, on_claim


@rule(
    code="INJ-D09",
    name="fractional-drug-units",
    severity=Severity.DENY,
    cites=(guide("loop 2400, SV104: quantity of the service"),),
    expected=Expected(status=("A7:476",), carc=("16",), rarc=("M53",)),
    when=on_claim(DRUG),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Drugs are billed in whole units of their code; a part of a unit counts as a whole one.

    Why: The unit is the dose that the code names, or up to that dose. Payers
    deny parts of it. Rounding up a dose is usual, and a decision of the coder:
    what was thrown away may need JW. So nothing is changed here. The NDC quantity may be a fraction.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1885*5*UN*1.5***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1885*5*UN*2***1
    """
    for line in ctx.drugs:
        units = line.units
        if units is not None and units != units.to_integral_value():
            says = (
                f"line {line.number}: {units:f} units of {line.code}: bill whole units, "
                "the last one as a whole if the dose reaches into it"
            )
            yield Hit(line.sv1.spot(4), says, (line,), evidence={"units": str(units)})
