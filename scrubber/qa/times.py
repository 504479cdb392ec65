"""When an answer was given, and money in cents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from loops.answers.kinds import ClaimPayment

if TYPE_CHECKING:
    from loops.answers.kinds import BatchStatus, ClaimStatus, Origin


def answered_on(answer: ClaimStatus | ClaimPayment) -> date:
    """The day of an answer: of a 277CA DTP*009, of an 835 DTM*405; else GS04, the payment, STC02."""
    if isinstance(answer, ClaimPayment):
        head = answer.remittance
        return head.produced_on or day_of(answer.origin, head.paid_on)
    return answered_on_batch(answer.batch) if answer.batch.processed_on else _of_notes(answer)


def answered_on_batch(batch: BatchStatus) -> date:
    """The day of a 277CA."""
    return batch.processed_on or day_of(batch.origin, None)


def day_of(origin: Origin, other: date | None) -> date:
    """The day on which an answer was made, else the `other`; the first of all days where nothing tells."""
    return origin.made_at.date() if origin.made_at else other or date.min


def _of_notes(answer: ClaimStatus) -> date:
    return day_of(answer.origin, next((note.day for note in answer.notes if note.day), None))


def cents_of(amount: Decimal | None) -> int | None:
    """Dollars as cents, rounded; None stays None."""
    return None if amount is None else round(amount * 100)
