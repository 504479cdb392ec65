"""Apply fixes pass by pass until none is left; one claim's trouble stays with that claim.

What is known of the claims lies on the disk between and during the passes, so
that memory does not grow with the number of fixes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from loops import Batch
from scrubber.errors import GuardError
from scrubber.finding import Edit, Finding, Outcome, Severity
from scrubber.rewrite import refuse
from scrubber.rewrite.approvals import NONE_APPROVED, Approval, Approvals
from scrubber.rewrite.changes import Change, PutOff
from scrubber.rewrite.kept import Kept
from scrubber.rewrite.mender import PASSES, Heard, Mender, left, problem, problems
from scrubber.rewrite.recount import with_counts
from scrubber.rewrite.repair import Repair, trouble
from scrubber.rewrite.splice import Behind

Judge = Callable[[Batch], Iterable[Finding]]
Render = Callable[[Iterable[Edit]], Batch]


@dataclass(frozen=True, slots=True)
class Settled:
    """The outcome: `after` is the batch as rewritten (the one given, when nothing changed).

    The `changes` come by place, what was `put_off` and the `trouble` by claim; `used` are the approvals by
    which a change was made. `findings` are those of the batch as it came, `left` those of `after`; both
    are empty unless asked for. `counts` counts `left` by outcome and severity.
    """

    after: Batch
    changes: Kept[Change]
    put_off: Kept[PutOff]
    trouble: Kept[Finding]
    used: frozenset[Approval]
    findings: tuple[Finding, ...]
    left: tuple[Finding, ...]
    counts: Counter[tuple[Outcome, Severity]]


def settle(
    before: Batch,
    judge: Judge,
    render: Render,
    family: refuse.Family,
    approvals: Approvals = NONE_APPROVED,
    *,
    keep: bool = False,
) -> Settled:
    """Rewrite `before`: judge it, make the approved fixes, judge the outcome, until no fix is offered.

    `render` writes the source with edits made, which come by place, and reads it back. `family` is
    what `refuse.administration` gives. `keep` keeps the findings.
    Raises GuardError when the outcome has other claims, or more problems of
    the guide, than the source.
    """
    run = _Run(before, family, approvals)
    batch = before
    told = first = run.one_pass(batch, judge, keep=keep)
    while told.touched:
        if batch is not before:
            batch.close()
        batch = render(change.edit for change in run.changes())
        if len(batch) != len(before):
            raise GuardError(f"{len(before)} claims came in, {len(batch)} would go out")
        told = run.one_pass(batch, judge, keep=keep)
    for code in (*sorted(told.outside - first.outside), *told.new):
        raise GuardError(f"the outcome has a new problem of the guide ({code})")
    return run.settled(batch, first, told)


@dataclass(slots=True)
class _Pass:
    """What one pass heard, and whether it changed something.

    `outside` are the problems of the guide that are of no claim, `new` those that claims had not.
    """

    touched: bool = False
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[tuple[Outcome, Severity]] = field(default_factory=Counter)
    outside: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)


class _Run:
    """The claims under repair, over all passes."""

    def __init__(self, before: Batch, family: refuse.Family, approvals: Approvals) -> None:
        self._before = before
        self._family = family
        self._approvals = approvals
        self._repairs: Kept[Repair] = Kept()
        self._passes = 0

    def one_pass(self, batch: Batch, judge: Judge, *, keep: bool) -> _Pass:
        """Judge `batch` and make the fixes offered."""
        self._passes += 1
        told = _Pass()
        heard = self._hear(judge(batch), told, keep=keep)
        mender = Mender(self._before, batch, self._family, self._approvals, last=self._passes >= PASSES)
        known, self._repairs = self._repairs, Kept()
        index, data = self._before.index, self._before.source.data
        read, written = Behind(self._before.source), Behind(batch.source)
        for number, repair, said in _side_by_side(known, heard):
            start, end = index.claim_start[number], index.claim_end[number]
            read.at(start)
            written.at(batch.index.claim_start[number])
            repair = repair or Repair(number, start)  # noqa: PLW2901
            repair.original = bytes(data[start:end])
            self._repair(mender, repair, said, told)
        return told

    def _hear(self, findings: Iterable[Finding], told: _Pass, *, keep: bool) -> Kept[Heard]:
        """What is heard of the claims by number, in whatever order it comes; the rest goes to `told`."""
        heard: Kept[Heard] = Kept()
        for finding in findings:
            told.counts[finding.outcome, finding.severity] += 1
            if keep:
                told.findings.append(finding)
            one = problem(finding)
            if finding.claim_index is None:
                told.outside.update([one.code] if one else ())
                continue
            if one:
                heard.add(finding.claim_index - 1, one)
            if finding.outcome is Outcome.FAIL and (finding.fix or self._passes > 1):
                heard.add(finding.claim_index - 1, finding if finding.fix else left(finding))
        return heard

    def _repair(self, mender: Mender, repair: Repair, said: list[Heard], told: _Pass) -> None:
        now = problems(said)
        if self._passes == 1:
            repair.known = now
        told.new += now - repair.known
        told.touched |= mender.mend(repair, said)
        repair.original = b""
        self._repairs.add(repair.number, repair)

    def changes(self) -> Iterator[Change]:
        """The changes to the source, by place; those of counts after those of the claims they come from."""
        made = (change for repair in self._repairs for change in repair.changes())
        return with_counts(self._before, made)

    def settled(self, after: Batch, first: _Pass, last: _Pass) -> Settled:
        """What came of it."""
        changes, put_off, troubles = Kept[Change](), Kept[PutOff](), Kept[Finding]()
        used: set[Approval] = set()
        for change in self.changes():
            changes.add(change.edit.start, change)
            used.update(by.approval for by in change.by if by.approval)
        for repair in self._repairs:
            for one in repair.put_off():
                put_off.add(repair.number, one)
            if repair.closed:
                troubles.add(repair.number, trouble(self._before, repair))
        findings, left = tuple(first.findings), tuple(last.findings)
        return Settled(after, changes, put_off, troubles, frozenset(used), findings, left, last.counts)


def _side_by_side(
    known: Kept[Repair], heard: Kept[Heard]
) -> Iterator[tuple[int, Repair | None, list[Heard]]]:
    """By claim: what is known of it from the passes before, and what was heard in this one."""
    repairs = iter(known)
    repair = next(repairs, None)
    for number, said in heard.groups():
        while repair and repair.number < number:
            yield repair.number, repair, []
            repair = next(repairs, None)
        if repair and repair.number == number:
            yield number, repair, said
            repair = next(repairs, None)
        else:
            yield number, None, said
    while repair:
        yield repair.number, repair, []
        repair = next(repairs, None)
