"""INJ-B07: a hormonal antineoplastic for a tumour under 96372."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.gates import INJECTED, rows
from scrubber.rules.given import Given, administrations, diagnoses, given, neoplasm
from scrubber.rules.lists import listed

CLASSES: Final = frozenset({"hormonal", "hormonal-by-dx"})
GIVEN_BY: Final = frozenset({"96402", "96372"})  # not the implants of 11980 to 11983: INJ-B18
CODE: Final = "96402"


@rule(
    code="INJ-B07",
    name="hormonal-antineoplastic-under-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "Noridian A52953, Chemotherapy Administration",
            "96402 for hormonal antineoplastic drugs",
            "https://med.noridianmedicare.com/web/jeb/policies/coverage-articles/chemotherapy-administration",
        ),
    ),
    expected=Expected(status=(), carc=("97", "16"), rarc=("N56", "M51")),
    when=INJECTED.beside(*rows("drugs", "class", *CLASSES)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A hormonal drug given against a tumour is injected by 96402, not by 96372.

    Why: 96402 is for hormonal antineoplastic drugs. The same drug for endometriosis,
    fibroids, early puberty, contraception or gender dysphoria is no cancer treatment:
    there 96372 is right. So the diagnosis (C00 to D49, without D25) decides. Drugs
    that some payers keep out of the whole chemotherapy range are only worth a look.

    Bad:
        HI*ABK:C61
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J9217*900*UN*3***1

    Good:
        HI*ABK:C61
        SV1*HC:96402*60*UN*1***1
        SV1*HC:J9217*900*UN*3***1
    """
    told = set()
    for injection in ctx.injections:
        items = given(ctx, injection)
        drugs = [one for one in items if one.drug and one.drug["class"] in CLASSES and one.admin in GIVEN_BY]
        if not drugs or administrations(ctx, injection, "chemo"):
            continue
        explained = any(one.injected and one.code not in {drug.code for drug in drugs} for one in items)
        for drug in drugs:
            if drug.code not in told and not listed(claim, ctx, drug.code, injection):
                told.add(drug.code)
                yield from _hit(claim, injection, drug, explained=explained)


def _hit(claim: Claim, injection: ServiceLine, one: Given, *, explained: bool) -> Iterator[Hit]:
    lines: Sequence[ServiceLine] = (injection, one.service.line) if one.service.own else (injection,)
    codes = diagnoses(claim, lines)
    drug = one.drug
    if drug is None or not neoplasm(codes):
        return
    unsure = explained or not one.service.own
    yield Hit(
        injection.sv1.spot(1, 2),
        f"line {injection.number}: 96372 does not give {one.code}, a hormonal drug, for a neoplasm: "
        f"bill {CODE} {'as well' if explained else 'in its place'}, or point at the diagnosis it treats",
        tuple(lines),
        Severity.ADVISE if unsure else None,
        rests_on=(fact(drug, "class"), *((fact(drug, "admin"),) if one.admin != CODE else ())),
        evidence={"drug": one.code, "class": drug["class"], "dx": codes, "other_drug": explained},
    )
