"""The answers to claims as values: 999 and 997, TA1, 277CA and 277, 835.

Money is Decimal dollars, days are dates, codes are text as sent; what is
absent or cannot be read is empty text or None. Nothing here names a person:
member ids and secondary references, which matching may need, are kept out of
``repr``, and so are the heads that many answers share. `start` is the offset
in the file of the segment an answer begins with.
"""

from __future__ import annotations

from typing import TypeAlias

from loops.answers.kinds_277 import (
    BatchStatus,
    ClaimStatus,
    LineStatus,
    Procedure,
    ProviderStatus,
    Status,
    StatusNote,
    StatusTotals,
)
from loops.answers.kinds_835 import (
    Adjustment,
    ClaimPayment,
    LinePayment,
    ProviderAdjustment,
    Remark,
    Remittance,
)
from loops.answers.kinds_999 import (
    ElementFault,
    GroupAck,
    GroupHead,
    InterchangeAck,
    SegmentFault,
    TransactionAck,
    Trigger,
)
from loops.answers.origin import Origin, References
from loops.problem import Problem

__all__ = [
    "Adjustment",
    "Answer",
    "BatchStatus",
    "ClaimPayment",
    "ClaimStatus",
    "ElementFault",
    "GroupAck",
    "GroupHead",
    "InterchangeAck",
    "LinePayment",
    "LineStatus",
    "Origin",
    "Problem",
    "Procedure",
    "ProviderAdjustment",
    "ProviderStatus",
    "References",
    "Remark",
    "Remittance",
    "SegmentFault",
    "Status",
    "StatusNote",
    "StatusTotals",
    "TransactionAck",
    "Trigger",
]

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
