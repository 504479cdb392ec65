"""Guide validation: the verdicts of pyx12 at the speed of a scan, and balances, pointers, dates and codes.

`validate` gives the problems of a source one by one; afterwards the results of
groups and transaction sets are at hand, which `loops.answers.write_999` turns
into acknowledgements. `CATALOGUE` lists every code.
"""

from loops.validate.catalogue import CATALOGUE, Entry
from loops.validate.problem import GroupResult, GuideProblem, Reference, TransactionResult
from loops.validate.validation import Counters, Validation, validate

__all__ = [
    "CATALOGUE",
    "Counters",
    "Entry",
    "GroupResult",
    "GuideProblem",
    "Reference",
    "TransactionResult",
    "Validation",
    "validate",
]
