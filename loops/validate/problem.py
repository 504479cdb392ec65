"""What guide validation found, as values: problems, and the outcome of transaction sets and groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Reference(NamedTuple):
    """Where pyx12 files the same fault: transaction set of the file (from 1), segment, code, element.

    The ordinal is 0 for what it keeps at ISA, GS and ST. Its habits decide (a
    fault of a segment that fits nowhere is filed with the next that fits), so
    this may differ from where the fault stands.
    """

    transaction: int
    ordinal: int
    id: str
    code: str
    element: int = 0
    component: int = 0


class GuideProblem(NamedTuple):
    """One fault of a segment, loop, envelope or balance.

    `code` is the product's (``X12-...``, see `loops.validate.CATALOGUE`), `snip`
    the SNIP type 1 to 5, `severity` ``reject`` or ``advise``. `message` is one
    line: place, fault, cure; it holds no value of the file. `ik3`, `ik4`
    (999 IK304, IK403), `ik5` (IK502), `ak9` (AK905) and `ta1` are the codes an
    acknowledgement would give, empty where none. `place` is for instance
    ``2400/SV101-02``; `element` and `component` are 0 where the whole segment
    is meant. `segment` is the ordinal of the segment in its transaction set (ST
    is 1; 0 outside), `segment_id` the id that IK301 names (of a missing segment
    its own); `start` and `end` are the byte span. `claim` is CLM01,
    `claim_index` the ordinal of the claim in the source from 1, `line` LX01:
    empty, 0 and empty outside. `transaction` counts the transaction sets of
    the source from 1. `reference` is None where pyx12 says nothing.
    """

    code: str
    snip: int
    severity: str
    message: str
    place: str
    element: int
    component: int
    ik3: str
    ik4: str
    ik5: str
    ak9: str
    ta1: str
    segment: int
    segment_id: str
    start: int
    end: int
    claim: str
    claim_index: int
    line: str
    isa13: str
    gs06: str
    st02: str
    transaction: int
    reference: Reference | None = None


@dataclass(slots=True)
class TransactionResult:
    """One transaction set: control number, spans, counts and verdict.

    `verdict` is A (accepted), E (accepted with errors: only advice) or R
    (rejected), as 999 IK501; `reference` is pyx12's letter. `se01` is what the
    trailer says, `segments` what was counted; `codes` are the IK502 codes of
    the envelope. `judged` is false for a transaction set of another guide,
    which was passed over.
    """

    number: int
    kind: str
    st02: str
    st03: str
    start: int
    end: int = 0
    claims: int = 0
    segments: int = 0
    se01: str = ""
    rejected: int = 0
    advised: int = 0
    reference: str = "R"
    judged: bool = True
    codes: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """A, E or R."""
        return "R" if self.rejected else "E" if self.advised else "A"


@dataclass(slots=True)
class GroupResult:
    """One functional group: GS elements 01 to 08, its transaction sets, what GE01 said.

    `isa` are ISA elements 01 to 16 of the interchange around it, `codes` the
    AK905 codes of its own faults.
    """

    isa: tuple[str, ...]
    gs: tuple[str, ...]
    start: int
    transactions: list[TransactionResult] = field(default_factory=list)
    ge01: str = ""
    codes: list[str] = field(default_factory=list)

    @property
    def judged(self) -> list[TransactionResult]:
        """The transaction sets that are 837 professional."""
        return [transaction for transaction in self.transactions if transaction.judged]
