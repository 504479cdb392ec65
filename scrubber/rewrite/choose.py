"""Choose among fixes: all or nothing each, in a total order, and the loser told who beat it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from scrubber.errors import GuardError
from scrubber.finding import Edit, Finding
from scrubber.rewrite.splice import in_order, touch


@dataclass(frozen=True, slots=True)
class Offer:
    """A fix as its finding offers it; `edits` are the fix's, those that stand side by side joined."""

    finding: Finding
    edits: tuple[Edit, ...]

    @property
    def rank(self) -> tuple[object, ...]:
        """The sort key: safest first, then by place, then by rule."""
        assert self.finding.fix is not None
        spans = tuple((edit.start, edit.end, edit.after) for edit in self.edits)
        return (self.finding.fix.safety.value, spans[0][0], spans[-1][1], self.finding.rule, spans)


@dataclass(frozen=True, slots=True)
class Choice:
    """The offers to take in this pass, and those that must wait, each with the rule that was before it."""

    taken: tuple[Offer, ...]
    deferred: tuple[tuple[Offer, str], ...]


def offer(finding: Finding) -> Offer:
    """The offer of a finding that has a fix. Raises GuardError when its edits contradict one another."""
    assert finding.fix is not None
    edits = joined(edit for edit in finding.fix.edits if edit.before != edit.after)
    if not edits:
        raise GuardError("it would change nothing")
    return Offer(finding, edits)


def joined(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits of one fix by place, those side by side made one. Raises GuardError when two overlap."""
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    if any(one.start == other.start == other.end for one, other in pairwise(ordered)):
        raise GuardError("two of its edits insert at one spot")
    found: list[Edit] = []
    for edit in ordered:
        if found and found[-1].end == edit.start:
            last = found.pop()
            edit = Edit(last.start, edit.end, last.before + edit.before, last.after + edit.after)  # noqa: PLW2901
        found.append(edit)
    return tuple(in_order(found))


def choose(offers: Iterable[Offer]) -> Choice:
    """Take offers by rank; one whose edits touch those taken waits, unless they are the same edits."""
    taken: list[Offer] = []
    deferred: list[tuple[Offer, str]] = []
    for one in sorted(offers, key=lambda offer: offer.rank):
        winner = next((other for other in taken if _clash(one, other)), None)
        if winner is None:
            taken.append(one)
        else:
            deferred.append((one, winner.finding.rule))
    return Choice(tuple(taken), tuple(deferred))


def _clash(one: Offer, other: Offer) -> bool:
    return any(mine != theirs and touch(mine, theirs) for mine in one.edits for theirs in other.edits)
