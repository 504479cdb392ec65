"""Release claims with notes: a line note (NTE*TPO) for each line with a finding that the policy annotates."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loops.validate import validate
from scrubber.errors import GuardError
from scrubber.rewrite import nte
from scrubber.rewrite.guard import prove
from scrubber.rewrite.recount import with_counts
from scrubber.rewrite.work import prove_notes

if TYPE_CHECKING:
    from loops import Batch
    from scrubber.batch.editions import Editions
    from scrubber.finding import Finding
    from scrubber.rewrite.changes import Change, PutOff


@dataclass(frozen=True, slots=True)
class Noted:
    """The batch with its notes, what was inserted, and what was not with the reason."""

    batch: Batch
    changes: tuple[Change, ...] = ()
    put_off: tuple[PutOff, ...] = ()


def annotate(batch: Batch, findings: Iterable[Finding], editions: Editions) -> Noted:
    """Write notes for `findings` into `batch`, of which `editions` makes editions.

    Where a note would be a fault itself, it is left out. Raises GuardError when a promise fails.
    """
    planned, worse = nte.notes(batch, findings), set[int]()
    if not planned.changes:
        return Noted(batch, put_off=tuple(planned.put_off))
    before = _problems(batch)
    for _ in range(2):
        planned = planned.without(worse.__contains__)
        changes = tuple(with_counts(batch, planned.changes))
        after = editions.render(change.edit for change in changes)
        more = {number + 1 for number in _problems(after) - before}
        if not more:
            prove(batch, after, changes)
            prove_notes(after, planned.changes)
            return Noted(after, changes, tuple(planned.put_off))
        worse |= more
        after.close()
    raise GuardError("the notes would be faults themselves")


def _problems(batch: Batch) -> Counter[int]:
    """The problems of the guide by the claim (from 0) that they stand in or after."""
    starts = batch.index.claim_start
    return Counter(bisect_right(starts, problem.start) - 1 for problem in validate(batch.source))
