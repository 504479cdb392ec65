"""INJ-D01: an injection is billed, and no drug."""

from __future__ import annotations

from collections.abc import Iterator

from loops import Claim, ServiceLine
from scrubber.codes import is_drug
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED

_DEMANDED = ("required", "required_0.01")


@rule(
    code="INJ-D01",
    name="no-drug-line",
    severity=Severity.DENY,
    cites=(
        cite(
            "NGS Medicare, Proper Billing for Patient Supplied Drugs",
            "the drug code on the same claim as its administration, also when it was free; rev. 2023-04-10",
            "https://ngsmedicare.com/web/ngs/search-details?selectedArticleId=3999440",
        ),
        cite(
            "BridgeSpan, Medication Claims",
            "an administration without a drug line is denied",
            "https://www.bridgespanhealth.com/provider/claims-payment/claims-submission/medication-claims",
        ),
    ),
    expected=Expected(carc=("16", "B15", "107"), rarc=("M123", "N56", "N674")),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """96372 stands on the claim and the drug that was injected stands nowhere on that day.

    Why: Medicare wants the drug on the same claim as its administration, at one
    cent if it was free; some payers deny the injection without it. Others get
    the drug from a specialty pharmacy and see 96372 alone every day: there it
    only advises. What was injected is in the record, so no line is ever added here.

    Bad:
        SV1*HC:96372*30*UN*1***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    told = set()
    for line in ctx.injections:
        if line.first_day in told or any(is_drug(one.line.code) for one in ctx.patient_day(line)):
            continue
        told.add(line.first_day)
        severity, cure = _judge(line, ctx)
        if severity is not None:
            day = [one for one in ctx.injections if one.first_day == line.first_day]
            says = f"line {line.number}: 96372 without a drug line on its day: {cure}"
            yield Hit(line.sv1.spot(1), says, tuple(day), severity)


def _judge(line: ServiceLine, ctx: Context) -> tuple[Severity | None, str]:
    habit = ctx.habit("drug_line", line)
    if habit is None:
        severity = Severity.DENY if ctx.medicare else Severity.ADVISE
        return severity, "bill the drug of the record beside it, or see who billed it"
    if habit.value in _DEMANDED:
        cent = " (at 0.01 if it was not bought)" if habit.value == "required_0.01" else ""
        severity = Severity.DENY if habit.decides or ctx.medicare else Severity.ADVISE
        return severity, f"this payer wants the drug beside it{cent}: bill the drug of the record"
    if habit.value == "forbidden_if_not_supplied" and not line.all("NTE"):
        return Severity.ADVISE, "name the drug in the note of the line (2400 NTE), as this payer asks"
    return None, ""
