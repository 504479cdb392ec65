"""INJ-D18: hydroxyprogesterone after its approval was withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import on_claim

_WITHDRAWN: Final = date(2023, 4, 6)
_BRAND, _OTHER = "J1726", "J1729"
_PREGNANCY: Final = ("O09", "O60", "Z8751")


@rule(
    code="INJ-D18",
    name="hydroxyprogesterone-withdrawn",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "NC Medicaid, Makena",
            "no payment from the day after the FDA withdrew the approval (2023-04-06)",
            "https://medicaid.ncdhhs.gov",
            checked_on=None,
        ),
        cite("Humana, Premera, Optum Rx, withdrawal of Makena", "not covered after 2023-04-06"),
    ),
    expected=Expected(carc=("114", "272", "55")),
    when=on_claim(_BRAND, _OTHER),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Makena and its generics against preterm birth lost their approval on 2023-04-06: payers stopped paying.

    Why: A drug that is not approved is not covered. Another product of the same
    substance stays in the FDA directory for other uses, so J1729 is told only with
    a diagnosis of pregnancy, and neither is called a sure denial.

    Bad:
        HI*ABK:O09212
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1726*700*UN*25***1

    Good:
        HI*ABK:C541
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1729*90*UN*25***1
    """
    for line in claim.lines:
        if line.code not in (_BRAND, _OTHER) or line.first_day is None or line.first_day < _WITHDRAWN:
            continue
        codes = [one.code.replace(".", "").upper() for one in claim.pointed(line)]
        if line.code == _BRAND or any(code.startswith(_PREGNANCY) for code in codes):
            says = (
                f"line {line.number}: {line.code} on {line.first_day}: its approval for preterm birth was "
                "withdrawn on 2023-04-06; see that this payer still pays it"
            )
            yield Hit(line.sv1.spot(1, 2), says, (line,), evidence={"withdrawn": str(_WITHDRAWN)})
