"""Write the claim acknowledgement (277CA, 005010X214) of the 837P transactions of a batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from loops.answers.kinds import Status
from loops.batch import Batch


@dataclass(frozen=True, slots=True)
class Note:
    """Statuses about one thing: a service line (`line`, its ordinal in the claim from 1) or the claim (0).

    `text` is STC12: a code of ours, never data of the claim.
    """

    statuses: tuple[Status, ...]
    line: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a claim: taken on (action WQ) or not (U), and why."""

    accepted: bool
    notes: tuple[Note, ...]


ACCEPTED: Final = Verdict(accepted=True, notes=(Note((Status("A2", "20"),)),))


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who answers, loop 2100A: `role` AY (clearinghouse) or PR (payer), name, NM108 and NM109.

    Where name or id is empty, the receiver of the transaction (its loop 1000B) is taken.
    """

    role: str = "AY"
    name: str = ""
    id_qualifier: str = "46"
    id: str = ""


def write_277(
    batch: Batch,
    verdicts: Mapping[int, Verdict],
    *,
    control: int,
    made_on: datetime,
    answerer: Answerer | None = None,
    line_end: str = "",
) -> Iterator[bytes]:
    """The 277CA that answers every 837P transaction of `batch`, piece by piece.

    `verdicts` has the verdict of a claim by its `loops.Claim.index` (from 1);
    a claim without one is `ACCEPTED`. One interchange comes for each
    interchange of the batch with 837P transactions, a group for each group, a
    transaction for each transaction. `control` (1 to 999999999) is the first
    ISA13 and GS06, and later ones count on; `made_on` gives dates and times.
    `line_end` stands after each terminator.
    """
    raise NotImplementedError(batch, verdicts, control, made_on, answerer, line_end)
    yield
