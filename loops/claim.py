"""Read-only views of a claim: what a biller calls by name, each with the segment it stands in.

Places are of guide 005010X222A1. A view never fails on bad data: what cannot
be read is None or empty, and the segment says where to look.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from loops.segment import Segment, Spot

POINTER: Final = re.compile("0?[1-9]|1[0-2]")


class Provider(NamedTuple):
    """A provider loop.

    `role` is NM101: 85 billing, 82 rendering, DQ supervising, DN referring, DK ordering, 77 facility.
    `npi` is NM109 where NM108 is XX, else empty; `taxonomy` is PRV03.
    """

    role: str
    loop: str
    person: bool
    npi: str
    taxonomy: str
    name: Segment
    specialty: Segment | None
    segments: tuple[Segment, ...]


class Drug(NamedTuple):
    """Loop 2410: NDC (LIN03 as sent), LIN02 qualifier, CTP04 quantity, CTP05-1 unit, REF*XZ or VY."""

    qualifier: str
    ndc: str
    quantity: Decimal | None
    unit: str
    lin: Segment
    ctp: Segment | None
    references: tuple[Segment, ...]


class ServiceLine(NamedTuple):
    """Loop 2400. `number` is LX01, `code` SV101-2, `charge` dollars, `units` SV104 in `basis` (UN, MJ).

    `place_of_service` is SV105, else CLM05-1. `pointers` is SV107 as sent, one
    text a component. `first_day` and `last_day` are DTP*472; None when absent
    or no date. `control_number` is REF*6R.
    """

    number: str
    qualifier: str
    code: str
    modifiers: tuple[str, ...]
    description: str
    charge: Decimal | None
    basis: str
    units: Decimal | None
    place_of_service: str
    pointers: tuple[str, ...]
    first_day: date | None
    last_day: date | None
    control_number: str
    drug: Drug | None
    providers: tuple[Provider, ...]
    lx: Segment
    sv1: Segment
    segments: tuple[Segment, ...]

    def all(self, id_: str, qualifier: str = "") -> list[Segment]:
        """Segments of the line with that id (and element 01), for instance ``all("REF", "G1")``."""
        return [s for s in self.segments if s.id == id_ and (not qualifier or s.text(1) == qualifier)]

    def modifier_spot(self, index: int) -> Spot:
        """Where modifier `index` (from 0) stands: SV101-3 to SV101-6."""
        return self.sv1.spot(1, index + 3)


class Diagnosis(NamedTuple):
    """One composite of a HI in loop 2300 that is a diagnosis: `qualifier` ABK, ABF, BK or BF; `code` as sent.

    `element` is its number in the HI `segment`.
    """

    qualifier: str
    code: str
    segment: Segment
    element: int

    @property
    def spot(self) -> Spot:
        """Where the code stands: component 2."""
        return self.segment.spot(self.element, 2)


class Payer(NamedTuple):
    """Loop 2010BB or 2330B: the name (NM103) and id (NM109) of a payer, the claim filing code SBR09."""

    filing: str
    id: str
    name: str
    segment: Segment | None


class OtherPayer(NamedTuple):
    """Loop 2320: another payer of the claim; `responsibility` is SBR01, `paid` AMT*D in dollars."""

    responsibility: str
    payer: Payer
    paid: Decimal | None
    segments: tuple[Segment, ...]


class Party(NamedTuple):
    """Who the claim is about, not by name: DMG02 birth, DMG03 sex, PAT06 death, PAT09 pregnancy."""

    born: date | None
    sex: str
    died: date | None
    pregnant: bool
    segments: tuple[Segment, ...]


class Subscriber(NamedTuple):
    """Loops 2000B and 2010BA. `responsibility` is SBR01 (P, S, T), `relation` SBR02 (18: self)."""

    responsibility: str
    relation: str
    member_id: str
    party: Party
    payer: Payer
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Envelope:
    """Control numbers of the transaction a claim stands in, the day it was made (BHT04), offset of ST.

    `bht03` is the submitter's number of the batch, which a 277CA gives back; `version` is ST03, else GS08.
    """

    isa13: str
    gs06: str
    st02: str
    made_on: date | None
    start: int
    bht03: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """Loop 2300 with its context. `id` is CLM01, `index` its ordinal in the file from 1, `charge` CLM02.

    `place_of_service` is CLM05-1, `frequency` CLM05-3. `person` tells the
    patient of one file from another without naming anybody (0: unknown).
    """

    index: int
    id: str
    charge: Decimal | None
    place_of_service: str
    frequency: str
    person: int
    envelope: Envelope
    billing: Provider | None
    billing_segments: tuple[Segment, ...]
    subscriber: Subscriber | None
    patient: Party | None
    diagnoses: tuple[Diagnosis, ...]
    providers: tuple[Provider, ...]
    other_payers: tuple[OtherPayer, ...]
    lines: tuple[ServiceLine, ...]
    clm: Segment
    segments: tuple[Segment, ...]
    start: int
    end: int

    def all(self, id_: str, qualifier: str = "") -> list[Segment]:
        """Segments of loop 2300 itself with that id (and element 01), for instance ``all("REF", "F8")``."""
        return [s for s in self.segments if s.id == id_ and (not qualifier or s.text(1) == qualifier)]

    def provider(self, role: str, line: ServiceLine | None = None) -> Provider | None:
        """The provider with that NM101, of the line (2420) if it names one, else of the claim (2310)."""
        for provider in line.providers if line else ():
            if provider.role == role:
                return provider
        for provider in self.providers:
            if provider.role == role:
                return provider
        return None

    def rendering(self, line: ServiceLine | None = None) -> Provider | None:
        """Who rendered a line: 2420A, else 2310B, else the billing provider."""
        return self.provider("82", line) or self.billing

    def pointed(self, line: ServiceLine) -> list[Diagnosis]:
        """The diagnoses that SV107 of `line` points at, in its order; pointers to nothing are passed over."""
        diagnoses = self.diagnoses
        numbers = [_pointed(pointer) for pointer in line.pointers]
        return [diagnoses[number - 1] for number in numbers if 0 < number <= len(diagnoses)]


@lru_cache(maxsize=1024)
def _pointed(pointer: str) -> int:
    """The number of the diagnosis that a pointer names; 0 when it is no pointer."""
    return int(pointer) if POINTER.fullmatch(pointer) else 0
