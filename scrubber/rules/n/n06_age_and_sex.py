"""INJ-N06: the drug is not for patients of that age or sex."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Outcome, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.gates import on_claim, rows
from scrubber.rules.given import months
from scrubber.rules.indications import plain
from scrubber.tables import Row

_LIMITS: Final = ("sex", "min-months", "max-months")
_SEXES: Final = {"M": "men", "F": "women"}
_KNOWN: Final = ("M", "F")
_OVERRIDE: Final = "KX"  # on a professional claim what condition code 45 is on an institutional one
_CONDITION: Final = "45"


@rule(
    code="INJ-N06",
    name="age-or-sex-of-the-drug",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "MLN Matters MM6638 (CR 6638, from 2010-04-01), at Palmetto GBA",
            "KX (professional) or condition code 45 (institutional) where sex does not bind a service",
            "http://www.palmettogba.com/palmetto/providers.nsf/DocsCat/Ohio%20Part%20B%20Carrier~Browse%20by%20Topic~General~8525746A00550AA385257662005E2226",
        ),
    ),
    expected=Expected(status=("A7:475", "A7:474"), carc=("6", "7", "9", "10")),
    when=on_claim(*rows("drug_limits", "limit", *_LIMITS)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The drug of the line is labelled or paid for other ages, or for the other sex.

    Why: payers hold a drug's code against the birth date and sex of the claim (testosterone for a
    woman, J2315 under 18, 90378 after two years); Medicaid programs deny by it. Where sex is not M
    or F, or KX or condition code 45 says that it does not bind, nothing is told. More often
    than not the wrong patient or the wrong code is at fault.

    Bad:
        DMG*D8*20120101*M
        HI*ABK:F1120
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2315*1450*UN*380***1

    Good:
        DMG*D8*19800101*M
        HI*ABK:F1120
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2315*1450*UN*380***1
    """
    for line in ctx.drugs:
        for limit in _LIMITS:
            row = ctx.find("drug_limits", (line.code, limit, "any"), line)
            told = _breach(claim, line, row) if row is not None and _applies(claim, row) else ""
            if row is not None and told:
                yield _hit(claim, ctx, line, row, told)
                break


def _applies(claim: Claim, row: Row) -> bool:
    """Whether the diagnoses of the claim leave the limit in force."""
    codes = [plain(one.code) for one in claim.diagnoses]
    only, never = row["only_dx"], row["not_dx"]
    if only and not any(code.startswith(tuple(only.split(";"))) for code in codes):
        return False
    return not (never and any(code.startswith(tuple(never.split(";"))) for code in codes))


def _breach(claim: Claim, line: ServiceLine, row: Row) -> str:
    """Who the drug is for, where the patient is none of them; else empty."""
    party = claim.patient or (claim.subscriber.party if claim.subscriber else None)
    if row["limit"] == "sex":
        wrong = party is not None and party.sex in _KNOWN and party.sex != row["value"]
        return f"for {_SEXES[row['value']]}" if wrong else ""
    age, bound = months(claim, line), int(row["value"])
    if age is None:
        return ""
    if row["limit"] == "min-months":
        return f"from the age of {_words(bound)}" if age < bound else ""
    return f"up to the age of {_words(bound)}" if age > bound else ""


def _words(months_: int) -> str:
    return f"{months_ // 12} years" if months_ > 24 else f"{months_} months"


def _hit(claim: Claim, ctx: Context, line: ServiceLine, row: Row, told: str) -> Hit:
    evidence = {"limit": row["limit"], "value": row["value"]}
    at, lines, rests = line.sv1.spot(1, 2), (line,), (fact(row),)
    where = f"line {line.number}: {line.code} is {told}"
    if row["limit"] == "sex" and (_OVERRIDE in line.modifiers or _condition(claim)):
        says = f"{where}; KX or condition code 45 says that sex does not bind here"
        return Hit(at, says, lines, None, Outcome.BYPASSED, rests, evidence)
    severity = Severity.DENY if ctx.payer_class == "medicaid" else None
    says = f"{where}, and the patient is not: check code, birth date and sex, or be ready to show the reason"
    return Hit(at, says, lines, severity, rests_on=rests, evidence=evidence)


def _condition(claim: Claim) -> bool:
    return any(
        segment.text(element, 1) == "BG" and segment.text(element, 2) == _CONDITION
        for segment in claim.all("HI")
        for element in range(1, 13)
    )
