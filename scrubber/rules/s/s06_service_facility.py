"""INJ-S06: the place is somebody else's, and the claim does not say whose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.common import guide
from scrubber.rules.gates import INJECTED

# Kinds of table pos that a practitioner's own address may be, the patient's home, and telehealth.
_OWN: Final = frozenset(
    {
        "office",
        "home",
        "telehealth",
        "urgent-care",
        "clinic",
        "fqhc",
        "rhc",
        "public-health",
        "retail-clinic",
        "pharmacy",
        "ihs",
        "tribal",
        "esrd",
        "pace",
        "rehab-outpatient",
        "birthing",
        "mass-immunization",
        "laboratory",
        "otp",
        "substance-nonresidential",
        "mobile",
        "street",
        "worksite",
        "other",
    }
)
FACILITY: Final = "77"


@rule(
    code="INJ-S06",
    name="service-facility-missing",
    severity=Severity.ADVISE,
    cites=(
        guide(
            "loop 2310C (line: 2420C): the service facility, where it is not the billing provider's address"
        ),
    ),
    expected=Expected(status=("A7:187:77", "A7:249"), carc=("16",), rarc=("MA114", "N293")),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """In a hospital, nursing facility or other place of somebody else the claim must name the facility.

    Why: the guide asks for loop 2310C when the service was not given at the billing provider's address. The
    claim cannot show where it was, but a hospital, nursing facility, hospice or school seldom
    is the practice. Offices, clinics and homes are passed over.

    Bad:
        CLM*C****31:B:1*Y*A*Y*Y
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        CLM*C****31:B:1*Y*A*Y*Y
        NM1*77*2*EXAMPLE NURSING FACILITY*****XX*1003000126
        N3*5 SAMPLE ST
        N4*SPRINGFIELD*IL*627010001
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    for line in ctx.injections:
        if line.place_of_service in ("11", "12") or claim.provider(FACILITY, line):
            continue
        place = ctx.find("pos", line.place_of_service, line)
        if place is None or place["kind"] in _OWN:
            continue
        yield Hit(
            line.sv1.spot(5) if line.sv1.text(5) else claim.clm.spot(5, 1),
            f"line {line.number}: place {line.place_of_service} without a service facility (2310C): name it, "
            "unless it is the billing provider's own address",
            (line,),
            evidence={"place_of_service": line.place_of_service},
        )
        return
