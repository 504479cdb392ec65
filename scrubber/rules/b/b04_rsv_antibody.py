"""INJ-B04: an RSV antibody under 96372, or for the reason of a vaccine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, When, cite, fact, rule
from scrubber.rules.gates import rows
from scrubber.rules.given import Given, administrations, given

ADMIN: Final = "rsv-admin"
COUNSELLED: Final = "96380"
VACCINE_ENCOUNTER: Final = "Z23"
RSV_PROPHYLAXIS: Final = "Z2911"


@rule(
    code="INJ-B04",
    name="rsv-antibody-under-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "AAP News, codes for RSV antibody administration",
            "96380 and 96381 from 2023-10-06; before, 96372; palivizumab stays with 96372",
            "https://publications.aap.org/aapnews/news/26439",
        ),
    ),
    expected=Expected(status=(), carc=("16", "272"), rarc=("N56",)),
    when=When().beside(*rows("drugs", "admin", ADMIN), *rows("admin_codes", "kind", ADMIN)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Nirsevimab or clesrovimab is given by 96380 or 96381 since 2023-10-06, and never for Z23.

    Why: 96380 (with counselling by the practitioner) and 96381 (without) are the codes
    for RSV antibodies; the claim does not show which. Before that day 96372 was right. The reason is
    Z29.11, not Z23, as they are no vaccines. Palivizumab (90378) keeps 96372.

    Bad:
        HI*ABK:Z2911
        SV1*HC:90381*500*UN*1***1
        SV1*HC:96372*30*UN*1***1

    Good:
        HI*ABK:Z2911
        SV1*HC:90381*500*UN*1***1
        SV1*HC:96381*30*UN*1***1
    """
    told = set()
    for injection in ctx.injections:
        if injection.first_day in told:
            continue
        told.add(injection.first_day)
        code = ctx.find("admin_codes", COUNSELLED, injection)
        items = given(ctx, injection)
        antibodies = [one for one in items if one.admin == ADMIN]
        if code is None or not antibodies:
            continue
        explained = any(one.injected and one.admin != ADMIN for one in items)
        own_code = bool(administrations(ctx, injection, ADMIN))
        if not (explained and own_code):
            yield _wrong(injection, antibodies, explained=explained, own_code=own_code)
    yield from _reasons(claim, ctx)


def _wrong(injection: ServiceLine, antibodies: list[Given], *, explained: bool, own_code: bool) -> Hit:
    own = [one for one in antibodies if one.service.own]
    drug = (own or antibodies)[0]
    if own_code:
        cure = "it has 96380 or 96381, so remove 96372, or bill the drug that 96372 gave"
    elif explained:
        cure = "bill 96380 (with counselling) or 96381 for it as well"
    else:
        cure = "bill 96380 (with counselling) or 96381 in its place"
    return Hit(
        injection.sv1.spot(1, 2),
        f"line {injection.number}: 96372 does not give {drug.code}: {cure}",
        (injection, *(one.service.line for one in own)),
        Severity.ADVISE if explained or not own else None,
        rests_on=tuple(fact(drug.product) for drug in (drug,) if drug.product),
        evidence={"product": drug.code, "other_drug": explained, "has_own_code": own_code},
    )


def _reasons(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Antibody lines, and their administrations, that point at Z23 and not at Z29.11."""
    for line in claim.lines:
        drug = ctx.find("drugs", line.code, line)
        code = ctx.find("admin_codes", line.code, line)
        if not (drug and drug["admin"] == ADMIN) and not (code and code["kind"] == ADMIN):
            continue
        pointed = {dx.code.upper().replace(".", ""): dx for dx in claim.pointed(line)}
        if VACCINE_ENCOUNTER in pointed and RSV_PROPHYLAXIS not in pointed:
            yield Hit(
                pointed[VACCINE_ENCOUNTER].spot,
                f"line {line.number}: {line.code} points at Z23, but this is no vaccine: point at Z29.11",
                (line,),
                evidence={"dx": VACCINE_ENCOUNTER},
            )
            return
