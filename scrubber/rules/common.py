"""What several rules ask in the same words. Pure, and without payers' habits."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context, Service
from scrubber.rule import cite
from scrubber.tables import Citation

DISTINCT: Final = frozenset({"59", "XE", "XS", "XP", "XU"})
REPEAT: Final = frozenset({"76", "77"})
REPLACES: Final = ("7", "8")  # CLM05-3

# J codes; C codes of drugs; drugs among the Q codes (not casts, laboratory or skin); drugs among the S codes.
_HCPCS_DRUG: Final = re.compile(
    r"J[0-9]{4}|C9[0-9]{3}|S0[01][0-9]{2}|S55[0-9]{2}"
    r"|Q(?:01[3-9][0-9]|02[0-4][0-9]|20[0-9]{2}|302[78]|4074|408[12]|5[0-9]{3}|99[0-9]{2})",
    re.ASCII,
)
_CPT_PRODUCTS: Final = (range(90281, 90400), range(90476, 90760), range(91300, 91350))
_VACCINE_ADMINISTRATION: Final = 90480  # stands inside the range of the vaccines

_VISITS: Final = range(99202, 99500)  # CPT section of evaluation and management
_PROLONGED: Final = frozenset({*range(99354, 99361), *range(99415, 99419)})  # beside a visit, no visit
_OTHER_VISITS: Final = re.compile(r"920[01][24]|99201|G04(?:02|38|39|63)|S061[023]", re.ASCII)


def guide(section: str) -> Citation:
    """Citation of the implementation guide: loop, segment and element, in our words."""
    return cite("ASC X12 005010X222A1 Health Care Claim: Professional", section)


def front_end(section: str) -> Citation:
    """Citation of the edits that Medicare's front end makes on an 837P before any payer logic."""
    return cite(
        "CMS, Combined Common Edits/Enhancements Module (transmittal 10248, CR 11826)",
        section,
        "https://vdocuments.site/cms-manual-system-118262-contractors-shall-use-the-attached-edits-spreadsheet-to.html",
    )


def drug_administration(section: str) -> Citation:
    """Citation of the Medicare manual on drug administration, in the copy that could be read."""
    return cite(
        "Medicare Claims Processing Manual (100-04), ch. 12 s. 30.5, restated",
        section,
        "https://www.whatismedicalinsurancebilling.org/2016/08/admin-cpt-code-policy-therapeutic.html",
    )


@lru_cache(maxsize=4096)
def is_drug(code: str) -> bool:
    """Whether a procedure code names a drug, biologic, vaccine or immune globulin (by its form, undated)."""
    if code.isascii() and code.isdigit():
        number = int(code)
        return number != _VACCINE_ADMINISTRATION and any(number in one for one in _CPT_PRODUCTS)
    return _HCPCS_DRUG.fullmatch(code) is not None


@lru_cache(maxsize=4096)
def is_visit(code: str) -> bool:
    """Whether a procedure code is a visit that may carry modifier 25 (by its number, undated)."""
    if _OTHER_VISITS.fullmatch(code):
        return True
    number = int(code) if len(code) == 5 and code.isascii() and code.isdigit() else 0
    return number in _VISITS and number not in _PROLONGED


def counted(ctx: Context, line: ServiceLine) -> list[Service]:
    """The services of the patient's day, without those of claims that replace or void others.

    A replacement says again what the replaced claim said: together they would count twice.
    """
    mine = ctx.claim.frequency in REPLACES
    return [one for one in ctx.patient_day(line) if one.own or not (mine or one.claim.frequency in REPLACES)]


def units(number: Decimal) -> str:
    """A number of units in words: ``1 unit``, ``2 units``, ``1.5 units``."""
    return f"{number.normalize():f} {'unit' if number == 1 else 'units'}"


def rendering_npi(claim: Claim, line: ServiceLine) -> str:
    """NPI of who rendered a line (2420A, else 2310B, else billing); empty when none is given."""
    provider = claim.rendering(line)
    return provider.npi if provider else ""
