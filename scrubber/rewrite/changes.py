"""What came of the fixes: the changes made, and the fixes put off with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from scrubber.finding import Edit, Safety


@dataclass(frozen=True, slots=True)
class By:
    """Who makes a change: the rule, the line (LX01) and place it speaks of, what the fix does."""

    rule: str
    line: str | None
    place: str
    safety: Safety
    title: str


@dataclass(frozen=True, slots=True)
class Change:
    """An edit of the source as it is made, the claim (CLM01 and ordinal from 1), and by whom."""

    edit: Edit
    claim: str
    claim_index: int
    by: tuple[By, ...]

    @property
    def rule(self) -> str:
        """The code of the rule; of several that had a part in it, all, with commas."""
        return ",".join(dict.fromkeys(by.rule for by in self.by))


@dataclass(frozen=True, slots=True)
class PutOff:
    """A fix that was not made: whose, on which claim, and why in one line."""

    claim: str
    claim_index: int
    by: By
    reason: str
