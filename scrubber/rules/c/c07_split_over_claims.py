"""INJ-C07: the drug stands on another claim of the day than its injection."""

from __future__ import annotations

from collections.abc import Iterator

from loops import Claim
from scrubber.codes import is_drug
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED


@rule(
    code="INJ-C07",
    name="injection-and-drug-on-two-claims",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "NGS, Proper Billing for Patient Supplied Drugs (2023-04-10)",
            "the drug on the same claim as its administration",
            "https://www.ngsmedicare.com/web/ngs/search-details?selectedArticleId=3999440",
        ),
    ),
    expected=Expected(carc=("16", "B15", "107"), rarc=("N674", "M15")),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """96372 has no drug on its claim; the drug of that patient and day stands on another claim of the batch.

    Why: a payer reads one claim at a time and misses the drug, so it asks for both on one. NCCI counts
    over all claims of a provider's day: a visit, infusion or procedure on another claim is told, as advice,
    by the rule of that pair (INJ-E01, E02, P01, P02 ...).

    Bad:
        SV1*HC:96372*30*UN*1***1
        ---
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
        ---
        SV1*HC:99213:25*100*UN*1***1
    """
    told = set()
    for line in ctx.injections:
        day = line.first_day
        here = day in [one.first_day for one in ctx.drugs]
        if day is None or day in told or here:
            continue
        drugs = [one for one in ctx.patient_day(line) if is_drug(one.line.code)]
        if drugs:
            told.add(day)
            codes = sorted({one.line.code for one in drugs})
            says = (
                f"line {line.number}: the drug ({', '.join(codes)}) is on another claim of the day: "
                "bill it on one claim with its injection"
            )
            yield Hit(line.sv1.spot(1), says, (line,), evidence={"drugs": codes})
