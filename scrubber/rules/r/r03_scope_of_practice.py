"""INJ-R03: an injection is outside what the rendering provider may do."""

from __future__ import annotations

from collections.abc import Iterator

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.providers import Renderer, renderer


@rule(
    code="INJ-R03",
    name="outside-scope-of-practice",
    severity=Severity.DENY,
    cites=(
        cite(
            "NUCC, Health Care Provider Taxonomy",
            "the profession behind a taxonomy code",
            "https://www.nucc.org",
            checked_on=None,
        ),
    ),
    expected=Expected(carc=("8", "170", "172"), rarc=("N95",)),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The rendering provider is a chiropractor, therapist, psychologist, dentist, pharmacist ...

    Why: a payer denies a service that the taxonomy of its provider does not allow. Medicare pays a
    chiropractor for manipulation alone, so there it is sure; elsewhere the scope of practice is the
    state's and it only advises. Pharmacists may inject in many states; a payer that lets them bill (New York
    Medicaid from 2024-04-01) says so in its profile.

    Bad:
        SBR*P*18*******MB
        PRV*PE*PXC*111N00000X
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SBR*P*18*******MB
        PRV*PE*PXC*207Q00000X
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    for line in ctx.injections:
        who = renderer(claim, ctx, line)
        if (
            who is not None
            and who.scope["renders"] in ("outside", "by-state")
            and not _allowed(ctx, line, who)
        ):
            outside = who.scope["renders"] == "outside"
            at = who.provider.specialty.spot(3) if who.provider.specialty else line.sv1.spot(1)
            says = (
                f"line {line.number}: 96372 is rendered by a {who.scope['kind']} ({who.provider.taxonomy}): "
                + ("not in the scope of the profession" if outside else "allowed in some states only")
                + "; check who rendered it and with which taxonomy"
            )
            yield Hit(
                at,
                says,
                (line,),
                None if outside and ctx.medicare and not who.billing else Severity.ADVISE,
                rests_on=(fact(who.scope),),
                evidence={"taxonomy": who.provider.taxonomy, "kind": who.scope["kind"]},
            )


def _allowed(ctx: Context, line: ServiceLine, who: Renderer) -> bool:
    habit = ctx.habit("may_render", line)
    return habit is not None and who.provider.taxonomy.startswith(tuple(habit.value.split()))
