"""INJ-R07: Medicaid wants the taxonomy of who rendered and who bills."""

from __future__ import annotations

from collections.abc import Iterator

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.common import guide
from scrubber.rules.gates import INJECTED


@rule(
    code="INJ-R07",
    name="taxonomy-missing",
    severity=Severity.REJECT,
    cites=(guide("2000A PRV*BI, 2310B and 2420A PRV*PE: taxonomy where the payer needs it to adjudicate"),),
    expected=Expected(status=("A7:145",), carc=("16",), rarc=("N255", "N288")),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A Medicaid claim names a rendering provider without taxonomy (PRV*PE), or bills without one (PRV*BI).

    Why: Medicaid programs find the provider's enrolment by NPI and taxonomy, and refuse the claim without
    the taxonomy of the rendering provider; that of the billing provider is wanted by most. Other payers
    do without.

    Bad:
        SBR*P*18*******MC
        PRV*PE
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SBR*P*18*******MC
        PRV*PE*PXC*207Q00000X
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    if ctx.payer_class != "medicaid" or not ctx.injections:
        return
    told = set()
    for line in ctx.injections:
        provider = claim.provider("82", line)
        if provider is not None and not provider.taxonomy and provider.name.start not in told:
            told.add(provider.name.start)
            says = (
                f"line {line.number}: the rendering provider (loop {provider.loop}) has no taxonomy: "
                "add PRV*PE*PXC with the one enrolled with Medicaid"
            )
            yield Hit(provider.name.spot(9), says, (line,))
    billing = claim.billing
    if billing is not None and not billing.taxonomy:
        alone = any(claim.provider("82", line) is None for line in ctx.injections)
        says = "the billing provider has no taxonomy (2000A PRV*BI): most Medicaid programs want it, add it"
        yield Hit(billing.name.spot(9), says, ctx.injections, None if alone else Severity.ADVISE)
