"""What a 277CA (005010X214) says; other 277 have the same shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from loops.answers.origin import Origin, References


@dataclass(frozen=True, slots=True)
class Status:
    """One composite C043 of an STC: category (code source 507), status (508), entity (element 98).

    `qualifier` is the fourth component, RX where the status is of NCPDP.
    """

    category: str
    code: str
    entity: str = ""
    qualifier: str = ""

    def __str__(self) -> str:
        return f"{self.category}:{self.code}:{self.entity}:{self.qualifier}".rstrip(":")

    @classmethod
    def of(cls, text: str) -> Status:
        """Read ``A7:453`` or ``A7:562:82``."""
        return cls(*[*text.split(":"), "", "", ""][:4])


@dataclass(frozen=True, slots=True)
class StatusNote:
    """An STC: one to three statuses (STC01, 10, 11), the day STC02, charge STC04, payment STC05.

    `action` is STC03 (WQ accept, U reject). `text` is STC12, free text of the
    payer, which may hold anything: it is kept out of ``repr``.
    """

    statuses: tuple[Status, ...]
    day: date | None
    action: str
    charge: Decimal | None
    paid: Decimal | None
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StatusTotals:
    """QTY and AMT of loop 2200B (90, AA, YU, YY) or 2200C (QA, QC, YU, YY); None where absent."""

    accepted: Decimal | None
    rejected: Decimal | None
    accepted_amount: Decimal | None
    rejected_amount: Decimal | None


@dataclass(frozen=True, slots=True)
class BatchStatus:
    """Loops 2000A and 2000B: one batch as its source answers it. It comes before its claims.

    `source_role` is NM101 (PR payer, AY clearinghouse), `source` its name,
    `source_id` NM109; `receiver_id` NM109 of the submitter. `trace` is TRN02
    of 2200B, the BHT03 of the batch; `source_trace` that of 2200A.
    """

    origin: Origin
    start: int
    source_role: str
    source: str
    source_id: str
    source_trace: str
    received_on: date | None
    processed_on: date | None
    receiver_id: str
    trace: str
    notes: tuple[StatusNote, ...]
    totals: StatusTotals


@dataclass(frozen=True, slots=True)
class ProviderStatus:
    """Loop 2000C: `id` is NM109 with its qualifier (XX: NPI), `trace` TRN02. It comes before its claims."""

    batch: BatchStatus = field(repr=False)
    start: int
    id: str
    id_qualifier: str
    trace: str
    notes: tuple[StatusNote, ...]
    totals: StatusTotals
    references: References = field(repr=False)

    @property
    def npi(self) -> str:
        """NM109 where it is an NPI."""
        return self.id if self.id_qualifier == "XX" else ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """The composite of SVC01 or SVC06: qualifier, code, up to four modifiers."""

    qualifier: str
    code: str
    modifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineStatus:
    """Loop 2220D. `control` is REF*FJ (or 6R, as some send it); `units` SVC07; days are those of DTP*472."""

    start: int
    procedure: Procedure
    charge: Decimal | None
    units: Decimal | None
    control: str
    first_day: date | None
    last_day: date | None
    notes: tuple[StatusNote, ...]
    references: References = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClaimStatus:
    """Loop 2200D (2200E of a dependent in X212): one claim.

    `claim` is CLM01 as echoed: TRN02 in a 277CA; REF*EJ in other 277, where
    TRN02 is the trace of the inquiry. `payer_control` is REF*1K,
    `intermediary` REF*D9, `bill_type` REF*BLT.
    """

    batch: BatchStatus = field(repr=False)
    provider: ProviderStatus | None = field(repr=False)
    start: int
    claim: str
    trace: str
    payer_control: str
    intermediary: str
    bill_type: str
    first_day: date | None
    last_day: date | None
    notes: tuple[StatusNote, ...]
    lines: tuple[LineStatus, ...]
    references: References = field(repr=False)
    member_id: str = field(repr=False)

    @property
    def origin(self) -> Origin:
        """Where it stands."""
        return self.batch.origin
