"""INJ-X01: a modifier that is neither usual nor refused on an injection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED, MODIFIER
from scrubber.rules.payermods import wanted

SITE: Final = "anatomic"  # INJ-X02
# The global period (58, 78, 79) is rare here, but right where the injection falls into one.
ALLOWED_KINDS: Final = frozenset({"global", SITE})


@rule(
    code="INJ-X01",
    name="unusual-modifier",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "CMS, HCPCS Level II modifiers",
            "what each says, and of which kind of service",
            "https://www.cms.gov/medicare/coding-billing/healthcare-common-procedure-system/quarterly-update",
            checked_on=None,
        ),
    ),
    expected=Expected(status=("A7:453",), carc=("4", "182"), rarc=("N519", "N822")),
    when=INJECTED.beside(MODIFIER),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A modifier on 96372 that is seldom seen there, or that no list knows.

    Why: the usual ones are 59, X{EPSU}, 76, 77, those of coverage (KX, GA ...), teaching, staff and
    state programs. Others may be right for one payer (33 for a preventive drug, SL for a state's vaccine), or
    a slip of the finger. Those that belong to another kind of service are INJ-X02, ill-formed ones INJ-A12.

    Bad:
        SV1*HC:96372:PO*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:96372:KX*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    for injection in ctx.injections:
        if not injection.modifiers:
            continue
        extra = wanted(ctx, injection)
        for index, modifier in enumerate(injection.modifiers):
            name = modifier.upper()
            if modifier in extra or len(name) != 2 or not (name.isascii() and name.isalnum()):
                continue
            row = ctx.find("modifiers", name, injection)
            if row is not None and (row["on_injection"] != "review" or row["kind"] in ALLOWED_KINDS):
                continue
            if row is None and ctx.gaps:
                continue  # the table cannot speak of the day
            what = "is seldom right on 96372" if row else "is no modifier that the table knows on this day"
            yield Hit(
                injection.modifier_spot(index),
                f"line {injection.number}: {modifier} {what}: see if this payer wants it, else remove it",
                (injection,),
                evidence={"modifier": modifier, "kind": row["kind"] if row else "unknown"},
            )
