"""What several rules ask in the same words. Pure, and without payers' habits."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context, Service
from scrubber.rule import cite
from scrubber.tables import Citation

DISTINCT: Final = frozenset({"59", "XE", "XS", "XP", "XU"})
REPEAT: Final = frozenset({"76", "77"})
REPLACES: Final = ("7", "8")  # CLM05-3


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
