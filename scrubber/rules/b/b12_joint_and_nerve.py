"""INJ-B12: a joint, tendon, trigger point, nerve or lesion injection beside 96372."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context, Service
from scrubber.finding import Expected, Severity
from scrubber.rule import Fact, Hit, cite, fact, rule
from scrubber.rules.given import Given, given
from scrubber.rules.pairs import opened, pair

TOXIN: Final = "chemodenervation"
KINDS: Final = frozenset(
    {
        "joint",
        "tendon",
        "ganglion",
        "trigger-point",
        "dry-needling",
        "collagenase",
        "lesion",
        "epidural",
        "nerve-block",
        "facet",
        TOXIN,
    }
)


@rule(
    code="INJ-B12",
    name="procedure-injection-with-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "Medicare NCCI procedure-to-procedure edits",
            "practitioner services: 20526 to 20612, 11900, 62320 to 64495 with 96372, indicator 1",
            "https://www.cms.gov/national-correct-coding-initiative-ncci/ncci-medicare/"
            "medicare-ncci-procedure-procedure-ptp-edits",
        ),
    ),
    expected=Expected(status=(), carc=("97", "236"), rarc=("M15", "N390")),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """96372 beside an injection into a joint, tendon, nerve or lesion, and no drug left for it.

    Why: the procedure includes putting the drug in, so the drug on the claim most likely belongs to
    it, and 96372 is column 2 of the procedure in NCCI. 96372 stands where another
    drug went into muscle or under the skin elsewhere: then there are more drugs than
    procedures, and 59 or X{EPSU} on 96372 says so.

    Bad:
        SV1*HC:20610*120*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3301*20*UN*4***1

    Good:
        SV1*HC:20610*120*UN*1***1
        SV1*HC:J3301*20*UN*4***1
        SV1*HC:96372:59*30*UN*1***1
        SV1*HC:J1885*10*UN*2***1
    """
    for injection in ctx.injections:
        found = _procedures(ctx, injection)
        procedures = [one for one in found if one.own] or found
        if not procedures:
            continue
        items = given(ctx, injection)
        drugs = {one.code for one in items if one.injected}
        if len(drugs) <= len(procedures) and not _told_elsewhere(items, drugs):
            yield _hit(ctx, injection, procedures, drugs)


def _procedures(ctx: Context, injection: ServiceLine) -> list[Service]:
    found = []
    for service in ctx.day(injection):
        row = ctx.find("injection_procedures", service.line.code, injection)
        if row is not None and row["kind"] in KINDS:
            found.append(service)
    return found


def _told_elsewhere(items: Sequence[Given], drugs: set[str]) -> bool:
    """Whether the day's only drugs are such as 96372 never gives: INJ-B11, INJ-B13 and INJ-B14 say so."""
    return not drugs and any(one.drug for one in items)


def _hit(ctx: Context, injection: ServiceLine, procedures: Sequence[Service], drugs: set[str]) -> Hit:
    codes = sorted({one.line.code for one in procedures})
    taken = ", ".join(sorted(drugs)) or "the drug"
    rests: list[Fact] = []
    for code in codes:
        row = pair(ctx, code, injection)
        if row is not None:
            rests.append(fact(row))
    own = procedures[0].own
    marked = opened(ctx, injection, [one.line for one in procedures])
    cure = "remove 96372, or bill the drug that it gave"
    if not marked and drugs:
        cure += ", with 59 or X{EPSU} if the record shows another site"
    return Hit(
        injection.sv1.spot(1, 2),
        f"line {injection.number}: 96372 beside {', '.join(codes)}, which took {taken}: {cure}",
        (injection, *(one.line for one in procedures if own)),
        None if own and rests and not marked else Severity.ADVISE,
        rests_on=tuple(rests),
        evidence={"procedures": codes, "drugs": sorted(drugs), "modifiers": list(injection.modifiers)},
    )
