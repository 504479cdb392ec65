"""What an 835 (005010X221, X221A1) says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from loops.answers.kinds_277 import Procedure
from loops.answers.origin import Origin, References


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

    remittance: Remittance = field(repr=False)
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

    remittance: Remittance = field(repr=False)
    start: int
    provider: str
    fiscal_end: date | None
    reason: str
    reference: str = field(repr=False)
    amount: Decimal | None
