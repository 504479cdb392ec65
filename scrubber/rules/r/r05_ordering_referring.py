"""INJ-R05: the ordering or referring provider is not one that a payer can take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, Provider
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED

_ROLES: Final = {"DN": "referring", "DK": "ordering"}
_GIVES_BY_ORDER: Final = ("1835", "3336", "163W", "164W")  # pharmacists, pharmacies, nurses


@rule(
    code="INJ-R05",
    name="ordering-or-referring-provider",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "Alabama Medicaid, notice of 2013-08-30 on 42 CFR 455.440",
            "the NPI of an ordering or referring provider is a person's, and must be on the claim",
            "http://media.alabama.gov/pr/pr.aspx?id=8187&t=26",
        ),
    ),
    expected=Expected(carc=("16",), rarc=("N264", "N265", "N285", "N286", "N574")),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """An ordering or referring provider is a person with an NPI; Medicaid wants one for what was ordered.

    Why: the one who orders or refers must be an individual enrolled with the payer; the NPI of a group is
    refused. Federal Medicaid rules put that NPI on every claim for what was ordered: a pharmacist or nurse
    who stands as the rendering provider gave the injection on somebody's order.

    Bad:
        NM1*DN*2*EXAMPLE CLINIC*****XX*1234567893
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        NM1*DN*1*SAMPLE*SAM****XX*1245319599
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    if not ctx.injections:
        return
    for provider in claim.providers:
        yield from _judge(claim, provider)
    for line in ctx.injections:
        for provider in line.providers:
            yield from _judge(claim, provider)
    if ctx.payer_class == "medicaid":
        yield from _absent(claim, ctx)


def _judge(claim: Claim, provider: Provider) -> Iterator[Hit]:
    role = _ROLES.get(provider.role)
    if role is None:
        return
    billing = claim.billing
    of_group = billing is not None and not billing.person and provider.npi == billing.npi != ""
    if not provider.person or of_group:
        fault, element = "is a group", 9 if of_group else 2
    elif not provider.npi:
        fault, element = "has no NPI", 9
    else:
        return
    says = f"the {role} provider (loop {provider.loop}) {fault}: name the person with the person's own NPI"
    yield Hit(provider.name.spot(element), says, (), evidence={"role": provider.role})


def _absent(claim: Claim, ctx: Context) -> Iterator[Hit]:
    for line in ctx.injections:
        who = claim.rendering(line)
        by_order = who is not None and who.taxonomy.startswith(_GIVES_BY_ORDER)
        if by_order and not any(claim.provider(role, line) for role in _ROLES):
            says = (
                f"line {line.number}: given on somebody's order, and nobody is named who ordered it: "
                "name the prescriber with NPI (2310A or 2420E)"
            )
            yield Hit(line.sv1.spot(1), says, (line,))
            return
