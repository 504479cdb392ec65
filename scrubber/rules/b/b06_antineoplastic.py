"""INJ-B06: an antineoplastic drug under 96372."""

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

ANTINEOPLASTIC: Final = "antineoplastic"
GREY: Final = "antineoplastic-grey"
CODE: Final = "96401"


@rule(
    code="INJ-B06",
    name="antineoplastic-under-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "Noridian A52953, Chemotherapy Administration",
            "antineoplastic drugs take the chemotherapy codes for other diagnoses too",
            "https://med.noridianmedicare.com/web/jeb/policies/coverage-articles/chemotherapy-administration",
        ),
        cite(
            "The Rheumatologist, 96372 or 96401",
            "methotrexate for arthritis: payers differ",
            "https://the-rheumatologist.org/article/a-rheumatologists-dilemma96372-vs-96401",
        ),
    ),
    expected=Expected(status=(), carc=("97", "16"), rarc=("N56", "M51")),
    when=INJECTED.beside(*rows("drugs", "admin", CODE), *rows("drugs", "class", ANTINEOPLASTIC)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """An antineoplastic drug that is no hormone is injected by 96401, not by 96372.

    Why: 96401 is for antineoplastic drugs under the skin or into the muscle, whatever the
    diagnosis. Medicare denies or recoups 96372 for them unless the contractor lists
    the drug; other payers differ, so there it is only worth a look. So it is for
    methotrexate when the diagnosis is no neoplasm, for interferons, for an unlisted
    antineoplastic, and where another drug on the day explains 96372.

    Bad:
        SBR*P*18*******MB
        HI*ABK:C9000
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J9041*900*UN*35***1

    Good:
        SBR*P*18*******MB
        HI*ABK:C9000
        SV1*HC:96401*90*UN*1***1
        SV1*HC:J9041*900*UN*35***1
    """
    told = set()
    for injection in ctx.injections:
        items = given(ctx, injection)
        drugs = [one for one in items if _counts(one) and not listed(claim, ctx, one.code, injection)]
        if not drugs or administrations(ctx, injection, "chemo"):
            continue
        explained = any(one.injected and one.code not in {drug.code for drug in drugs} for one in items)
        for drug in drugs:
            if drug.code not in told:
                told.add(drug.code)
                yield _hit(claim, ctx, injection, drug, explained=explained)


def _counts(one: Given) -> bool:
    if one.drug is None:
        return False
    class_ = one.drug["class"]
    unlisted = class_ == ANTINEOPLASTIC and one.drug["noc"] == "yes"
    return one.admin == CODE or unlisted


def _hit(claim: Claim, ctx: Context, injection: ServiceLine, one: Given, *, explained: bool) -> Hit:
    line = one.service.line
    lines: Sequence[ServiceLine] = (injection, line) if one.service.own else (injection,)
    cancer = neoplasm(diagnoses(claim, lines))
    drug = one.drug
    assert drug is not None
    class_ = drug["class"]
    grey = class_ == GREY and not cancer
    sure = ctx.medicare and class_ in (ANTINEOPLASTIC, GREY) and not grey and drug["noc"] == "no"
    denies = sure and not explained and one.service.own
    cure = f"bill {CODE} {'as well' if explained else 'in its place'}"
    kind = (
        "an antineoplastic" if class_ in (ANTINEOPLASTIC, GREY) else "a biologic that takes 96401 as a rule"
    )
    if grey:
        cure += ", unless this payer takes 96372 when the diagnosis is no neoplasm"
    return Hit(
        injection.sv1.spot(1, 2),
        f"line {injection.number}: 96372 does not give {one.code}, {kind}: {cure}",
        tuple(lines),
        Severity.DENY if denies else Severity.ADVISE,
        rests_on=(fact(drug, "class"),),
        evidence={"drug": one.code, "class": class_, "neoplasm": cancer, "other_drug": explained},
    )
