"""INJ-R01: a group bills and nobody is named who rendered the injection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED

# Taxonomies of billers whose services have no rendering practitioner of their own: agencies, surgery centres,
# rural and federally qualified clinics, radiology, laboratories, suppliers and pharmacies, ambulance.
_WITHOUT: Final = (
    "251", "261QA1903", "261QR1300", "261QF0400", "261QR0200", "291", "293", "331", "332", "333", "335",
    "341", "343", "344",
)  # fmt: skip
_CERTAIN: Final = "medicare"


@rule(
    code="INJ-R01",
    name="rendering-provider-missing",
    severity=Severity.REJECT,
    cites=(
        cite(
            "First Coast, rendering provider of a group",
            "2310B with NPI when a practitioner of a group renders; not for laboratories, surgery and test "
            "centres, ambulances and solo practitioners",
            "https://medicare-prod.fcso.com/node/5406",
        ),
        cite(
            "42 CFR 424.506(c)",
            "a claim without the NPI of a provider that must be named is rejected",
            "https://law.lawstack.com/cfr/42/424.506/",
        ),
    ),
    expected=Expected(status=("A7:562:82",), carc=("16",), rarc=("N290", "MA130")),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The billing provider is an organisation and neither 2310B nor 2420A names who rendered 96372.

    Why: a group cannot give an injection; Medicare takes the practitioner's NPI (loop 2310B, or 2420A of the
    line) or returns the claim. A solo practitioner who bills is the rendering provider and is not
    named again. Other payers want it as a rule, and so do some of the clinics that are let pass here.

    Bad:
        SBR*P*18*******MB
        NM1*82
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SBR*P*18*******MB
        NM1*82*1*SAMPLE*PAT****XX*1245319599
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    billing = claim.billing
    if billing is None or billing.person or billing.taxonomy.startswith(_WITHOUT):
        return
    nobody = []
    for line in ctx.injections:
        rendering = claim.provider("82", line)
        same = rendering is not None and not rendering.person and rendering.npi == billing.npi
        if rendering is None or same:
            nobody.append(line)
    if nobody:
        says = (
            "the billing provider is a group and no rendering provider is named for 96372: "
            "name the practitioner with NPI in 2310B"
        )
        severity = None if ctx.payer_class == _CERTAIN else Severity.ADVISE
        yield Hit(claim.clm.spot(1), says, tuple(nobody), severity)
