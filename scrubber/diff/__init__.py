"""Two 837P files side by side: by claim and line, not by text.

``compare(before, after)`` gives a `ClaimDiff` for each claim that differs; `compare_claims` does it
for one pair of claims; `Comparison` tells what stands above claims too. Nothing here needs tables
or rules, and nothing is masked: who shows a `Change` masks it (`scrubber.diff.shown`).
"""

from scrubber.diff.claims import compare_claims
from scrubber.diff.comparison import Comparison, compare
from scrubber.diff.model import Change, ClaimDiff, ContextDiff, Kind, LineDiff, Note

__all__ = [
    "Change",
    "ClaimDiff",
    "Comparison",
    "ContextDiff",
    "Kind",
    "LineDiff",
    "Note",
    "compare",
    "compare_claims",
]
