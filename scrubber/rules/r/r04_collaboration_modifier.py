"""INJ-R04: modifier SA does not fit who rendered the injection, or the payer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.providers import renderer

_COLLABORATION: Final = "SA"
_PRACTITIONERS: Final = frozenset({"nurse-practitioner", "physician-assistant", "clinical-nurse-specialist"})


@rule(
    code="INJ-R04",
    name="collaboration-modifier",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "42 CFR 410.26(b)",
            "incident-to services are billed under the physician or practitioner who supervises",
            "https://www.law.cornell.edu/cfr/text/42/410.26",
        ),
    ),
    expected=Expected(carc=("4",), rarc=("N519",)),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """SA on 96372 says that a practitioner worked with the physician who bills: Medicare has no use for it.

    Why: some payers take SA for a service of a nurse practitioner billed under the physician. Beside a
    practitioner's own NPI as rendering provider it says nothing, and Medicare tells incident-to by the
    rendering provider alone. In a facility nothing is incident to a practitioner: INJ-S01.

    Bad:
        SBR*P*18*******MB
        SV1*HC:96372:SA*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SBR*P*18*******BL
        SV1*HC:96372:SA*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    for line in ctx.injections:
        if _COLLABORATION not in line.modifiers:
            continue
        at = line.modifier_spot(line.modifiers.index(_COLLABORATION))
        if ctx.medicare:
            says = f"line {line.number}: Medicare does not use SA: leave it out, and check the rendering NPI"
            yield Hit(at, says, (line,))
            continue
        who = renderer(claim, ctx, line)
        if who is not None and who.scope["kind"] in _PRACTITIONERS:
            says = (
                f"line {line.number}: SA is for a service billed under the physician, and a "
                f"{who.scope['kind']} is the rendering provider: take one of the two back"
            )
            evidence = {"taxonomy": who.provider.taxonomy}
            yield Hit(at, says, (line,), rests_on=(fact(who.scope),), evidence=evidence)
