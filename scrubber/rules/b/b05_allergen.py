"""INJ-B05: allergen immunotherapy under 96372."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import INJECTION, Context, Service
from scrubber.finding import Expected, Severity
from scrubber.rule import Fact, Hit, cite, fact, rule
from scrubber.rules.common import DISTINCT
from scrubber.rules.gates import INJECTED
from scrubber.rules.given import diagnoses, given

# Allergen injection, extract and venom supply, desensitisation: column 1 of 96372 in NCCI.
ALLERGEN: Final = frozenset(
    {"95115", "95117", "95144", "95145", "95146", "95147", "95148", "95149", "95165", "95170", "95180"}
)
DESENSITISATION: Final = "Z516"
ALLERGY: Final = ("J30", "T78")


@rule(
    code="INJ-B05",
    name="allergen-under-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "Medicare NCCI procedure-to-procedure edits",
            "practitioner services: 95115, 95117, 95144 to 95149, 95165, 95170, 95180 with 96372",
            "https://www.cms.gov/national-correct-coding-initiative-ncci/ncci-medicare/"
            "medicare-ncci-procedure-procedure-ptp-edits",
        ),
        cite(
            "Allergen immunotherapy coding (restatement of Medicare rules)",
            "95115 and 95117 are the injection of an antigen",
            "https://www.whatismedicalinsurancebilling.org/2010/07/billing-cpt-9511595120-coding-tips-for.html",
        ),
    ),
    expected=Expected(status=(), carc=("97", "236"), rarc=("M15",)),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """96372 without a drug, beside allergen extract or for desensitisation: 95115 or 95117.

    Why: injecting an allergen extract is 95115 (one injection) or 95117 (two or more);
    96372 beside the supply of the extract is bundled. Where the only sign is a
    diagnosis (Z51.6, hay fever, an allergic reaction) the drug line may just be missing,
    so it is worth a look.

    Bad:
        HI*ABK:J301
        SV1*HC:95165*60*UN*4***1
        SV1*HC:96372*30*UN*1***1

    Good:
        HI*ABK:J301
        SV1*HC:95165*60*UN*4***1
        SV1*HC:95115*20*UN*1***1
    """
    for injection in ctx.injections:
        if given(ctx, injection):
            continue
        services = [one for one in ctx.patient_day(injection) if one.line.code in ALLERGEN]
        if services:
            yield _beside(ctx, injection, services)
        else:
            yield from _for_allergy(claim, injection)


def _beside(ctx: Context, injection: ServiceLine, services: list[Service]) -> Hit:
    codes = sorted({one.line.code for one in services})
    rests: list[Fact] = []
    for code in codes:
        row = ctx.find("ptp", (code, INJECTION, "medicare"), injection)
        if row is not None:
            rests.append(fact(row))
    marked = bool(DISTINCT.intersection(injection.modifiers))
    own = [one.line for one in services if one.own]
    return Hit(
        injection.sv1.spot(1, 2),
        f"line {injection.number}: 96372 without a drug beside {', '.join(codes)}: an allergen "
        "injection is 95115, two or more are 95117",
        (injection, *own),
        None if rests and own and not marked else Severity.ADVISE,
        rests_on=tuple(rests),
        evidence={"allergen": codes, "modifiers": list(injection.modifiers)},
    )


def _for_allergy(claim: Claim, injection: ServiceLine) -> Iterator[Hit]:
    reasons = [dx for dx in diagnoses(claim, [injection]) if dx == DESENSITISATION or dx.startswith(ALLERGY)]
    if reasons:
        yield Hit(
            injection.sv1.spot(1, 2),
            f"line {injection.number}: 96372 for {reasons[0]} without a drug: bill 95115 or 95117 if an "
            "allergen was injected, else add the drug",
            (injection,),
            Severity.ADVISE,
            evidence={"dx": reasons},
        )
