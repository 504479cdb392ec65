"""INJ-B12: a joint, tendon, trigger point, nerve or lesion injection beside 96372."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context, Service
from scrubber.finding import Expected, Severity
from scrubber.rule import Fact, Hit, cite, fact, rule
from scrubber.rules.gates import INJECTED, rows
from scrubber.rules.given import Given, given
from scrubber.rules.pairs import opened, pair
from scrubber.rules.procedure import KINDS, given_otherwise, injecting, none_is_left

OTHER_ROUTES: Final = frozenset({"IM", "SC", "IV"})


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
    when=INJECTED.beside(*rows("injection_procedures", "kind", *KINDS)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """96372 beside an injection into a joint, tendon, nerve or lesion, and no drug left for it.

    Why: the procedure includes putting the drug in, so the drug on the claim most likely belongs to
    it, and 96372 is column 2 of the procedure in NCCI. 96372 stands where another
    drug went into muscle or under the skin elsewhere: then there are more drugs than
    procedures, or the drug is one for muscle and skin only, and 59 or X{EPSU} on 96372 says so.
    Days whose only drugs are such as 96372 never gives are told by INJ-B11, INJ-B13 and INJ-B14.

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
        found = injecting(ctx, injection)
        procedures = [one for one in found if one.own] or found
        if not procedures or given_otherwise(ctx, injection):
            continue
        if none_is_left(ctx, injection, procedures):
            drugs = [one for one in given(ctx, injection) if one.injected]
            yield from _judged(ctx, injection, procedures, drugs)


def _judged(
    ctx: Context, injection: ServiceLine, procedures: Sequence[Service], drugs: Sequence[Given]
) -> Iterator[Hit]:
    codes = sorted({one.line.code for one in procedures})
    names = sorted({one.code for one in drugs})
    taken = all(_fits_the_procedure(one) for one in drugs)
    marked = opened(ctx, injection, [one.line for one in procedures])
    if marked and not (drugs and taken):
        return  # without any drug line it is INJ-D01 that asks for one
    rests: list[Fact] = []
    for code in codes:
        row = pair(ctx, code, injection)
        if row is not None:
            rests.append(fact(row))
    own = procedures[0].own
    where = f"line {injection.number}: 96372 beside {', '.join(codes)}"
    if taken:
        says = f"{where}, which took {', '.join(names) or 'the drug'}: remove 96372, or bill the drug it gave"
    else:
        says = (
            f"{where} is denied without 59 or X{{EPSU}}: add it if the record shows that {', '.join(names)} "
            "went elsewhere"
        )
    yield Hit(
        injection.sv1.spot(1, 2),
        says,
        (injection, *(one.line for one in procedures if own)),
        None if own and rests and not marked else Severity.ADVISE,
        rests_on=tuple(rests),
        evidence={"procedures": codes, "drugs": names, "modifiers": list(injection.modifiers)},
    )


def _fits_the_procedure(one: Given) -> bool:
    """Whether the drug may have gone into joint, nerve or lesion; not if it has other routes only."""
    return not one.routes or not one.routes <= OTHER_ROUTES
