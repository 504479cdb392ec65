"""INJ-D04: a drug line without its NDC, for a payer that wants it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.payers import Habit
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import DRUG, on_claim

_FEDERAL_FROM: Final = date(2008, 1, 1)
_PREP: Final = "J0799"  # Medicare asks for its NDC in words
_REBATES: Final = frozenset({"UD", "U8", "JG", "TB"})
_MAY_WANT: Final = frozenset({"commercial", "medicare-advantage", "unknown"})
_EFFECTS: Final = {"reject": Severity.REJECT, "deny": Severity.DENY, "lowest_fee": Severity.ADVISE}


@rule(
    code="INJ-D04",
    name="ndc-missing",
    severity=Severity.REJECT,
    cites=(
        cite(
            "Medicaid.gov, Physician Administered Drugs; Social Security Act 1927(a)(7)",
            "no federal money for a drug without NDC",
            "https://www.medicaid.gov/medicaid/prescription-drugs/state-prescription-drug-resources/physician-administered-drugs-pad/index.html",
        ),
        cite(
            "Medi-Cal manual, Physician-Administered Drugs",
            "federal law exempts vaccines",
            "https://docest.com/doc/582737/physician-administered-drugs-ndc-physician-ndc",
        ),
        cite(
            "BridgeSpan, Medication Claims",
            "J codes without NDC are rejected",
            "https://www.bridgespanhealth.com/provider/claims-payment/claims-submission/medication-claims",
        ),
    ),
    expected=Expected(status=("A7:218",), carc=("16",), rarc=("M119",)),
    when=on_claim(DRUG),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Medicaid refuses a drug line without NDC (loop 2410); other payers by their habit.

    Why: States claim rebates by NDC, so Medicaid needs it on drugs; vaccines are
    exempt by federal law. Commercial payers differ: without a profile it only
    advises. Medicare asks for it on unlisted drugs, in words. The NDC is on the
    package that was opened, so none is ever added here.

    Bad:
        SBR*P*18*******MC
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SBR*P*18*******MC
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
        LIN**N4*00143961901
        CTP****1*ML
    """
    for line in ctx.drugs:
        if line.drug is None and line.first_day:
            severity = _severity(ctx, line, line.first_day)
            if severity is not None:
                says = f"line {line.number}: {line.code} without NDC (loop 2410): take it from the package"
                yield Hit(line.sv1.spot(1, 2), says, (line,), severity, evidence={"drug": line.code})


def _severity(ctx: Context, line: ServiceLine, day: date) -> Severity | None:
    habit = ctx.habit("ndc", line)
    vaccine = _vaccine(line.code)
    federal = ctx.payer_class == "medicaid" and not vaccine and day >= _FEDERAL_FROM
    if federal and not (habit and habit.value == "none"):
        return Severity.ADVISE if _REBATES.intersection(line.modifiers) else Severity.REJECT
    if habit:
        return _by_habit(ctx, line, habit)
    if ctx.medicare:
        return Severity.ADVISE if line.code == _PREP or _unlisted(ctx, line) else None
    return Severity.ADVISE if ctx.payer_class in _MAY_WANT and not vaccine else None


def _by_habit(ctx: Context, line: ServiceLine, habit: Habit) -> Severity | None:
    wanted = {
        "none": False,
        "noc_only": habit.value == "noc_only" and _unlisted(ctx, line),
        "j": line.code.startswith("J"),
        "j_q": line.code.startswith(("J", "Q")),
        "listed": not _vaccine(line.code),
        "all": True,
    }[habit.value]
    if not wanted:
        return None
    effect = ctx.habit("ndc_missing_effect", line)
    severity = _EFFECTS[effect.value] if effect else Severity.DENY
    weak = not habit.decides or habit.value == "listed" or (effect is not None and not effect.decides)
    return Severity.ADVISE if weak else severity


def _vaccine(code: str) -> bool:
    return "90476" <= code <= "91350" or "Q2033" <= code <= "Q2039"


def _unlisted(ctx: Context, line: ServiceLine) -> bool:
    return ctx.find("noc_codes", line.code, line) is not None
