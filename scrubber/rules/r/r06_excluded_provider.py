"""INJ-R06: a provider whom federal programs do not pay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, Provider, ServiceLine
from scrubber.context import Context, Gap
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.gates import INJECTED

_TABLE: Final = "excluded_npi"
_NO_LIST: Final = "none"
_NOT_FEDERAL: Final = frozenset({"commercial", "workers-comp", "auto"})


@rule(
    code="INJ-R06",
    name="excluded-provider",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "42 CFR 1002.1(a)(5)",
            "no payment for what somebody furnishes whom the Office of Inspector General excluded",
            "https://www.law.cornell.edu/cfr/text/42/1002.1",
        ),
    ),
    expected=Expected(carc=("B7", "185"), rarc=("N95",)),
    default=False,
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A provider of the claim is on the site's list of excluded providers (table excluded_npi).

    Why: no claim shows an exclusion, nor an enrolment that has ended; only a list can. The list of the
    Office of Inspector General changes every month and is not shipped: lay yours over the table and select
    this rule. Without a list it says that it cannot judge.

    Bad:
        SBR*P*18*******MB
        NM1*82*1*SAMPLE*PAT****XX*1000000004
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SBR*P*18*******CI
        NM1*82*1*SAMPLE*PAT****XX*1000000004
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    if not ctx.injections or ctx.payer_class in _NOT_FEDERAL:
        return
    first = ctx.injections[0]
    found = list(_excluded(claim, ctx, first))
    if not found and ctx.table(_TABLE).vintage == _NO_LIST:
        ctx.gaps.append(Gap(_TABLE, "no list of excluded providers is loaded", first))
    yield from found


def _excluded(claim: Claim, ctx: Context, line: ServiceLine) -> Iterator[Hit]:
    seen = set()
    for provider in _providers(claim):
        row = ctx.find(_TABLE, provider.npi, line) if provider.npi and provider.npi not in seen else None
        seen.add(provider.npi)
        if row is not None:
            says = (
                f"the provider in loop {provider.loop} is on the list of excluded providers: "
                "no federal program pays; ask compliance before the claim goes out"
            )
            evidence = {"role": provider.role}
            yield Hit(provider.name.spot(9), says, ctx.injections, rests_on=(fact(row),), evidence=evidence)


def _providers(claim: Claim) -> Iterator[Provider]:
    if claim.billing is not None:
        yield claim.billing
    yield from claim.providers
    for line in claim.lines:
        yield from line.providers
