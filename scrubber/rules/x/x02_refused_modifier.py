"""INJ-X02: a modifier that cannot stand on 96372."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Fix, Safety, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.edits import without_modifier
from scrubber.rules.gates import INJECTED, MODIFIER
from scrubber.rules.payermods import wanted
from scrubber.tables import Row

OWN_RULES: Final = frozenset({"24", "25", "57"})  # INJ-E05, INJ-E06
OWN_KINDS: Final = frozenset({"telehealth"})  # INJ-S02
SITE: Final = "anatomic"
# What the modifier says has no meaning for this code, so that nothing is lost with it. The other kinds
# may be right on another line (drug, laboratory, anaesthesia): only the coder knows which.
REMOVABLE: Final = frozenset({"pc-tc", "bilateral", "multiple", "surgeon", SITE})
_WHY: Final = {
    "em": "it belongs to visits",
    "pc-tc": "the code has no professional or technical part",
    "bilateral": "the code has no sides",
    SITE: "the code has no site",
    "multiple": "no reduction for several procedures applies",
    "surgeon": "no second surgeon or assistant is paid for it",
    "drug": "it belongs to the drug line",
    "anaesthesia": "it belongs to anaesthesia",
    "laboratory": "it belongs to laboratory tests",
    "dme": "it belongs to equipment",
    "ambulance": "it belongs to ambulance services",
    "therapy": "it belongs to therapy services",
}


@rule(
    code="INJ-X02",
    name="modifier-refused-on-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "CMS, Physician Fee Schedule, July 2024, read in a public copy",
            "96372: PC/TC 5, bilateral 0, multiple procedures 0, assistant, co-surgeon and team 0",
            "https://github.com/andrewallenbruce/northstar",
        ),
    ),
    expected=Expected(status=("A7:453",), carc=("4",), rarc=("N519",)),
    when=INJECTED.beside(MODIFIER),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A modifier on 96372 that belongs to another kind of service.

    Why: the fee schedule gives 96372 no professional or technical part (PC/TC 5),
    no sides, no reduction, no second surgeon; drug modifiers (JW, JZ, JA, JB, EA ...)
    belong to the drug line, others to anaesthesia, laboratory or equipment.
    Sides and fingers (LT, RT, F1 ...) mean nothing here but do open NCCI pairs, so
    they are only worth a look. 25 is INJ-E05, telehealth is INJ-S02.

    Bad:
        SV1*HC:96372:26*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1885:JZ*5*UN*1***1
    """
    for injection in ctx.injections:
        extra = wanted(ctx, injection)
        for index, modifier in enumerate(injection.modifiers):
            if not modifier or modifier in OWN_RULES or modifier in extra:
                continue
            row = ctx.find("modifiers", modifier.upper(), injection)
            if row is None or row["kind"] in OWN_KINDS:
                continue
            if row["on_injection"] == "refused" or row["kind"] == SITE:
                yield _hit(ctx, injection, index, modifier, row)


def _hit(ctx: Context, injection: ServiceLine, index: int, modifier: str, row: Row) -> Hit:
    kind = row["kind"]
    # Some states pay the second drug of a syringe by 51 under workers' compensation.
    unsure = kind == SITE or (kind == "multiple" and ctx.payer_class == "workers-comp")
    cure = "remove it" if kind in REMOVABLE else "put it on the line it was meant for, or remove it"
    if kind == SITE:
        cure += "; if it was to tell a second injection from the first, that is for 59 or XS"
    return Hit(
        injection.modifier_spot(index),
        f"line {injection.number}: {modifier} does not go on 96372, "
        f"{_WHY.get(kind, 'it has no meaning there')}: {cure}",
        (injection,),
        Severity.ADVISE if unsure else None,
        rests_on=(fact(row),),
        evidence={"modifier": modifier, "kind": kind},
        fix=_fix(injection, index, modifier, kind),
    )


def _fix(injection: ServiceLine, index: int, modifier: str, kind: str) -> Fix | None:
    # Behind an empty place the removal would leave a stray separator: INJ-A12 closes that gap first.
    if kind not in REMOVABLE or not all(injection.modifiers):
        return None
    return Fix(Safety.SUGGESTED, f"remove {modifier} from 96372", (without_modifier(injection, index),))
