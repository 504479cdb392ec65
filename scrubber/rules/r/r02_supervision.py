"""INJ-R02: a nurse or assistant stands as the rendering provider."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.providers import renderer

_SUPERVISING: Final = "DQ"
_NURSE_VISIT: Final = "99211"
_UNSURE: Final = frozenset({"unknown", "other"})


@rule(
    code="INJ-R02",
    name="supervised-person-renders",
    severity=Severity.DENY,
    cites=(
        cite(
            "42 CFR 410.26(b)",
            "incident-to services: direct supervision; the physician or practitioner who supervises bills",
            "https://www.law.cornell.edu/cfr/text/42/410.26",
        ),
        cite(
            "CMS, Physician Fee Schedule, PC/TC indicator 5",
            "96372 is an incident-to code",
            "https://www.dir.ca.gov/t8/9789_12_9.html",
        ),
    ),
    expected=Expected(carc=("8", "170", "185", "B7"), rarc=("N95", "N570")),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The rendering provider of 96372 is a nurse, an assistant or an aide, and nobody named supervised.

    Why: 96372 is paid as incident to the service of a physician or practitioner, who supervises
    directly and is the rendering provider; a nurse has no standing of her own (taxonomy 163W, 164W, 374,
    376 ...). Without supervision CPT has 99211 in place of 96372: some payers take it, Medicare pays neither.

    Bad:
        PRV*PE*PXC*163W00000X
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        PRV*PE*PXC*363L00000X
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    for line in ctx.injections:
        who = renderer(claim, ctx, line)
        if who is None or who.scope["renders"] != "no" or claim.provider(_SUPERVISING, line):
            continue
        habit = ctx.habit("nurse_only", line)
        cure = "name the practitioner who supervised as rendering"
        if habit is not None and habit.value == _NURSE_VISIT:
            cure += ", or bill 99211 in place of 96372 if nobody did (this payer takes it)"
        elif ctx.medicare:
            cure += "; without supervision Medicare pays neither 96372 nor 99211"
        at = who.provider.specialty.spot(3) if who.provider.specialty else line.sv1.spot(1)
        yield Hit(
            at,
            f"line {line.number}: 96372 is rendered by a {who.scope['kind']} "
            f"({who.provider.taxonomy}), who works under supervision: {cure}",
            (line,),
            Severity.ADVISE if who.billing or ctx.payer_class in _UNSURE else None,
            rests_on=(fact(who.scope),),
            evidence={"taxonomy": who.provider.taxonomy, "kind": who.scope["kind"]},
        )
