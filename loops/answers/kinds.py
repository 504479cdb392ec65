"""The answers to claims as values: 999 and 997, TA1, 277CA and 277, 835.

Money is Decimal dollars, days are dates, codes are text as sent; what is
absent or cannot be read is empty text or None. Nothing here names a person:
member ids and secondary references, which matching may need, are kept out of
``repr``. `start` is the offset in the file of the segment an answer begins
with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from loops.problem import Problem

References: TypeAlias = "tuple[tuple[str, str], ...]"
"""REF segments as sent: (REF01, REF02)."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an answer stands, and whose it is.

    `kind` is ``TA1``, ``999``, ``997``, ``277CA``, ``277`` (another status
    answer, as X212) or ``835``; `guide` is ST03, else GS08. `sender` and
    `receiver` are ISA06 and ISA08 without padding, `made_at` GS04 and GS05 (of
    a TA1 ISA09 and ISA10), `usage` ISA15 (P or T).
    """

    name: str
    kind: str
    guide: str
    isa13: str
    gs06: str
    st02: str
    sender: str
    receiver: str
    made_at: datetime | None
    usage: str


# --- TA1 and 999 (005010X231, X231A1; 997 in the same shape) ---


@dataclass(frozen=True, slots=True)
class InterchangeAck:
    """TA1: `control` is the ISA13 answered, `code` A, E or R, `note` TA105 (000 when nothing is wrong)."""

    origin: Origin
    start: int
    control: str
    made_on: date | None
    code: str
    note: str


@dataclass(frozen=True, slots=True)
class GroupHead:
    """AK1, the functional group that is answered: its GS01, GS06 and GS08 (empty in a 997)."""

    functional_id: str
    control: str
    version: str


@dataclass(frozen=True, slots=True)
class ElementFault:
    """IK4 (AK4): `element`, `component`, `repetition` (0 where not given), `reference` IK402, `code` IK403.

    IK404, the copy of the bad value, may be data of a person and is not read.
    """

    element: int
    component: int
    repetition: int
    reference: str
    code: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """CTX of a situational rule: segment (id, position in its transaction set, loop) and element behind it."""

    segment_id: str
    position: int
    loop: str
    element: int
    component: int


@dataclass(frozen=True, slots=True)
class SegmentFault:
    """IK3 (AK3) with its CTX and IK4.

    `position` is that of the segment in its transaction set (ST is 1), `code`
    IK304. `claim` is the CLM01 that a business unit CTX names; units of other
    kinds (member ids) are not read.
    """

    segment_id: str
    position: int
    loop: str
    code: str
    claim: str
    triggers: tuple[Trigger, ...]
    elements: tuple[ElementFault, ...]


@dataclass(frozen=True, slots=True)
class TransactionAck:
    """AK2 to IK5 (AK5): `kind`, `control`, `guide` are ST01, ST02, ST03 of what is answered.

    `code` is IK501 (A, E, P, R, M, W, X), `codes` IK502 to IK506.
    """

    origin: Origin
    start: int
    group: GroupHead
    kind: str
    control: str
    guide: str
    code: str
    codes: tuple[str, ...]
    faults: tuple[SegmentFault, ...]


@dataclass(frozen=True, slots=True)
class GroupAck:
    """AK9, after the transactions of its group: `code` AK901, the three counts, `codes` AK905 to AK909."""

    origin: Origin
    start: int
    group: GroupHead
    code: str
    included: int | None
    received: int | None
    accepted: int | None
    codes: tuple[str, ...]


# --- 277CA (005010X214) and other 277 ---


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
    """An STC: one to three statuses (STC01, 10, 11), the day STC02, what was charged (STC04) and paid (STC05).

    `action` is STC03 (WQ accept, U reject). `text` is STC12, free text of the payer, which may hold anything: it is kept out of ``repr``.
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

    batch: BatchStatus
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

    batch: BatchStatus
    provider: ProviderStatus | None
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


# --- 835 (005010X221, X221A1) ---


@dataclass(frozen=True, slots=True)
class Remittance:
    """BPR to loop 1000B of one 835; it comes before its claims.

    `handling` is BPR01, `amount` BPR02 (negative for a debit, BPR03 D),
    `method` BPR04, `paid_on` BPR16, `trace` TRN02 (check or EFT number),
    `originator` TRN03, `produced_on` DTM*405. `payer` is N102 of N1*PR and
    `payer_ids` its N103, N104 and REF; `payee_npi` is N104 of N1*PE where N103
    is XX, `payee_ids` as for the payer.
    """

    origin: Origin
    start: int
    handling: str
    amount: Decimal | None
    method: str
    paid_on: date | None
    trace: str
    originator: str
    produced_on: date | None
    payer: str
    payer_ids: References
    payee_npi: str
    payee_ids: References = field(repr=False)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One reason of a CAS: `group` (CO, OA, PI, PR, CR), `reason` (CARC), amount, quantity."""

    group: str
    reason: str
    amount: Decimal | None
    quantity: Decimal | None


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark code: `list_id` HE (RARC) or RX as LQ01 says; those of MIA and MOA are HE."""

    list_id: str
    code: str


@dataclass(frozen=True, slots=True)
class LinePayment:
    """Loop 2110. `procedure` is SVC01 as paid, `submitted` SVC06, as billed where the payer changed the code.

    `units` is SVC05 (1 where absent, as the guide says), `submitted_units` SVC07, `control` REF*6R.
    `first_day` and `last_day` are DTM*150 and 151, or DTM*472. `amounts` and
    `quantities` are (qualifier, value) of AMT and QTY.
    """

    start: int
    procedure: Procedure
    submitted: Procedure | None
    charge: Decimal | None
    paid: Decimal | None
    revenue_code: str
    units: Decimal | None
    submitted_units: Decimal | None
    control: str
    first_day: date | None
    last_day: date | None
    adjustments: tuple[Adjustment, ...]
    remarks: tuple[Remark, ...]
    amounts: tuple[tuple[str, Decimal | None], ...]
    quantities: tuple[tuple[str, Decimal | None], ...]
    references: References = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClaimPayment:
    """Loop 2100: CLP01 `claim` (CLM01 as echoed) to CLP09, and what stands below it.

    `status` is CLP02: 1 to 3 processed, 4 denied, 19 to 21 processed and
    forwarded, 22 reversal of an earlier payment, 23 forwarded only, 25
    predetermination. `patient_amount` is CLP05, `filing` CLP06, `payer_control` CLP07,
    `place` CLP08 (facility code), `frequency` CLP09. `provider` is TS301 of
    the LX loop around it. `rendering_npi` is NM109 of NM1*82, `crossover_id`
    of NM1*TT, `priority_payer_id` of NM1*PR. `first_day`, `last_day` are
    DTM*232 and 233, `received_on` DTM*050.
    """

    remittance: Remittance
    start: int
    provider: str
    claim: str
    status: str
    charge: Decimal | None
    paid: Decimal | None
    patient_amount: Decimal | None
    filing: str
    payer_control: str
    place: str
    frequency: str
    rendering_npi: str
    crossover_id: str
    priority_payer_id: str
    first_day: date | None
    last_day: date | None
    received_on: date | None
    adjustments: tuple[Adjustment, ...]
    remarks: tuple[Remark, ...]
    amounts: tuple[tuple[str, Decimal | None], ...]
    quantities: tuple[tuple[str, Decimal | None], ...]
    lines: tuple[LinePayment, ...]
    references: References = field(repr=False)
    member_id: str = field(repr=False)

    @property
    def origin(self) -> Origin:
        """Where it stands."""
        return self.remittance.origin

    @property
    def is_reversal(self) -> bool:
        """Whether it takes an earlier payment back (CLP02 22); a correction follows as a claim of its own."""
        return self.status == "22"


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """One adjustment of a PLB, which is of no claim: provider PLB01, fiscal year end PLB02.

    `reason` and `reference` are the two components, `amount` is positive where the payment is lowered.
    """

    remittance: Remittance
    start: int
    provider: str
    fiscal_end: date | None
    reason: str
    reference: str = field(repr=False)
    amount: Decimal | None = None


Answer: TypeAlias = (
    InterchangeAck
    | TransactionAck
    | GroupAck
    | BatchStatus
    | ProviderStatus
    | ClaimStatus
    | Remittance
    | ClaimPayment
    | ProviderAdjustment
    | Problem
)
