"""INJ-N05: only a symptom or a routine examination stands for the reason of an injection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.given import given
from scrubber.rules.indications import FEW_USES, MANY_USES, indication, pointed

_ROUTINE: Final = ("Z00", "Z01", "Z02")
# Cough, breathing, chest and belly pain, vomiting, rash, retention, dizziness, agitation, fever, headache,
# pain, fits, allergy and shock: symptoms that an injection is given for.
_TREATED: Final = frozenset(
    ["R05", "R06", "R07", "R10", "R11", "R21", "R33", "R42", "R45", "R50", "R51", "R52", "R56", "R57"]
)


@rule(
    code="INJ-N05",
    name="symptom-or-routine-diagnosis",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "ICD-10-CM Official Guidelines, s. IV.L, at AAP",
            "treatment only: first the condition that is chiefly the reason for it",
            "https://reader.aappublications.org/pediatric-icd-10-cm-9781610020435/21",
        ),
    ),
    expected=Expected(carc=("50", "11"), rarc=("N115", "N386", "N569")),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Every diagnosis of 96372 is a routine examination (Z00 to Z02) or a symptom that no injection treats.

    Why: such a diagnosis seldom shows a need for a drug, and payers that keep lists of diagnoses have
    it on none. Symptoms that injections are given for (pain, vomiting, fever, headache ...) are let
    pass, and what table dx_policy has for the drug. Drugs of few uses are judged by INJ-N02.

    Bad:
        HI*ABK:Z0000
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2550*5*UN*1***1

    Good:
        HI*ABK:Z0000*ABF:J209
        SV1*HC:96372*30*UN*1***2
        SV1*HC:J2550*5*UN*1***2
    """
    for injection in ctx.injections:
        codes = pointed(claim, injection)
        if codes and all(_weak(code) for code in codes) and not _explained(ctx, injection, codes):
            kind = "routine examinations" if codes[0].startswith(_ROUTINE) else "symptoms"
            says = (
                f"line {injection.number}: 96372 points only at {' '.join(codes)} ({kind}): point at the "
                "condition that the drug was given for, if the record has one"
            )
            yield Hit(injection.sv1.spot(7), says, (injection,), evidence={"dx": codes})


def _weak(code: str) -> bool:
    return code.startswith(_ROUTINE) or (code.startswith("R") and code[:3] not in _TREATED)


def _explained(ctx: Context, injection: ServiceLine, codes: list[str]) -> bool:
    """Whether a drug of the day goes with one of them, is judged by INJ-N02, or a vaccine is why (B01)."""
    known = len(ctx.gaps)
    for one in given(ctx, injection):
        if one.vaccine or one.code in FEW_USES:
            return True
        if one.code in MANY_USES and all(code.startswith("R") for code in codes):
            return True
        rows = (indication(ctx, one.code, code, injection) for code in codes)
        if any(row is not None for row in rows):
            return True
    return len(ctx.gaps) > known
