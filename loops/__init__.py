"""Walk X12 837 professional files: bytes to places.

``loops.read(source)`` gives a `Batch`; its claims are read-only views whose
every value is a span of the source. This package knows the guide, and nothing
of payers, rules or code tables.
"""

from loops.batch import Batch, read
from loops.claim import Claim, Diagnosis, Drug, OtherPayer, Party, Payer, Provider, ServiceLine, Subscriber
from loops.errors import LoopsError, NotX12Error
from loops.problem import Problem
from loops.segment import Segment, Spot

__all__ = [
    "Batch",
    "Claim",
    "Diagnosis",
    "Drug",
    "LoopsError",
    "NotX12Error",
    "OtherPayer",
    "Party",
    "Payer",
    "Problem",
    "Provider",
    "Segment",
    "ServiceLine",
    "Spot",
    "Subscriber",
    "read",
]
