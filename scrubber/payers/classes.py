"""The class of a payer from the claim filing indicator (2000B SBR09, X12 data element 1032)."""

from __future__ import annotations

from typing import Final

CLASSES: Final = (
    "medicare",
    "medicaid",
    "medicare-advantage",
    "commercial",
    "tricare",
    "va",
    "workers-comp",
    "auto",
    "other",
    "unknown",
)

# MA (Medicare Part A) is left out: on professional claims it is used for Medicare Advantage as often as not.
_BY_FILING: Final = {
    "MB": "medicare",
    "MC": "medicaid",
    "16": "medicare-advantage",
    "12": "commercial",
    "13": "commercial",
    "14": "commercial",
    "15": "commercial",
    "BL": "commercial",
    "CI": "commercial",
    "HM": "commercial",
    "CH": "tricare",
    "VA": "va",
    "WC": "workers-comp",
    "AM": "auto",
    "11": "other",
    "17": "other",
    "DS": "other",
    "FI": "other",
    "LM": "other",
    "OF": "other",
    "TV": "other",
}


def payer_class(filing: str) -> str:
    """One of CLASSES for an SBR09 value; ``unknown`` when it is absent, ZZ, MA or no filing code."""
    return _BY_FILING.get(filing.upper(), "unknown")
