"""INJ-X03: a modifier that decides payment stands behind one that only informs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.common import DISTINCT, REPEAT
from scrubber.rules.gates import INJECTED

# What changes whether or how much is paid: distinct, repeated, reduced, in a global period.
DECIDES: Final = DISTINCT | REPEAT | {"52", "53", "58", "78", "79"}
INFORMS: Final = frozenset(
    {
        "coverage",
        "emergency",
        "hospice",
        "medicaid",
        "npp",
        "policy",
        "program",
        "shortage",
        "staff",
        "substitute",
        "teaching",
        "trial",
    }
)


@rule(
    code="INJ-X03",
    name="modifier-order",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "Modifier sequencing, as taught by coders",
            "modifiers of payment first, informational ones last; some payers read the first only",
        ),
    ),
    expected=Expected(status=(), carc=("4",), rarc=("N519",)),
    when=INJECTED.beside(*DECIDES),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """59, X{EPSU}, 76 or another modifier of payment stands after an informational one.

    Why: some payers look at the first modifier, or the first two, when they edit pairs and repeats. Put
    first what decides payment and last what only informs (GC, KX, Q5, state program). The sequence
    changes nothing that is said, but which comes first is for the biller who knows the payer.

    Bad:
        SV1*HC:96374*80*UN*1***1
        SV1*HC:96372:GC:59*30*UN*1***1
        SV1*HC:J1885*5*UN*2***1

    Good:
        SV1*HC:96374*80*UN*1***1
        SV1*HC:96372:59:GC*30*UN*1***1
        SV1*HC:J1885*5*UN*2***1
    """
    for injection in ctx.injections:
        if len(injection.modifiers) > 1:
            yield from _hit(ctx, injection)


def _hit(ctx: Context, injection: ServiceLine) -> Iterator[Hit]:
    informing = ""
    for index, modifier in enumerate(injection.modifiers):
        if informing and modifier in DECIDES:
            yield Hit(
                injection.modifier_spot(index),
                f"line {injection.number}: {modifier} decides payment and stands behind {informing}, which "
                f"only informs: put {modifier} first",
                (injection,),
                evidence={"modifiers": list(injection.modifiers)},
            )
            return
        row = ctx.find("modifiers", modifier, injection) if modifier and not informing else None
        if row is not None and row["kind"] in INFORMS:
            informing = modifier
