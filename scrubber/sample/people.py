"""People, clinics and payers that look as invented as they are."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

_LAST: Final = ("DOE", "SAMPLE", "TESTCASE", "EXAMPLE", "PLACEHOLDER", "FICTION", "NOBODY", "SPECIMEN")
_FIRST: Final = ("JANE", "JOHN", "ALPHA", "BETA", "GAMMA", "DELTA", "PAT", "ALEX")
_PLACES: Final = (("SAMPLETOWN", "KS", "660010001"), ("EXAMPLEVILLE", "OH", "430010001"))
# Filing code, name and id of a payer.
PAYERS: Final = {
    "CI": ("EXAMPLE COMMERCIAL", "TESTCI"),
    "BL": ("EXAMPLE BLUE", "TESTBL"),
    "MB": ("EXAMPLE MEDICARE", "TESTMB"),
    "MC": ("EXAMPLE MEDICAID", "TESTMC"),
    "16": ("EXAMPLE ADVANTAGE", "TESTMA"),
}
# Name and NPI of a clinic (the check digits are right), and the NPI of who works there.
CLINICS: Final = (
    ("EXAMPLE CLINIC", "1000000012", "1000000020"),
    ("SAMPLE FAMILY PRACTICE", "1000000038", "1000000046"),
    ("TESTCASE MEDICAL GROUP", "1000000053", "1000000061"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A patient: last and first name, birth date CCYYMMDD, sex F or M."""

    last: str
    first: str
    born: str
    sex: str


def person(rng: Random, sex: str = "") -> Person:
    """Make somebody up, between 19 and 86 years old in 2026."""
    born = f"{rng.randrange(1940, 2007)}{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}"
    return Person(rng.choice(_LAST), rng.choice(_FIRST), born, sex or rng.choice("FM"))


def address(rng: Random) -> list[str]:
    """N3 and N4 of an address that does not exist."""
    return [f"N3*{rng.randrange(1, 100)} EXAMPLE ST", "N4*" + "*".join(rng.choice(_PLACES))]
