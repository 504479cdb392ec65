"""A claim under repair: what was heard of it, what was done to its bytes, the states it has been in."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from loops import Batch, Segment
from loops.source import Source
from loops.walker import walker
from scrubber.finding import Edit, Finding, Outcome, Safety, Severity
from scrubber.rewrite import refuse
from scrubber.rewrite.changes import By, Change, PutOff
from scrubber.rewrite.choose import Offer
from scrubber.rewrite.splice import composed, moved, spliced

Key = tuple[object, ...]
"""What tells a finding of a claim again in a later pass, whatever the numbers of the lines are by then."""

TROUBLE = "ENG-02"
_CLAIM = "/ISA_LOOP/GS_LOOP/ST_LOOP/DETAIL/2000A/2000B/2300/CLM"


@dataclass(slots=True)
class Repair:
    """A claim that something was heard of, `number` from 0 and `id` CLM01 once a fix was made.

    `known` are its problems of the guide, by code, as it came. `made` are the edits so far, with places of
    the original bytes, which begin at `start` of the source; `done` tells who made them, `mended` for what.
    The bytes are there while the claim is at hand; they may name persons, and are not kept between passes.
    Of the fixes not made `refused` are those of the last pass, `deferred` those that had to wait in any.
    `closed` is the reason why the claim got its original bytes back, or empty.
    """

    number: int
    start: int
    original: bytes = b""
    id: str = ""
    known: Counter[str] = field(default_factory=Counter)
    made: list[tuple[Edit, tuple[By, ...]]] = field(default_factory=list)
    done: list[By] = field(default_factory=list)
    mended: set[Key] = field(default_factory=set)
    states: set[bytes] = field(default_factory=set)
    refused: dict[Key, PutOff] = field(default_factory=dict)
    deferred: dict[Key, PutOff] = field(default_factory=dict)
    closed: str = ""

    @property
    def bytes(self) -> bytes:
        """The bytes of the claim as repaired."""
        return spliced(self.original, self.edits)

    @property
    def edits(self) -> list[Edit]:
        """The edits so far, with places of the original bytes."""
        return [edit for edit, _ in self.made]

    def take(self, offers: Iterable[tuple[Offer, By]], start: int) -> None:
        """Make the edits of `offers`, whose places are of a batch where the claim begins at `start`."""
        new: defaultdict[Edit, list[By]] = defaultdict(list)
        for one, by in offers:
            self.done.append(by)
            for edit in moved(one.edits, -start):
                new[edit].append(by)
        old = dict(self.made)
        self.states.add(hashlib.sha256(self.bytes).digest())
        self.made = [
            (joint.edit, tuple(dict.fromkeys((*_of(joint.first, old), *_of(joint.second, new)))))
            for joint in composed(self.original, list(old), list(new))
        ]

    @property
    def circles(self) -> bool:
        """Whether the claim is in a state in which it has been before."""
        return hashlib.sha256(self.bytes).digest() in self.states

    def origin(self, place: int) -> int:
        """The place in the original bytes of a byte of the repaired ones; the edit's own, if one wrote it."""
        shift = 0
        for edit in self.edits:
            start = edit.start + shift
            if place < start:
                break
            if place < start + len(edit.after):
                return edit.start
            shift += len(edit.after) - len(edit.before)
        return place - shift

    def refused_together(self, batch: Batch, family: refuse.Family) -> str:
        """Why all that was done is refused when it is looked at together; empty if it is not."""
        before = segments_of(batch, self.number, self.original)
        after = segments_of(batch, self.number, self.bytes)
        safety = max((by.safety for by in self.done), default=Safety.FORMAT)  # "suggested" is the greater
        return refuse.reason(before, after, self.edits, safety, family)

    def close(self, reason: str) -> bool:
        """Undo everything: the claim keeps its original bytes from here on. False when it did already."""
        if self.closed:
            return False
        self.made.clear()
        rules = ", ".join(sorted({by.rule for by in self.done}))
        self.closed = f"{reason} ({rules}): the claim keeps its original bytes"
        return True

    def changes(self) -> Iterator[Change]:
        """The changes to the source, by place."""
        for edit, by in self.made:
            yield Change(moved([edit], self.start)[0], self.id, self.number + 1, by)

    def put_off(self) -> Iterator[PutOff]:
        """The fixes that the last pass did not make, and those that waited and were not offered again."""
        for key, one in self.deferred.items():
            if key not in self.refused and one.by not in self.done:
                yield one
        yield from self.refused.values()


def _of(edits: Iterable[Edit], by: Mapping[Edit, Iterable[By]]) -> Iterator[By]:
    return (one for edit in edits for one in by[edit])


def segments_of(batch: Batch, number: int, data: bytes) -> list[Segment]:
    """The segments, in their places, of claim `number` (from 0) of `batch` if its bytes were `data`."""
    delimiters = batch.isa(number).delimiters
    alone = Batch(Source(batch.name, data), batch.index)
    return alone.segments(0, len(data), walker(delimiters).at(_CLAIM), delimiters)


def trouble(batch: Batch, claim: Repair) -> Finding:
    """The finding that a claim of `batch` was given its original bytes back, and by whose fault."""
    envelope = batch.envelope(batch.index.claim_set[claim.number])
    return Finding(
        rule=TROUBLE,
        name="fixes-do-not-settle",
        severity=Severity.ADVISE,
        outcome=Outcome.NO_DATA,
        message=claim.closed,
        file=batch.name,
        isa13=envelope.isa13,
        gs06=envelope.gs06,
        st02=envelope.st02,
        claim=claim.id,
        claim_index=claim.number + 1,
        line=None,
        lines=(),
        place="2300/CLM",
        segment=None,
        byte_start=claim.start,
        byte_end=batch.index.claim_end[claim.number],
        service_date=None,
        payer_class="unknown",
        evidence={"rules": sorted({by.rule for by in claim.done})},
    )
