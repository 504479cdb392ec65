"""INJ-N02: the drug and its injection point at no diagnosis that goes with the drug."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Fact, Hit, cite, fact, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.indications import FEW_USES, MANY_USES, indication, pointed
from scrubber.tables import Row

_REFUSED_ONLY: Final = frozenset(["J3490"])  # any drug: the table has only what is not paid for
# Conditions that no antibiotic, steroid or pain relief is injected for.
_UNRELATED: Final = ("I10", "E03", "E119", "E78", "F17", "K219", "Z79", "Z87")
# J0897 is two drugs: by its units, the beginning of the use in the table.
_BY_UNITS: Final = {("J0897", 60): "osteoporosis", ("J0897", 120): "bone metastases"}


@rule(
    code="INJ-N02",
    name="drug-without-its-diagnosis",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "Social Security Act, s. 1862(a)(1)(A)",
            "nothing is paid that is not reasonable and necessary for an illness or injury",
            "https://www.ssa.gov/OP_Home/ssact/title18/1862.htm",
            checked_on=None,
        ),
    ),
    expected=Expected(carc=("50", "11"), rarc=("N115", "M76")),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A drug of few uses (J2315, J3420, J1050, testosterone, J0897 …) needs a diagnosis that it treats.

    Why: The payer judges the need for a drug by the diagnosis that its line
    points at, and that of 96372 likewise. The diagnosis comes from the record:
    none is offered here. A policy of this payer makes it a denial; a label alone advises. Of
    drugs of many uses (J0696, J1885, steroids) only a diagnosis that explains no injection is told.

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
        code = line.code
        if code in FEW_USES or code in MANY_USES or code in _REFUSED_ONLY:
            injections = [one for one in ctx.injections if one.first_day == line.first_day]
            if injections:
                yield from _judge(claim, ctx, line, injections)


def _judge(claim: Claim, ctx: Context, drug: ServiceLine, injections: list[ServiceLine]) -> Iterator[Hit]:
    known = len(ctx.gaps)
    mine = pointed(claim, drug)
    codes = {*mine, *(one for line in injections for one in pointed(claim, line))}
    rows = {code: indication(ctx, drug.code, code, drug) for code in codes}
    if len(ctx.gaps) > known:
        return
    covering = _covering(mine, rows)
    if covering is None:
        if _at_fault(drug.code, mine, rows):
            yield _drug_hit(ctx, drug, injections, mine, rows)
    elif drug.code in FEW_USES:
        if not any(_covering(pointed(claim, one), rows) or _full(claim, one) for one in injections):
            yield _injection_hit(drug, injections[0], covering)
        else:
            yield from _other_product(drug, mine, rows)


def _full(claim: Claim, line: ServiceLine) -> bool:
    """Whether no pointer is left, or one of them points at nothing (INJ-A05)."""
    return len(line.pointers) == 4 or len(claim.pointed(line)) < len([one for one in line.pointers if one])


def _covering(codes: list[str], rows: Mapping[str, Row | None]) -> Row | None:
    return next((row for code in codes if (row := rows[code]) is not None and row["kind"] == "covered"), None)


def _at_fault(drug: str, codes: list[str], rows: Mapping[str, Row | None]) -> bool:
    if drug in FEW_USES:
        return True
    if drug in MANY_USES:
        return bool(codes) and all(code.startswith(_UNRELATED) for code in codes)
    return bool(codes) and all(rows[code] is not None for code in codes)


def _drug_hit(
    ctx: Context,
    drug: ServiceLine,
    injections: list[ServiceLine],
    codes: list[str],
    rows: Mapping[str, Row | None],
) -> Hit:
    refused = next((row for code in codes if (row := rows[code]) is not None), None)
    severity, rests = _weight(ctx, drug, refused)
    says = (
        f"line {drug.number}: {drug.code} points at {' '.join(codes) or 'nothing'}, which does not go "
        "with it: point at the diagnosis it was given for, if the record has one"
    )
    evidence = {"pointed": codes}
    return Hit(drug.sv1.spot(7), says, (drug, *injections), severity, rests_on=rests, evidence=evidence)


def _injection_hit(drug: ServiceLine, line: ServiceLine, covering: Row) -> Hit:
    says = (
        f"line {line.number}: 96372 does not point at the diagnosis of {drug.code} (line {drug.number}): "
        "point both at what the drug was given for"
    )
    evidence = {"drug": drug.code}
    return Hit(line.sv1.spot(7), says, (line, drug), rests_on=(fact(covering),), evidence=evidence)


def _other_product(drug: ServiceLine, codes: list[str], rows: Mapping[str, Row | None]) -> Iterator[Hit]:
    use = _BY_UNITS.get((drug.code, int(drug.units or 0)))
    covering = [row for code in codes if (row := rows[code]) is not None and row["kind"] == "covered"]
    if use and not any(row["use"].startswith(use) for row in covering):
        says = (
            f"line {drug.number}: {drug.units:f} units of {drug.code} are the product for {use}, and "
            f"{' '.join(codes)} is a use of the other one: check units and diagnosis"
        )
        rests = (fact(covering[0]),)
        yield Hit(drug.sv1.spot(4), says, (drug,), rests_on=rests, evidence={"pointed": codes})


def _weight(ctx: Context, drug: ServiceLine, refused: Row | None) -> tuple[Severity, tuple[Fact, ...]]:
    """Deny where the pointed diagnosis is refused, or a policy of this payer is loaded."""
    if refused is not None:
        return Severity.DENY, (fact(refused),)
    payers = ("", ctx.payer_class, ctx.profile.name)
    covered = [
        row for row in ctx.table("dx_policy").rows(drug.code, on=drug.first_day) if row["kind"] == "covered"
    ]
    policies = [row for row in covered if row["strength"] == "policy"]
    for row in policies:
        if row["payer"] in payers:
            return Severity.DENY, (fact(row),)
    return Severity.ADVISE, tuple(fact(row) for row in (policies or covered)[:1])
