"""What is heard of a batch while it is judged: findings and what becomes of them, problems, counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from loops.validate import validate
from scrubber.batch.holds import Holds
from scrubber.batch.policy import Action
from scrubber.batch.split_settle import Known, known
from scrubber.finding import Finding, Outcome
from scrubber.report.tally import Tally

if TYPE_CHECKING:
    from loops import Batch
    from loops.validate import GroupResult, GuideProblem
    from scrubber.batch.policy import Policy
    from scrubber.checker import Checker

_MOST_TOLD: Final = 20_000
"""Problems that a 999 tells; who sends more has one fault many times."""

HOLD: Final = "hold"
PASS: Final = "pass"  # noqa: S105 - a disposition, not a secret
FIXED: Final = "fixed"
ANNOTATED: Final = "annotated"


class Hearing:
    """Judges `batch` while its findings are asked for; what else it holds is complete afterwards."""

    def __init__(self, checker: Checker, policy: Policy, batch: Batch) -> None:
        self.batch = batch
        self.holds = Holds(batch)
        self.tally = Tally()
        self.known: Known = Counter()
        self.problems: list[GuideProblem] = []
        self.to_note: list[Finding] = []
        self._checker = checker
        self._policy = policy
        self._validation = validate(batch.source)

    @property
    def groups(self) -> list[GroupResult]:
        """The functional groups, as guide validation judged them."""
        return self._validation.groups

    def run(self, keep: Callable[[Iterable[Finding]], None]) -> None:
        """Judge the batch; `keep` gets the findings, with dispositions, in the order of the file."""
        keep(finding for finding, _ in self.findings())

    def findings(self) -> Iterator[tuple[Finding, Action]]:
        """The findings with their dispositions, and what is done for them. Raises as `Checker.run`."""
        policy, by_profile = self._policy, bool(self._policy.payers)
        for checked in self._checker.run(self.batch, self._told()):
            if not checked.findings:
                continue
            self.tally.count(checked.findings)
            name = self._checker.payers.of(checked.claim).name if by_profile and checked.claim else ""
            for finding in checked.findings:
                action = policy.action(finding, name)
                yield self._decided(finding, action), action

    def _decided(self, finding: Finding, action: Action) -> Finding:
        if action is Action.HOLD or (action is Action.REWRITE and _serious(finding)):
            self.holds.hold(finding)
            return told(finding, HOLD)
        if action is Action.ANNOTATE and finding.claim_index and finding.outcome is Outcome.FAIL:
            self.to_note.append(finding)
            return told(finding, ANNOTATED)
        return told(finding, PASS)

    def _told(self) -> Iterator[GuideProblem]:
        """The problems of the guide, of which some are kept for the 999, and what the outputs may show."""
        waiting: list[GuideProblem] = []
        for problem in self._validation:
            waiting.append(problem)
            if len(waiting) >= _MOST_TOLD:
                self._take(waiting)
                waiting = []
            yield problem
        self._take(waiting)

    def _take(self, problems: list[GuideProblem]) -> None:
        self.known.update(known(problems))
        self.problems += problems[: _MOST_TOLD - len(self.problems)]


def told(finding: Finding, disposition: str) -> Finding:
    """The finding with its disposition."""
    return finding if finding.disposition == disposition else replace(finding, disposition=disposition)


def _serious(finding: Finding) -> bool:
    return finding.outcome is Outcome.FAIL and finding.severity.rank > 0


def by_claim(findings: Iterable[Finding]) -> Iterator[tuple[int, list[Finding]]]:
    """The findings of each claim that has some: its number (from 0) and they, in the order of the file."""
    number, group = -1, list[Finding]()
    for finding in findings:
        if finding.claim_index is None:
            continue
        if finding.claim_index - 1 != number:
            if group:
                yield number, group
            number, group = finding.claim_index - 1, []
        group.append(finding)
    if group:
        yield number, group
