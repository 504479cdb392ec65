"""INJ-B09: an injectable HIV PrEP drug under 96372 at Medicare."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.edits import billed_as
from scrubber.rules.gates import INJECTED, rows
from scrubber.rules.given import Given, administrations, given

CODE: Final = "G0012"
COVERED_FROM: Final = date(2024, 9, 30)  # national coverage of PrEP drugs under Part B


@rule(
    code="INJ-B09",
    name="prep-under-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "CGS, payment for HIV PrEP",
            "G0012 gives injectable PrEP drugs from 2024-09-30; J0738 from 2025-10-01",
            "https://www.cgsmedicare.com/partb/fees/prep.html",
        ),
        cite(
            "NGS, drugs and biologicals",
            "J0739, J0738 and injectable J0799 with G0012",
            "https://ngsmedicare.com/web/ngs/drugs-and-biologicals?selectedArticleId=11771655",
        ),
    ),
    expected=Expected(status=(), carc=("16", "97"), rarc=("N56", "M51")),
    when=INJECTED.beside(*rows("drugs", "admin", CODE)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Medicare pays the injection of an HIV PrEP drug by G0012, not by 96372.

    Why: since 2024-09-30 Medicare covers PrEP drugs under Part B without cost to the patient, and
    G0012 is their injection (J0739, J0738, injectable J0799). Medicare Advantage plans follow
    the coverage; whether they want the code is worth a look. Commercial payers take 96372.
    J0741 is treatment, not prevention, and keeps 96372.

    Bad:
        SBR*P*18*******MB
        HI*ABK:Z2981
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J0739*4000*UN*600***1

    Good:
        SBR*P*18*******MB
        HI*ABK:Z2981
        SV1*HC:G0012*30*UN*1***1
        SV1*HC:J0739*4000*UN*600***1
    """
    if ctx.payer_class not in ("medicare", "medicare-advantage"):
        return
    told = set()
    for injection in ctx.injections:
        day = injection.first_day
        if day is None or day < COVERED_FROM or day in told:
            continue
        told.add(day)
        items = given(ctx, injection)
        drugs = [one for one in items if one.admin == CODE]
        if drugs:
            explained = any(one.injected and one.admin != CODE for one in items)
            own_code = bool(administrations(ctx, injection, "prep-admin"))
            if not (explained and own_code):
                yield _hit(ctx, injection, drugs, explained=explained, own_code=own_code)


def _hit(ctx: Context, injection: ServiceLine, drugs: list[Given], *, explained: bool, own_code: bool) -> Hit:
    own = [one for one in drugs if one.service.own]
    drug = (own or drugs)[0]
    cure = f"bill {CODE} in its place"
    if own_code:
        cure = f"it has {CODE}, so remove 96372, or bill the drug that 96372 gave"
    elif explained:
        cure = f"bill {CODE} for it as well"
    sure = ctx.medicare and own and not explained
    alone = not own_code and len(ctx.injections) == 1
    return Hit(
        injection.sv1.spot(1, 2),
        f"line {injection.number}: 96372 does not give {drug.code} (HIV PrEP) at Medicare: {cure}",
        (injection, *(one.service.line for one in own)),
        None if sure else Severity.ADVISE,
        rests_on=tuple(fact(drug.drug, "admin") for drug in (drug,) if drug.drug),
        evidence={"drug": drug.code, "other_drug": explained, "has_own_code": own_code},
        fix=billed_as(injection, CODE) if sure and alone else None,
    )
