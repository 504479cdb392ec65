"""INJ-P06: an injection on the day of maternity care or delivery."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.given import diagnoses, given
from scrubber.rules.pairs import MATERNITY, pairs
from scrubber.rules.verdict import PTP, injection_denied, others_denied

# Rho(D) immune globulin, by its codes; rhesus isoimmunisation, rhesus negative blood.
RHO: Final = frozenset({"J2788", "J2790", "J2791", "J2792", "90384", "90385", "90386"})
RHESUS: Final = ("O360", "Z670", "Z671", "Z672", "Z673", "Z674", "Z679", "O09A")


@rule(
    code="INJ-P06",
    name="maternity-with-injection",
    severity=Severity.DENY,
    cites=(PTP,),
    expected=Expected(status=(), carc=("97", "236"), rarc=("M15", "N390")),
    when=INJECTED.beside(MATERNITY),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """96372 is column 2 of delivery and maternity care: it needs 59 or X{EPSU}.

    Why: NCCI counts an injection on the day of 59400, 59410, 59510 and their like as part of
    the care. Rho(D) immune globulin for a rhesus-negative mother is not part of it and is paid
    with the modifier, or on a day of its own: there the modifier is most likely just missing,
    so it is only worth a look.

    Bad:
        HI*ABK:O80
        SV1*HC:59400*2000*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2590*5*UN*1***1

    Good:
        HI*ABK:O80
        SV1*HC:59400*2000*UN*1***1
        SV1*HC:96372:59*30*UN*1***1
        SV1*HC:J2790*90*UN*1***1
    """
    told: set[tuple[int, str]] = set()
    for injection in ctx.injections:
        found = pairs(ctx, injection, MATERNITY)
        if not found:
            continue
        rhesus = any(one.code in RHO for one in given(ctx, injection)) or any(
            code.startswith(RHESUS) for code in diagnoses(claim, [injection])
        )
        lower = Severity.ADVISE if rhesus else None
        note = "; Rho(D) immune globulin is no part of maternity care" if rhesus else ""
        yield from injection_denied(ctx, injection, found, lower=lower, note=note)
        yield from others_denied(ctx, injection, found, told)
