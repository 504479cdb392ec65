"""INJ-A11: NPI and taxonomy of the providers are well formed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from loops import Claim, Provider, ServiceLine
from loops.values import npi_is_valid
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule

_TAXONOMY: Final = re.compile(r"[0-9A-Z]{9}X", re.ASCII)
_ROLES: Final = {
    "85": "billing",
    "82": "rendering",
    "DQ": "supervising",
    "DN": "referring",
    "P3": "primary care",
    "DK": "ordering",
    "77": "service facility",
    "QB": "purchased service",
}
_NEEDS_NPI: Final = ("85", "82", "DQ")
_OWN_NUMBER: Final = ("0B", "1G", "G2", "LU")  # REF01 of a provider without NPI


@rule(
    code="INJ-A11",
    name="npi-taxonomy-format",
    severity=Severity.REJECT,
    cites=(
        cite(
            "45 CFR 162.406 to 162.410",
            "national provider identifier: ten digits, the last a check digit",
            "https://www.ecfr.gov/current/title-45/section-162.406",
            checked_on=None,
        ),
        cite(
            "NUCC, Health Care Provider Taxonomy", "ten characters", "https://www.nucc.org", checked_on=None
        ),
    ),
    expected=Expected(
        status=("A7:562:82", "A7:562:85", "A7:562:DQ", "A7:145"),
        carc=("206", "207", "208"),
        rarc=("N290", "N255"),
    ),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """An NPI has ten digits and a right check digit, a taxonomy ten characters that end in X.

    Why: Front ends test the check digit of every NPI and the form of every
    taxonomy before a person sees the claim: billing, rendering, supervising, and
    whoever else is named.

    Bad:
        NM1*82*1*SAMPLE*PAT****XX*1245319590
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        NM1*82*1*SAMPLE*PAT****XX*1245319599
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    for provider in (claim.billing, *claim.providers):
        if provider and not _sound(provider):
            yield from _judge(provider, None)
    for line in claim.lines:
        for provider in line.providers:
            yield from _judge(provider, line)


def _sound(provider: Provider) -> bool:
    """Whether NPI and taxonomy are both there and well formed, as most are."""
    return npi_is_valid(provider.npi) and _TAXONOMY.fullmatch(provider.taxonomy) is not None


def _judge(provider: Provider, line: ServiceLine | None) -> Iterator[Hit]:
    fault = _npi_fault(provider)
    unlike = provider.specialty if not _TAXONOMY.fullmatch(provider.taxonomy) else None
    if not fault and unlike is None:
        return
    who = f"{_ROLES.get(provider.role, provider.role)} provider (loop {provider.loop})"
    lines = (line,) if line else ()
    where = f"line {line.number}: " if line else ""
    if fault:
        says = f"{where}NPI of the {who} {fault}: take it from the registry"
        yield Hit(provider.name.spot(9), says, lines, evidence={"role": provider.role})
    if unlike is not None:
        says = f"{where}taxonomy of the {who} is not nine letters or digits and an X: mend PRV03"
        yield Hit(unlike.spot(3), says, lines, evidence={"role": provider.role})


def _npi_fault(provider: Provider) -> str:
    if provider.npi:
        if len(provider.npi) != 10 or not provider.npi.isdigit():
            return "is not ten digits"
        return "" if npi_is_valid(provider.npi) else "fails its check digit"
    if provider.name.text(8) == "XX":
        return "is missing"
    own = any(s.id == "REF" and s.text(1) in _OWN_NUMBER for s in provider.segments)
    return "" if own or provider.role not in _NEEDS_NPI else "is missing (NM108 is not XX)"
