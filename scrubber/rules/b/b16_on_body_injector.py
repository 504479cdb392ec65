"""INJ-B16: on-body injector and 96372 for one drug."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED, rows
from scrubber.rules.given import administrations, given

ON_BODY: Final = frozenset({"J2506", "Q5111"})  # sold as a syringe and as an on-body injector


@rule(
    code="INJ-B16",
    name="on-body-injector-with-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "CMS A54682, Neulasta Onpro and Udenyca Onbody",
            "96372 for the syringe, 96377 for the on-body injector",
            "https://www.cms.gov/medicare-coverage-database/view/article.aspx?articleId=54682",
        ),
    ),
    expected=Expected(status=(), carc=("97", "18"), rarc=("M15",)),
    when=INJECTED.beside(*rows("admin_codes", "kind", "on-body")),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """96377 and 96372 both stand for the one pegfilgrastim of the day.

    Why: pegfilgrastim comes as a syringe, injected now (96372), and as an injector stuck on the
    skin that works the next day (96377), under the same drug code. One dose has one of them.

    Bad:
        SV1*HC:96377*30*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2506*3000*UN*12***1

    Good:
        SV1*HC:96377*30*UN*1***1
        SV1*HC:J2506*3000*UN*12***1
    """
    told = set()
    for injection in ctx.injections:
        if injection.first_day in told:
            continue
        told.add(injection.first_day)
        injectors = administrations(ctx, injection, "on-body")
        drugs = sorted({one.code for one in given(ctx, injection) if one.injected}) if injectors else []
        if len(drugs) != 1 or drugs[0] not in ON_BODY:
            continue
        own = [one.line for one in injectors if one.own]
        yield Hit(
            injection.sv1.spot(1, 2),
            f"line {injection.number}: 96372 and {injectors[0].line.code} for one {drugs[0]}: keep "
            "96377 for the on-body injector, or 96372 for the syringe",
            (injection, *own),
            None if own else Severity.ADVISE,
            evidence={"drug": drugs[0]},
        )
