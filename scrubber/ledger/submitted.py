"""A claim as it was sent or held: what answers are matched by, and nothing that says who the patient is.

Made once by `scrubber.ledger.submissions`, for the batch runner and for QA; kept in the ledger. Codes,
control numbers, NPIs, dates of service and charges stand here as sent. What is no code where a code
should stand (a name that slipped there when a separator was lost) is replaced by x.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple


class Disposition(StrEnum):
    """What became of a claim: sent as it was, with a note, or mended; or taken out."""

    RELEASED = "released"
    ANNOTATED = "annotated"
    FIXED = "fixed"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Transaction:
    """Where claims stand: file name as given, ISA13, GS06, ST02, BHT03, version (ST03, else GS08).

    `at` is when the file was scrubbed, or sent, as far as the caller knows; aware, UTC. `made_on` is
    the day that the transaction itself tells (BHT04).
    """

    file: str
    isa13: str
    gs06: str
    st02: str
    bht03: str
    version: str
    at: datetime
    made_on: date | None = None


class SubmittedLine(NamedTuple):
    """Loop 2400. `number` is LX01, `control` REF*6R, `cents` SV102, `units` SV104, `place` SV105 or CLM05-1.

    `modifiers` are SV101-3 to -6 (an empty text where one is left out before another); `diagnoses` the
    codes that SV107 points at, in its order; `ndc` LIN03 of loop 2410. `first_day` and `last_day` are
    DTP*472. What cannot be read is None or empty.
    """

    number: str
    control: str
    code: str
    modifiers: tuple[str, ...]
    units: Decimal | None
    cents: int | None
    first_day: date | None
    last_day: date | None
    place: str
    diagnoses: tuple[str, ...] = ()
    ndc: str = ""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A finding without its words: rule, severity, outcome, LX01 of the lines concerned, place.

    `cents` is the charge at stake; `evidence` holds codes, numbers and flags only; `disposition` is
    the finding's own (``pass``, ``fixed``, ``annotated``, ``hold``).
    """

    rule: str
    severity: str
    outcome: str
    lines: tuple[str, ...]
    place: str
    cents: int
    evidence: Mapping[str, Any] = field(default_factory=dict)
    disposition: str = "pass"


@dataclass(frozen=True, slots=True)
class SubmittedClaim:
    """A claim as it came in, and what was done with it.

    `index` is its ordinal in the file from 1, `id` CLM01, `frequency` CLM05-3, `trace` REF*D9 and
    `payer_control` REF*F8 of loop 2300, `cents` CLM02. `sha256` (hex) is that of its bytes as they came
    in, from CLM to the end of its last segment, without the terminator. `first_day` and `last_day` are
    the first and last day of its lines. `person` and `member` are keyed hashes (hex) of who the patient
    is and of the member id (2010BA NM109), empty where unknown: equal in one ledger, of no use outside.
    `first_held` is when the ledger first held it; `timely` the
    last day to send it that the payer's profile knows. `run` is the run in the ledger, 0 outside it.
    """

    transaction: Transaction
    index: int
    id: str
    frequency: str
    trace: str
    payer_control: str
    sha256: str
    cents: int | None
    first_day: date | None
    last_day: date | None
    billing_npi: str
    rendering_npi: str
    payer_id: str
    payer_class: str
    filing: str
    person: str
    member: str
    disposition: Disposition
    lines: tuple[SubmittedLine, ...]
    alarms: tuple[Alarm, ...] = ()
    timely: date | None = None
    first_held: datetime | None = None
    run: int = 0

    @property
    def sent(self) -> bool:
        """Whether it went out."""
        return self.disposition is not Disposition.HELD

    @property
    def identity(self) -> str:
        """What a hold is about (hex): these bytes for this patient, billing provider and payer.

        The bytes alone do not do: two patients' claims may read alike from CLM on.
        """
        return identity_of(self.sha256, self.person, self.billing_npi, self.payer_id)


def identity_of(*parts: str) -> str:
    """`SubmittedClaim.identity` of hash, person, billing NPI and payer id."""
    return sha256("\0".join(parts).encode()).hexdigest()
