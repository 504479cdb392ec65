"""Approvals: who lets which suggested fix pass, why, and until when (``--approvals FILE``).

The file is TOML::

    [[approval]]
    rule = "INJ-E01"            # a whole code; no prefix
    claim = "EX-1001"           # CLM01; without it, every claim
    line = "2"                  # LX01 as it came: that finding alone; only with the claim and
    code = "99211"              # the procedure code on that line, for numbers move when a line is left out
    approver = "A. Example, CPC"
    reason = "99211 documented as part of the injection visit"
    until = 2026-12-31          # the last day on which it counts
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from scrubber.errors import ConfigError, near
from scrubber.finding import Finding
from scrubber.permits import read_permits
from scrubber.registry import codes

_TEXTS: Final = ("rule", "claim", "line", "code", "approver", "reason")
_NEEDED: Final = ("rule", "approver", "reason")


class Named(NamedTuple):
    """A service line as the claim came: LX01 (None: the finding is of no line) and SV101-2."""

    number: str | None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval. `number` is its ordinal in the file, from 1; an empty `claim` or `line` means any.

    `code` is SV101-2 of the line.
    """

    number: int
    rule: str
    approver: str
    reason: str
    until: date
    claim: str = ""
    line: str = ""
    code: str = ""

    def __str__(self) -> str:
        parts = (self.rule, f"claim {self.claim}" * bool(self.claim), f"line {self.line}" * bool(self.line))
        return f"approval {self.number} ({', '.join(part for part in parts if part)})"

    def covers(self, finding: Finding, line: Named) -> bool:
        """Whether it is about this finding; `line` is the finding's line as the claim came."""
        about = self.rule == finding.rule and self.claim in ("", finding.claim)
        return about and (not self.line or (self.line, self.code) == (line.number, line.code))

    @property
    def width(self) -> int:
        """How much it covers: 0 one line, 1 one claim, 2 every claim."""
        return (not self.line) + (not self.claim)


@dataclass(frozen=True, slots=True)
class Approvals:
    """The approvals of one run, judged on the day `today`; `name` is that of their file."""

    entries: tuple[Approval, ...] = ()
    today: date = date.min
    name: str = "approvals"

    def grant(self, finding: Finding, line: Named) -> Approval | None:
        """The approval in force that covers the finding; of several the narrowest, then the first."""
        found = [one for one in self.entries if one.until >= self.today and one.covers(finding, line)]
        return min(found, key=lambda one: (one.width, one.number), default=None)

    def refusal(self, finding: Finding, line: Named) -> str:
        """Why a finding that has no `grant` has none, in one line."""
        expired = [one for one in self.entries if one.covers(finding, line)]
        if expired:
            last = max(expired, key=lambda one: one.until)
            return f"{last} expired on {last.until}: it needs a new one"
        return "it changes what is billed: it needs a named approval"

    def told(self, used: Collection[Approval]) -> Iterator[str]:
        """One line for each approval that has expired, and for each in force of which no use was made."""
        for one in self.entries:
            if one.until < self.today:
                yield f"{self.name}: {one} expired on {one.until}: take it out, or have it renewed"
            elif one not in used:
                yield f"{self.name}: {one} was not used: no fix that it covers was made"


NONE_APPROVED: Final = Approvals()


def open_approvals(path: Path, today: date) -> Approvals:
    """Read a file of approvals, to be judged on the day `today`.

    Raises ConfigError, one line with the file, the approval and the key, for what cannot be used.
    """
    rows = enumerate(read_permits(path, "approval", _TEXTS, _NEEDED), 1)
    entries = tuple(_approval(where, number, row) for number, (where, row) in rows)
    return Approvals(entries, today, path.name)


def _approval(where: str, number: int, row: dict[str, Any]) -> Approval:
    if row["rule"] not in codes():
        raise ConfigError(f'{where}: rule "{row["rule"]}" is unknown{near(row["rule"].upper(), codes())}')
    if ("line" in row) != ("code" in row) or ("line" in row and "claim" not in row):
        raise ConfigError(f"{where}: a line needs the claim that it stands on and the code that stands on it")
    return Approval(number=number, **row)
