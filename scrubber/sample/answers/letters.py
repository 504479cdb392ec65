"""What an answer says of one claim, before it is written as X12: values that the simulated payers make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple, TypeAlias

from scrubber.sample.answers.causes import Cause
from scrubber.sample.claims import Line, SampleClaim
from scrubber.sample.people import Payer

NEVER_SENT: Final = "never sent"
MANGLED: Final = "mangled"


@dataclass(frozen=True, slots=True)
class Submission:
    """A claim as it was sent once: where it stands, and when it was sent.

    `file` is the name of the batch file; `index` the ordinal of the claim in it, from 1; `position`
    the ordinal of its CLM in the transaction set (ST is 1).
    """

    claim: SampleClaim
    file: str
    isa13: str
    gs06: str
    st02: str
    bht03: str
    index: int
    position: int
    sent: date


State: TypeAlias = Literal["rejected", "denied", "paid", "open"]
"""What a claim has come to; open: its payment was taken back, or nothing final has come."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A final answer: its kind (999, 277CA, 835), the day, and why, when the claim is not paid."""

    state: State
    by: str
    day: date
    causes: tuple[Cause, ...] = ()

    @property
    def in_scope(self) -> bool:
        """Whether a coder could have mended it."""
        return self.state in ("rejected", "denied") and any(cause.coding for cause in self.causes)


@dataclass(frozen=True, slots=True)
class Notice:
    """A claim in a 277CA: `causes` of a refusal, or with none the status of an acceptance.

    `payer_control` becomes REF*1K, `text` STC12. `stray` says why nobody can match it (empty: one can).
    """

    claim: SampleClaim
    causes: tuple[Cause, ...] = ()
    status: str = ""
    payer_control: str = ""
    text: str = ""
    stray: str = ""


Adjustments: TypeAlias = tuple[tuple[str, str, int], ...]
"""CAS: group, CARC, cents."""


class Paid(NamedTuple):
    """A line in an 835: what is paid of it in cents, why not more, RARCs, the code if it was changed."""

    line: Line
    cents: int
    adjustments: Adjustments
    remarks: tuple[str, ...] = ()
    recoded: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an 835 says of the money of a claim: CLP02, lines (none where all stands at the claim), CAS."""

    status: str
    lines: tuple[Paid, ...]
    adjustments: Adjustments = ()
    remarks: tuple[str, ...] = ()

    @property
    def cents(self) -> int:
        """The payment, CLP04."""
        return sum(line.cents for line in self.lines)

    @property
    def patient_cents(self) -> int:
        """What the patient owes, CLP05."""
        reasons = [*self.adjustments, *(one for line in self.lines for one in line.adjustments)]
        return sum(cents for group, _, cents in reasons if group == "PR")


@dataclass(frozen=True, slots=True)
class Payment:
    """A claim in an 835: as the payer names it, its number there (CLP07), and the judgement.

    `reverses`: the judgement is taken back (CLP02 22, all amounts negative). `corrects` is the payer's
    number of what it corrects, `forwarded` the payer that it goes on to.
    """

    claim: SampleClaim
    payer_control: str
    judgement: Judgement
    reverses: bool = False
    corrects: str = ""
    forwarded: Payer | None = None
    stray: str = ""


class Stray(NamedTuple):
    """An answer that belongs to no claim: the file it stands in, its kind, CLM01 as it says, why."""

    file: str
    kind: str
    claim: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class File:
    """A file to write: its name and bytes."""

    name: str
    data: bytes
