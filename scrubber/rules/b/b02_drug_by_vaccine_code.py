"""INJ-B02: a vaccine administration code for a drug."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Fix, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.edits import billed_as
from scrubber.rules.gates import on_claim, rows
from scrubber.rules.given import Given, administrations, age, immune_globulin, vaccine_days

RIGHT: Final = {
    "96372": "96372",
    "96401": "96401",
    "96402": "96402",
    "G0012": "G0012 or 96372",
    "rsv-admin": "96380 or 96381",
}
STATE_SUPPLIED_BELOW: Final = 19  # vaccines for children: the product line may rightly be missing
INJECTION: Final = "96372"
ANY_VACCINE: Final = "90471"  # the others say themselves which vaccine, or that it was swallowed
BY_NEEDLE: Final = frozenset({"IM", "SC"})
VACCINE_ENCOUNTER: Final = "Z23"


@rule(
    code="INJ-B02",
    name="drug-under-vaccine-administration",
    severity=Severity.DENY,
    cites=(
        cite(
            "Coding Ahead, 96372",
            "90460 to 90474 are for vaccines and toxoids, 96372 for other drugs",
            "https://webhooks.codingahead.com/cpt/codes/96372",
        ),
    ),
    expected=Expected(status=(), carc=("B15", "107", "16"), rarc=("N56", "M51")),
    when=on_claim(*rows("admin_codes", "kind", "vaccine-admin")),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A vaccine administration code stands beside a drug, and no vaccine is on the day.

    Why: 90460 to 90474, 90480 and G0008 to G0010 give vaccines; the payer looks for the
    vaccine and denies. The drug takes 96372 (or the code of its class). Where the drug has
    its code, or the patient is a child whose vaccine the state supplied, the vaccine
    line may only be missing: that is worth a look. Immune globulins are INJ-B03. Where an
    adult's 90471 stands beside one drug, given into muscle or under the skin only, and nothing
    speaks of a vaccine, a person may have it billed as 96372.

    Bad:
        SV1*HC:90471*30*UN*1***1
        SV1*HC:J2315*1500*UN*380***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2315*1500*UN*380***1
    """
    for line, items in vaccine_days(claim, ctx):
        drugs = [one for one in items if one.admin in RIGHT and not immune_globulin(one)]
        if drugs and not any(one.vaccine or immune_globulin(one) for one in items):
            yield _hit(claim, ctx, line, drugs, _fix(claim, ctx, line, items))


def _fix(claim: Claim, ctx: Context, line: ServiceLine, items: list[Given]) -> Fix | None:
    """96372 in the place of 90471, where the one product of the day can only have been given so."""
    years = age(claim, line)
    if len(items) != 1 or line.code != ANY_VACCINE or years is None or years < STATE_SUPPLIED_BELOW:
        return None
    (drug,) = items
    injected = drug.service.own and drug.admin == INJECTION and bool(drug.routes) and drug.routes <= BY_NEEDLE
    vaccine = any(one.code.upper().replace(".", "") == VACCINE_ENCOUNTER for one in claim.diagnoses)
    # Whoever gave it: one administration, this one.
    alone = len(administrations(ctx, line, "")) == 1
    return billed_as(line, INJECTION) if injected and alone and not vaccine else None


def _hit(claim: Claim, ctx: Context, line: ServiceLine, drugs: list[Given], fix: Fix | None) -> Hit:
    own = [one for one in drugs if one.service.own]
    years = age(claim, line)
    child = years is not None and years < STATE_SUPPLIED_BELOW
    other = administrations(ctx, line, "injection", "chemo", "rsv-admin", "prep-admin")
    drug = (own or drugs)[0]
    names = ", ".join(dict.fromkeys(one.code for one in drugs))
    cure = (
        "add the vaccine, or remove it"
        if other
        else f"bill {RIGHT[drug.admin]} for the drug, or add the vaccine"
    )
    return Hit(
        line.sv1.spot(1, 2),
        f"line {line.number}: {line.code} gives a vaccine, but the day has only {names}: {cure}",
        (line, *(one.service.line for one in own)),
        Severity.ADVISE if child or other or not own else None,
        rests_on=tuple(fact(drug.drug, "admin") for drug in (own or drugs)[:1] if drug.drug),
        evidence={
            "drugs": sorted({one.code for one in drugs}),
            "administrations": sorted({one.line.code for one in other}),
            "child": child,
        },
        fix=fix,
    )
