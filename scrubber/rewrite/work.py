"""Rewrite or annotate one batch into a draft, and prove the draft on what was written."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, BinaryIO

from loops import Batch
from scrubber.checker import Checker, left_out
from scrubber.errors import GuardError
from scrubber.finding import Edit, Finding, Outcome, Severity
from scrubber.rewrite import nte
from scrubber.rewrite.approvals import NONE_APPROVED, Approval, Approvals
from scrubber.rewrite.changes import Change, PutOff
from scrubber.rewrite.draft import Draft, Scratch
from scrubber.rewrite.guard import prove
from scrubber.rewrite.kept import Kept
from scrubber.rewrite.record import sha256
from scrubber.rewrite.recount import with_counts
from scrubber.rewrite.refuse import administration
from scrubber.rewrite.settle import settle
from scrubber.rewrite.splice import splice

if TYPE_CHECKING:
    from loops.source import Readable

Counts = Counter[tuple[Outcome, Severity]]
Advance = Callable[[int], None]
Show = Callable[[Batch, Iterable[Change]], None]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written into a draft.

    The `changes` come by place, what was `put_off` and the `trouble` by claim.
    `counts` counts the findings that the written batch has, `left_out` names
    transactions of other kinds in it; `used` are the approvals by which a change was made.
    """

    changes: Kept[Change]
    put_off: Kept[PutOff]
    counts: Counts
    left_out: str
    sha256_before: str
    sha256_after: str
    trouble: Kept[Finding] = field(default_factory=Kept)
    used: frozenset[Approval] = frozenset()


def findings(checker: Checker, batch: Batch, advance: Advance | None = None) -> Iterator[Finding]:
    """The findings of a batch one after another; `advance` hears how many bytes are done."""
    for checked in checker.run(batch):
        yield from checked.findings
        if advance and checked.claim:
            advance(checked.claim.end)


def rewrite_into(
    draft: Draft | Scratch,
    checker: Checker,
    source: Readable,
    name: str | None = None,
    *,
    approvals: Approvals = NONE_APPROVED,
    show: Show | None = None,
    advance: Advance | None = None,
) -> Written:
    """Write `source` with its `format` fixes, and the suggested ones of `approvals`, made into `draft`.

    `show` sees the changes once proven. Raises GuardError when a promise fails, and as `Checker.read` does.
    """
    with ExitStack() as stack:
        before = stack.enter_context(checker.read(source, name))

        def render(edits: Iterable[Edit]) -> Batch:
            return _written(draft, checker, before, edits)

        judge = lambda batch: findings(checker, batch, advance)  # noqa: E731
        settled = settle(before, judge, render, administration(checker.tables), approvals)
        after = settled.after if settled.after is not before else render(())
        stack.enter_context(after)
        prove(before, after, settled.changes)
        if show:
            show(before, settled.changes)
        return Written(
            changes=settled.changes,
            put_off=settled.put_off,
            trouble=settled.trouble,
            used=settled.used,
            counts=settled.counts,
            left_out=left_out(before),
            sha256_before=sha256(before.source),
            sha256_after=sha256(after.source),
        )


def annotate_into(
    draft: Draft | Scratch,
    checker: Checker,
    source: Readable,
    name: str | None = None,
    *,
    advance: Advance | None = None,
) -> Written:
    """Write `source` with a line note for each line with a fault into `draft`.

    Raises GuardError when a promise fails, and as `Checker.read` does.
    """
    with checker.read(source, name) as before:
        heard = _Heard(before)
        planned = nte.notes(before, heard.all(findings(checker, before, advance)))
        worse = bytearray(len(before) + 1)
        for _ in range(2):
            planned = planned.without(worse.__getitem__) if any(worse) else planned
            changes = _counted_anew(before, planned)
            with _written(draft, checker, before, (change.edit for change in changes)) as after:
                again = _Heard(after)
                more = nte.notes(after, again.all(findings(checker, after))).changes
                for ordinal in again.worse_than(heard):
                    worse[ordinal] = True
                if all(worse[change.claim_index] for change in more) and again.counts == heard.counts:
                    prove(before, after, changes)
                    prove_notes(after, planned.changes)
                    hashes = sha256(before.source), sha256(after.source)
                    return Written(planned.changes, planned.put_off, heard.counts, left_out(before), *hashes)
    raise GuardError("the notes would change what is found in the batch")


def _counted_anew(batch: Batch, notes: nte.Notes) -> Kept[Change]:
    changes: Kept[Change] = Kept()
    for change in with_counts(batch, notes.changes):
        changes.add(change.edit.start, change)
    return changes


class _Heard:
    """Counts findings as they go by, and the problems of the guide by the claim they stand in or behind."""

    def __init__(self, batch: Batch) -> None:
        self.counts: Counts = Counter()
        self._problems = array("I", bytes(4 * (len(batch) + 1)))  # by the claim's ordinal from 1
        self._starts = batch.index.claim_start

    def all(self, found: Iterable[Finding]) -> Iterator[Finding]:
        for finding in counted(found, self.counts):
            if finding.rule.startswith("X12-"):
                self._problems[bisect_right(self._starts, finding.byte_start)] += 1
            yield finding

    def worse_than(self, other: _Heard) -> Iterator[int]:
        """Ordinals (from 1; 0: before the first) of the claims with more problems of the guide than there."""
        for ordinal, (mine, theirs) in enumerate(zip(self._problems, other._problems, strict=False)):
            if mine > theirs:
                yield ordinal


def counted(found: Iterable[Finding], counts: Counts) -> Iterator[Finding]:
    """The same findings, counted as they go by."""
    for finding in found:
        counts[finding.outcome, finding.severity] += 1
        yield finding


def prove_notes(after: Batch, changes: Iterable[Change]) -> None:
    """Every line that was given a note has one in its place, and no second. The notes come by place."""
    for ordinal, _ in groupby(changes, lambda change: change.claim_index):
        for line in after.claim(ordinal - 1).lines:
            theirs = line.all("NTE", "TPO")
            if len(theirs) > 1 or any(one.loop != "2400" for one in theirs):
                raise GuardError(f"a note of claim {ordinal} does not stand where the guide wants it")


def _written(draft: Draft | Scratch, checker: Checker, before: Batch, edits: Iterable[Edit]) -> Batch:
    def fill(out: BinaryIO) -> None:
        splice(before.source, edits, out)

    draft.write(fill)
    return checker.read(draft.written, before.name)
