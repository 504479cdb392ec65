"""INJ-N02: the drug and its injection point at no diagnosis that goes with the drug."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, Diagnosis, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Fact, Hit, cite, fact, rule
from scrubber.tables import Row

# Drugs of few uses. Antibiotics, steroids and pain relief go with too many diagnoses to be judged by a list.
_DRUGS: Final = frozenset(["J0897", "J1050", "J1071", "J1072", "J2315", "J2357", "J3121", "J3145", "J3420"])


@rule(
    code="INJ-N02",
    name="drug-without-its-diagnosis",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "LCD L33967, Vitamin B12 Injections",
            "update of 2025-12-31: low vitamin B12, its causes and effects; adjunct to pemetrexed",
            "https://verity.backworkai.com/policy/L33967",
        ),
        cite(
            "Blue Cross Blue Shield of Alabama, policy PH-0139 (Vivitrol)",
            "alcohol or opioid dependence",
            "https://al-policies.exploremyplan.com",
        ),
    ),
    expected=Expected(carc=("50", "11"), rarc=("N115", "M76")),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A drug of few uses (J2315, J3420, J1050, testosterone, J0897 …) needs a diagnosis that it treats.

    Why: The payer judges the need for a drug by the diagnosis that its line
    points at, and that of 96372 likewise. The diagnosis comes from the record:
    none is offered here. A policy that is loaded makes it a denial; a label alone advises.

    Bad:
        HI*ABK:I10
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        HI*ABK:I10*ABF:D510
        SV1*HC:96372*30*UN*1***2
        SV1*HC:J3420*5*UN*1***2
    """
    for line in claim.lines:
        if line.code in _DRUGS:
            injections = [one for one in ctx.injections if one.first_day == line.first_day]
            if injections:
                yield from _judge(claim, ctx, line, injections)


def _judge(claim: Claim, ctx: Context, drug: ServiceLine, injections: list[ServiceLine]) -> Iterator[Hit]:
    known = len(ctx.gaps)
    kinds = {diagnosis.code: _row(ctx, drug, diagnosis) for diagnosis in claim.diagnoses}
    if len(ctx.gaps) > known:
        return
    pointed = claim.pointed(drug)
    if not _covered(pointed, kinds):
        refused = next((row for one in pointed if (row := kinds[one.code])), None)
        severity, rests = _weight(ctx, drug, refused)
        dx = " ".join(one.code for one in pointed) or "nothing"
        says = (
            f"line {drug.number}: {drug.code} points at {dx}, which does not go with it: "
            "point at the diagnosis it was given for, if the record has one"
        )
        lines = (drug, *injections)
        yield Hit(drug.sv1.spot(7), says, lines, severity, rests_on=rests, evidence={"pointed": dx.split()})
    elif not any(_covered(claim.pointed(one), kinds) or len(one.pointers) == 4 for one in injections):
        line = injections[0]
        says = (
            f"line {line.number}: 96372 does not point at the diagnosis of {drug.code} (line {drug.number}): "
            "point both at what the drug was given for"
        )
        yield Hit(line.sv1.spot(7), says, (line, drug), evidence={"drug": drug.code})


def _row(ctx: Context, drug: ServiceLine, diagnosis: Diagnosis) -> Row | None:
    """The row of the longest prefix of a diagnosis among those of the drug."""
    code = diagnosis.code.replace(".", "").upper()
    for size in range(len(code), 0, -1):
        row = ctx.find("dx_policy", (drug.code, code[:size]), drug)
        if row is not None:
            return row
    return None


def _covered(pointed: list[Diagnosis], kinds: dict[str, Row | None]) -> bool:
    return any(row["kind"] == "covered" for one in pointed if (row := kinds[one.code]) is not None)


def _weight(ctx: Context, drug: ServiceLine, refused: Row | None) -> tuple[Severity, tuple[Fact, ...]]:
    """Deny where the pointed diagnosis is refused, or a policy of this payer is loaded."""
    if refused is not None:
        return Severity.DENY, (fact(refused),)
    payers = ("", ctx.payer_class, ctx.profile.name)
    for row in ctx.table("dx_policy").rows(drug.code, on=drug.first_day):
        if row["strength"] == "policy" and row["kind"] == "covered" and row["payer"] in payers:
            return Severity.DENY, (fact(row),)
    return Severity.ADVISE, ()
