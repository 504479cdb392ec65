"""What a run asks of each input, and what came of it: values that go from one process to another and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scrubber.batch.files import Disk
from scrubber.batch.outbox import Entry
from scrubber.batch.policy import Policy
from scrubber.batch.versions import Versions
from scrubber.rewrite.approvals import NONE_APPROVED, Approvals

if TYPE_CHECKING:
    from loops.answers.write_277 import Answerer
    from scrubber.batch.handed import Handed
    from scrubber.batch.intake import Arrival
    from scrubber.checker import Checker
    from scrubber.ledger import Run


@dataclass(frozen=True, slots=True)
class Task:
    """How inputs are worked on; picklable.

    `checker` makes the checker, `profile`, `select` and `ignore` are its; `root` is the outbox, `token`
    that of this run; `at` is the time of the run (aware, UTC), `key` that of the ledger; `let_go` are the
    identities of held claims that somebody released.
    """

    checker: Callable[[], Checker]
    policy: Policy
    root: Path
    token: str
    disk: Disk
    at: datetime
    key: bytes
    versions: Versions
    profile: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    approvals: Approvals = NONE_APPROVED
    let_go: frozenset[str] = frozenset()
    answerer: Answerer | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An input to work on; `name` is that of its outputs, `control` the first number of its answers."""

    arrival: Arrival
    name: str
    sha256: str
    control: int


@dataclass(frozen=True, slots=True)
class Sum:
    """Claims, service lines, and cents (the sum of CLM02)."""

    claims: int = 0
    lines: int = 0
    cents: int = 0

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.claims + other.claims, self.lines + other.lines, self.cents + other.cents)

    def as_dict(self) -> dict[str, Any]:
        """As JSON data, cents as dollars."""
        return {"claims": self.claims, "lines": self.lines, "charges": dollars(self.cents)}


NOTHING: Final = Sum()


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an input.

    `entry` names its outputs, `run` and `claims` are what the ledger takes in: None when nothing came of it.
    Then `trouble` says why in one line; `guard` when a control total or guard failed. `severities` counts
    the faults that are left, `left_out` names transactions that are not 837P.
    """

    order: Order
    entry: Entry | None = None
    run: Run | None = None
    claims: Handed | None = None
    outcome: str = ""
    received: Sum = NOTHING
    released: Sum = NOTHING
    held: Sum = NOTHING
    severities: Counter[str] = field(default_factory=Counter)
    trouble: str = ""
    left_out: str = ""
    guard: bool = False


def dollars(cents: int) -> str:
    """Cents as dollars with two decimals."""
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{cents // 100}.{cents % 100:02}"
