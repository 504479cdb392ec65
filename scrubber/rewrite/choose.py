"""Choose among fixes: all or nothing each, in a total order, and the loser told who beat it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from scrubber.errors import GuardError
from scrubber.finding import Edit, Finding
from scrubber.rewrite.splice import in_order, touch

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Offer:
    """A fix as its finding offers it; `edits` are the fix's, those that stand side by side joined.

    `reads` are spans that it relied on: as long as they are as they were, the fix is right.
    """

    finding: Finding
    edits: tuple[Edit, ...]
    reads: tuple[Span, ...] = ()

    @property
    def rank(self) -> tuple[object, ...]:
        """The sort key: safest first, then by place, then by rule."""
        assert self.finding.fix is not None
        spans = tuple((edit.start, edit.end, edit.after) for edit in self.edits)
        last = (self.finding.line or "", self.finding.byte_start, self.finding.message)
        return (self.finding.fix.safety.value, spans[0][0], spans[-1][1], self.finding.rule, spans, *last)


@dataclass(frozen=True, slots=True)
class Choice:
    """The offers to take in this pass, and those that must wait, each with the one that was before it."""

    taken: tuple[Offer, ...]
    deferred: tuple[tuple[Offer, Offer], ...]


def offer(finding: Finding, reads: Iterable[Span] = ()) -> Offer:
    """The offer of a finding that has a fix. Raises GuardError when its edits contradict one another."""
    assert finding.fix is not None
    edits = joined(edit for edit in finding.fix.edits if edit.before != edit.after)
    if not edits:
        raise GuardError("it would change nothing")
    return Offer(finding, edits, tuple(reads))


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
    """Take offers by rank; one that clashes with one taken waits.

    Two clash when their edits touch, or when one writes where the other reads;
    the same edits do not clash: they agree.
    """
    taken: list[Offer] = []
    deferred: list[tuple[Offer, Offer]] = []
    for one in sorted(offers, key=lambda offer: offer.rank):
        winner = next((other for other in taken if clash(one, other)), None)
        if winner is None:
            taken.append(one)
        else:
            deferred.append((one, winner))
    return Choice(tuple(taken), tuple(deferred))


def clash(one: Offer, other: Offer) -> str:
    """Why `one` cannot be made together with `other`; empty if it can."""
    if one.edits == other.edits:
        return ""
    if any(mine != theirs and touch(mine, theirs) for mine in one.edits for theirs in other.edits):
        return f"{other.finding.rule} changes the same bytes"
    if _writes(other, one.reads):
        return f"{other.finding.rule} changes what it relied on"
    return f"it would change what {other.finding.rule} relied on" if _writes(one, other.reads) else ""


def _writes(one: Offer, spans: Iterable[Span]) -> bool:
    return any(edit.start <= end and start <= edit.end for edit in one.edits for start, end in spans)
