"""INJ-A02: injections are counted in units."""

from __future__ import annotations

from collections.abc import Iterator

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Edit, Expected, Fix, Safety, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.common import guide
from scrubber.rules.gates import INJECTED


@rule(
    code="INJ-A02",
    name="injection-unit-basis",
    severity=Severity.REJECT,
    cites=(guide("loop 2400, SV103: UN for units, MJ for the minutes of anaesthesia"),),
    expected=Expected(status=("A7:476",), carc=("16",), rarc=("M53",)),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """SV103 of 96372 is UN: an injection has no minutes.

    Why: SV103 says what SV104 counts. MJ belongs to anaesthesia; any other code
    is not in the guide. What SV104 then means only the record tells, so the
    change to UN is offered, not made.

    Bad:
        SV1*HC:96372*30*MJ*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    for line in ctx.injections:
        if line.basis != "UN":
            found = f"is {line.basis}" if line.basis else "is empty"
            says = f"line {line.number}: SV103 of 96372 {found}: count injections in units (UN)"
            spot = line.sv1.spot(3)
            edit = Edit(spot.start, spot.end, line.basis.encode("latin-1"), b"UN")
            stands = len(line.sv1.parts) > 3
            code = len(line.basis) <= 2  # else text of another kind has strayed there
            fix = Fix(Safety.SUGGESTED, "UN in SV103", (edit,)) if stands and code else None
            yield Hit(spot, says, (line,), evidence={"basis": line.basis}, fix=fix)
