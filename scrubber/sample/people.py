"""People, clinics and payers that look as invented as they are."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple

_LAST: Final = ("DOE", "SAMPLE", "TESTCASE", "EXAMPLE", "PLACEHOLDER", "FICTION", "NOBODY", "SPECIMEN")
_FIRST: Final = ("JANE", "JOHN", "ALPHA", "BETA", "GAMMA", "DELTA", "PAT", "ALEX")
_PLACES: Final = (("SAMPLETOWN", "KS", "660010001"), ("EXAMPLEVILLE", "OH", "430010001"))


class Payer(NamedTuple):
    """A payer: claim filing code (SBR09), name, id (2010BB NM109)."""

    filing: str
    name: str
    id: str


class Clinic(NamedTuple):
    """A billing provider: name, NPI, and the NPI of who works there (the check digits are right)."""

    name: str
    npi: str
    rendering: str


PAYERS: Final = {
    "CI": (Payer("CI", "EXAMPLE COMMERCIAL", "TESTCI"),),
    "BL": (Payer("BL", "EXAMPLE BLUE", "TESTBL"),),
    "MB": (Payer("MB", "EXAMPLE MEDICARE", "TESTMB"),),
    "MC": (Payer("MC", "EXAMPLE MEDICAID", "TESTMC"),),
    "16": (Payer("16", "EXAMPLE ADVANTAGE", "TESTMA"),),
}
MORE_PAYERS: Final = {**PAYERS, "CI": (*PAYERS["CI"], Payer("CI", "SAMPLE MUTUAL", "TESTMU"))}
SUPPLEMENT: Final = Payer("CI", "EXAMPLE SUPPLEMENT", "TESTSU")  # what Medicare sends a claim on to
CLINICS: Final = (
    Clinic("EXAMPLE CLINIC", "1000000012", "1000000020"),
    Clinic("SAMPLE FAMILY PRACTICE", "1000000038", "1000000046"),
    Clinic("TESTCASE MEDICAL GROUP", "1000000053", "1000000061"),
)
MORE_CLINICS: Final = (
    *CLINICS,
    Clinic("SPECIMEN INTERNAL MEDICINE", "1000000079", "1000000087"),
    Clinic("PLACEHOLDER PAIN CENTER", "1000000095", "1000000103"),
    Clinic("FICTION COMMUNITY HEALTH", "1000000111", "1000000129"),
    Clinic("NOBODY ORTHOPEDICS", "1000000137", "1000000145"),
    Clinic("EXAMPLE URGENT CARE", "1000000152", "1000000160"),
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
