"""Mend a batch: the fixes that the policy and the approvals let pass, in the claims that are released."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from scrubber.batch.hearing import HOLD, Hearing
from scrubber.batch.policy import Action
from scrubber.rewrite.guard import prove
from scrubber.rewrite.record import sha256
from scrubber.rewrite.recount import with_counts
from scrubber.rewrite.refuse import administration
from scrubber.rewrite.settle import settle

if TYPE_CHECKING:
    from loops import Batch
    from loops.source import Readable
    from scrubber.batch.editions import Editions
    from scrubber.batch.found import Kept
    from scrubber.batch.notes import Noted
    from scrubber.batch.task import Task
    from scrubber.checker import Checker
    from scrubber.finding import Finding
    from scrubber.rewrite.changes import Change, PutOff


@dataclass(frozen=True, slots=True)
class Step:
    """Changes that were made together, and the SHA-256 (hex) of the bytes before and after."""

    changes: tuple[Change, ...]
    before: str
    after: str


Key = tuple[object, ...]
"""A finding by what it is about: claim, rule, line, place."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What came of mending: `batch` is the one to part.

    `first` is what was heard of it as it came, `last` as it was mended; `changes` and `notes` were made.
    `found` are findings that only the mended batch has, and those of fixes that did not settle.
    """

    batch: Batch
    first: Hearing
    last: Hearing
    changes: tuple[Change, ...] = ()
    put_off: tuple[PutOff, ...] = ()
    found: tuple[Finding, ...] = ()
    notes: tuple[Change, ...] = ()
    steps: tuple[Step, ...] = ()
    data: Readable | None = None

    def with_notes(self, noted: Noted, data: Readable | None) -> Mended:
        """The same with the batch as it was given notes; `data` are its bytes."""
        put_off = (*self.put_off, *noted.put_off)
        if not noted.changes:
            return replace(self, put_off=put_off)
        step = Step(noted.changes, sha256(self.batch.source), sha256(noted.batch.source))
        return replace(
            self,
            batch=noted.batch,
            notes=noted.changes,
            put_off=put_off,
            steps=(*self.steps, step),
            data=data,
        )

    @property
    def to_note(self) -> list[Finding]:
        """The findings that the policy annotates, on claims that are released."""
        holds = self.last.holds
        return [one for one in self.last.to_note if (one.claim_index or 0) - 1 not in holds]

    @property
    def noted(self) -> frozenset[int]:
        """Numbers (from 0) of the claims with notes."""
        return frozenset(change.claim_index - 1 for change in self.notes if change.claim_index)

    @property
    def noted_lines(self) -> frozenset[tuple[object, ...]]:
        """Claim (ordinal from 1) and LX01 of the lines with notes."""
        return frozenset((change.claim_index, by.line) for change in self.notes for by in change.by)

    @property
    def fixed(self) -> frozenset[Key]:
        """The findings that were mended."""
        return frozenset(
            (change.claim_index, by.rule, by.line, by.place) for change in self.changes for by in change.by
        )

    @property
    def claims(self) -> frozenset[int]:
        """Numbers (from 0) of the claims that were mended."""
        return frozenset(change.claim_index - 1 for change in self.changes if change.claim_index)

    @property
    def billed(self) -> frozenset[int]:
        """Those in which an approved fix changed what is billed."""
        return frozenset(change.claim_index - 1 for change in self.changes if change.billed)


def key(finding: Finding) -> Key:
    """What a finding is about."""
    return finding.claim_index, finding.rule, finding.line, finding.place


def mend(task: Task, checker: Checker, batch: Batch, editions: Editions, kept: Kept[Finding]) -> Mended:
    """Mend `batch`; `kept` gets the findings of the batch as it came. What is held stays as it came.

    Raises GuardError when a promise of rewriting fails.
    """
    judge = _Judge(task, checker, kept)
    settled = settle(batch, judge, editions.render, administration(checker.tables), task.approvals)
    assert judge.first is not None
    assert judge.last is not None
    found = (*judge.new, *settled.trouble)
    holds = judge.last.holds
    changes = [one for one in settled.changes if one.claim_index and one.claim_index - 1 not in holds]
    if not changes:
        return Mended(batch, judge.first, judge.last, put_off=tuple(settled.put_off), found=found)
    changes = list(with_counts(batch, changes))
    after = settled.after
    if len(changes) != len(settled.changes):
        after.close()
        after = editions.render([one.edit for one in changes])
    mended = Mended(
        after,
        judge.first,
        judge.last,
        tuple(changes),
        tuple(settled.put_off),
        found,
        steps=(Step(tuple(changes), sha256(batch.source), sha256(after.source)),),
        data=editions.data,
    )
    prove(batch, after, changes)
    return mended


@dataclass(slots=True)
class _Judge:
    """Judges one edition after the other, for `settle`."""

    task: Task
    checker: Checker
    kept: Kept[Finding]
    first: Hearing | None = None
    last: Hearing | None = None
    new: list[Finding] = field(default_factory=list)
    seen: set[Key] = field(default_factory=set)

    def __call__(self, batch: Batch) -> Iterator[Finding]:
        hearing = self.last = Hearing(self.checker, self.task.policy, batch)
        again = self.first is not None
        self.first = self.first or hearing
        self.new.clear()
        for finding, action in hearing.findings():
            if not again:
                self.kept.add([finding])
                if finding.disposition == HOLD:
                    self.seen.add(key(finding))
            elif finding.disposition == HOLD and key(finding) not in self.seen:
                self.new.append(finding)
            yield finding if action is Action.REWRITE or finding.fix is None else replace(finding, fix=None)
