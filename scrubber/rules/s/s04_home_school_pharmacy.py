"""INJ-S04: an injection at home, in a school, a pharmacy or another unusual place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.common import drug_administration
from scrubber.rules.gates import INJECTED, place

MASS: Final = "60"
HOSPICE: Final = "34"
OF_HOSPICE: Final = frozenset({"GV", "GW"})
_SUPERVISED: Final = "96372 needs a practitioner there who supervises, or who gave it"
_WHY: Final = {
    "01": f"in a pharmacy {_SUPERVISED}; many payers want the pharmacy's own claim",
    "03": f"in a school {_SUPERVISED}",
    "09": "what is done in a prison is mostly not the payer's: see who is responsible",
    "12": f"at home {_SUPERVISED}; a nurse alone is home health",
    "13": f"in assisted living {_SUPERVISED}",
    "14": f"in a group home {_SUPERVISED}",
    "15": f"in a mobile unit {_SUPERVISED}; where it stands at a facility that is the place",
    "16": f"in lodgings {_SUPERVISED}",
    "17": f"in a retail clinic {_SUPERVISED}",
    "33": f"in custodial care {_SUPERVISED}",
}


@rule(
    code="INJ-S04",
    name="unusual-place",
    severity=Severity.ADVISE,
    cites=(
        drug_administration("an injection by staff is paid under direct supervision"),
        cite(
            "Place of service codes",
            "60: a mass immunisation centre gives vaccines",
            "https://www.cms.gov/medicare/coding-billing/place-of-service-codes",
            checked_on=None,
        ),
    ),
    expected=Expected(status=("A7:249",), carc=("5", "58"), rarc=("M77",)),
    when=INJECTED.beside(*place(MASS, HOSPICE, *_WHY)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """96372 at home, in a school, pharmacy, prison, hospice, or at a mass immunisation.

    Why: Medicare pays an injection by staff where the practitioner supervises in person, which is
    rare outside the office. A mass immunisation centre (60) gives vaccines, and those are not 96372, so that
    line denies. In a hospice (34) Medicare asks by GV or GW who the practitioner is and what it was for.

    Bad:
        CLM*C****60:B:1*Y*A*Y*Y
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        CLM*C****11:B:1*Y*A*Y*Y
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    for line in ctx.injections:
        place = line.place_of_service
        if place == MASS:
            why = "place 60 gives vaccines, and 96372 does not: bill the vaccine's code or correct the place"
            yield _hit(claim, line, why, Severity.DENY)
        elif place in _WHY:
            yield _hit(claim, line, _WHY[place], None)
        elif place == HOSPICE and ctx.medicare and not OF_HOSPICE.intersection(line.modifiers):
            why = "in a hospice Medicare wants GV (attending, not of the hospice) or GW (another illness)"
            yield _hit(claim, line, why, None)


def _hit(claim: Claim, line: ServiceLine, why: str, severity: Severity | None) -> Hit:
    return Hit(
        line.sv1.spot(5) if line.sv1.text(5) else claim.clm.spot(5, 1),
        f"line {line.number}: {why}",
        (line,),
        severity,
        evidence={"place_of_service": line.place_of_service},
    )
