"""What came of the fixes: the changes made, and the fixes put off with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from scrubber.finding import Edit, Safety
from scrubber.rewrite.approvals import Approval

RECOUNT = "RECOUNT"
"""In the place of a rule: SE01 counted anew after a fix that changed the number of segments."""


@dataclass(frozen=True, slots=True)
class By:
    """Who makes a change: the rule, the line (LX01 as it came) and place it speaks of, what the fix does.

    `approval` is the one that let a suggested fix pass; `tables` the dated
    tables that the rule asked, each with its vintage.
    """

    rule: str
    line: str | None
    place: str
    safety: Safety
    title: str
    approval: Approval | None = None
    tables: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """An edit of the source as it is made, the claim (CLM01 and ordinal from 1), and by whom.

    A count of the envelope belongs to no claim: there `claim` is empty and `claim_index` 0.
    """

    edit: Edit
    claim: str
    claim_index: int
    by: tuple[By, ...]

    @property
    def rule(self) -> str:
        """The code of the rule; of several that had a part in it, all, with commas."""
        return ",".join(dict.fromkeys(by.rule for by in self.by))

    @property
    def billed(self) -> bool:
        """Whether it changes what is billed."""
        return self.claim_index > 0 and any(by.safety is Safety.SUGGESTED for by in self.by)


@dataclass(frozen=True, slots=True)
class PutOff:
    """A fix that was not made: whose, on which claim, and why in one line."""

    claim: str
    claim_index: int
    by: By
    reason: str
