"""INJ-D19: the modifier of a drug bought under the 340B programme."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from loops import Claim, ServiceLine
from scrubber.codes import is_drug
from scrubber.context import INJECTION, Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import on_claim

_FEDERAL: Final = frozenset({"JG", "TB"})
_STATE: Final = frozenset({"UD", "U8"})
_ONE_MODIFIER: Final = date(2025, 1, 1)


@rule(
    code="INJ-D19",
    name="modifier-340b",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "America's Essential Hospitals, on the CMS guidance for 340B modifiers",
            "JG or TB on drugs bought under 340B, for all from 2024-01-01",
            "https://essentialhospitals.org/cms-revises-part-b-inflation-rebate-guidance-340b-modifers/",
        ),
        cite(
            "Illinois Medicaid, notice of 2021-04-15",
            "UD on the drug line, with the NDC",
            "https://hfs.illinois.gov/medicalproviders/notices/notice.prn210415b.html",
        ),
        cite(
            "Texas Medicaid, vendor drug manual 15.5",
            "U8 on drugs bought under 340B, from 2015-09-01",
            "https://www.txvendordrug.com/about/manuals/pharmacy-provider-procedure-manual/15-340b-resources/5-clinician-administered-drug",
        ),
    ),
    expected=Expected(carc=("4",), rarc=("N519",)),
    when=on_claim(*_FEDERAL, *_STATE),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Medicare marks 340B drugs with JG or TB (from 2025 TB only), states with UD or U8, on the drug line.

    Why: The mark keeps a drug from being discounted twice. The wrong one is
    refused or lost; on the injection it means nothing. Whether a drug was
    bought so is known to the one who bought it.

    Bad:
        SBR*P*18*******MB
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2315:JG:TB*1450*UN*380***1

    Good:
        SBR*P*18*******MB
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2315:TB*1450*UN*380***1
    """
    for line in claim.lines:
        said = (_FEDERAL | _STATE).intersection(line.modifiers)
        fault = _fault(ctx, line, said) if said else ""
        if fault:
            index = next(n for n, modifier in enumerate(line.modifiers) if modifier in said)
            says = f"line {line.number}: {'/'.join(sorted(said))} on {line.code}: {fault}"
            yield Hit(line.modifier_spot(index), says, (line,), evidence={"modifiers": sorted(said)})


def _fault(ctx: Context, line: ServiceLine, said: frozenset[str]) -> str:
    if line.code == INJECTION:
        return "it belongs to the drug line" if said & _FEDERAL else ""
    if not is_drug(line.code) or line.first_day is None:
        return ""
    habit = ctx.habit("mod_340b", line)
    if habit:
        return "" if said <= set(habit.value.split()) else f"this payer marks 340B drugs with {habit.value}"
    old = "JG" in said and line.first_day >= _ONE_MODIFIER
    faults = (
        (len(said & _FEDERAL) == 2, "one of them is enough"),
        (ctx.medicare and old, "Medicare takes TB in its place from 2025-01-01"),
        (ctx.medicare and bool(said & _STATE), "a mark of state programs; Medicare has TB"),
        (
            ctx.payer_class == "medicaid" and not said & _STATE,
            "a mark of Medicare; states have their own, such as UD or U8",
        ),
    )
    return next((text for found, text in faults if found), "")
