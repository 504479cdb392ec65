"""INJ-A03: the units of an injection are a whole number from 1."""

from __future__ import annotations

from collections.abc import Iterator

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.common import guide
from scrubber.rules.gates import INJECTED


@rule(
    code="INJ-A03",
    name="injection-units-format",
    severity=Severity.REJECT,
    cites=(guide("loop 2400, SV104: the quantity of the service is required"),),
    expected=Expected(status=("A7:476",), carc=("16",), rarc=("M53",)),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The units of 96372 count injections: none, less than one or a part of one is refused.

    Why: SV104 of 96372 says how many injections were given. The dose goes on
    the drug line. A blank, zero, negative or fractional count is refused at the front end.

    Bad:
        SV1*HC:96372*30*UN*0***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    for line in ctx.injections:
        fault = _fault(line)
        if fault:
            says = f"line {line.number}: units of 96372 (SV104) {fault}: give the number of injections"
            yield Hit(line.sv1.spot(4), says, (line,), evidence={"units": line.sv1.text(4)})


def _fault(line: ServiceLine) -> str:
    units = line.units
    if units is None:
        return "are missing" if not line.sv1.text(4) else "are no number"
    if units <= 0:
        return f"are {units:f}"
    return "" if units == units.to_integral_value() else f"are {units:f}, a fraction"
