"""The counts of a run: what went in, what was found, what could not be read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from loops.totals import Totals
from scrubber.finding import Finding, Outcome, Severity


@dataclass(slots=True)
class RuleTally:
    """The faults that one rule found, with one severity: findings, claims, dollars at stake."""

    name: str
    findings: int = 0
    claims: int = 0
    dollars: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Failure:
    """A file, or a part of it, that was not checked; `whole` when nothing of it was."""

    file: str
    reason: str
    whole: bool


@dataclass(slots=True)
class Tally:
    """Counts of one file, or of all: add them up with `add`. By rule means by (code, severity).

    `waivers` are the numbers of those that met something, `remarks` what is said of the run itself.
    """

    files: int = 0
    totals: Totals = field(default_factory=Totals)
    judged: int = 0
    injections: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    rules: dict[tuple[str, str], RuleTally] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    waivers: set[int] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)

    def count(self, findings: Iterable[Finding]) -> None:
        """Take in findings that stand together: all of one claim, or outside claims.

        What is at stake on one line counts once for a rule, however often it speaks of that line.
        """
        staked: dict[tuple[str, str], dict[str | None, Decimal]] = defaultdict(dict)
        for finding in findings:
            self.outcomes[finding.outcome.value] += 1
            if finding.outcome is not Outcome.FAIL:
                continue
            self.severities[finding.severity.value] += 1
            key = (finding.rule, finding.severity.value)
            rule = self.rules.setdefault(key, RuleTally(finding.name))
            rule.findings += 1
            rule.claims += finding.claim is not None and key not in staked
            staked[key][finding.line] = max(finding.dollars, staked[key].get(finding.line, Decimal(0)))
        for key, lines in staked.items():
            self.rules[key].dollars += sum(lines.values())

    def add(self, other: Tally) -> None:
        """Add the counts of another file."""
        self.files += other.files
        self.totals += other.totals
        self.judged += other.judged
        self.injections += other.injections
        self.outcomes += other.outcomes
        self.severities += other.severities
        self.failures += other.failures
        self.waivers |= other.waivers
        for key, rule in other.rules.items():
            mine = self.rules.setdefault(key, RuleTally(rule.name))
            mine.findings += rule.findings
            mine.claims += rule.claims
            mine.dollars += rule.dollars

    def reaches(self, threshold: str) -> bool:
        """Whether a fault as bad as `threshold` (reject, deny, advise, never) was found."""
        if threshold == "never":
            return False
        least = Severity(threshold).rank
        return any(count and Severity(name).rank >= least for name, count in self.severities.items())
