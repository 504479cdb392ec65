"""Apply fixes pass by pass until none is left; one claim's trouble stays with that claim."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from loops import Batch, Segment
from loops.source import Source
from loops.walker import walker
from scrubber.errors import GuardError
from scrubber.finding import Edit, Finding, Outcome, Safety, Severity
from scrubber.rewrite import refuse
from scrubber.rewrite.changes import By, Change, PutOff
from scrubber.rewrite.choose import Offer, choose, offer
from scrubber.rewrite.splice import composed, moved, spliced

PASSES: Final = 10
TROUBLE: Final = "ENG-02"
_CLAIM: Final = "/ISA_LOOP/GS_LOOP/ST_LOOP/DETAIL/2000A/2000B/2300/CLM"

Judge = Callable[[Batch], Iterable[Finding]]
Approve = Callable[[Finding], bool]
Render = Callable[[Sequence[Edit]], Batch]


def format_only(finding: Finding) -> bool:
    """Approve the fixes that change the form and nothing that is billed."""
    return finding.fix is not None and finding.fix.safety is Safety.FORMAT


@dataclass(frozen=True, slots=True)
class Settled:
    """The outcome: `after` is the batch as rewritten (the one given, when nothing changed).

    `findings` are those of the batch as it came, `left` those of `after`; both
    are empty unless asked for. `counts` counts `left` by outcome and severity.
    """

    after: Batch
    changes: tuple[Change, ...]
    put_off: tuple[PutOff, ...]
    trouble: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    left: tuple[Finding, ...]
    counts: Counter[tuple[Outcome, Severity]]


@dataclass(slots=True)
class _Claim:
    """A claim under repair: its original bytes, what was done to them, the states it has been in."""

    id: str
    start: int
    original: bytes
    made: list[tuple[Edit, tuple[By, ...]]] = field(default_factory=list)
    done: list[By] = field(default_factory=list)
    mended: set[tuple[object, ...]] = field(default_factory=set)
    states: set[bytes] = field(default_factory=set)
    closed: str = ""

    @property
    def bytes(self) -> bytes:
        return spliced(self.original, [edit for edit, _ in self.made])

    def take(self, offers: Iterable[Offer], start: int) -> None:
        """Make the edits of `offers`, whose places are of a batch where the claim begins at `start`."""
        new: defaultdict[Edit, list[By]] = defaultdict(list)
        for one in offers:
            self.done.append(_by(one.finding))
            self.mended.add(_key(one.finding))
            for edit in moved(one.edits, -start):
                new[edit].append(self.done[-1])
        old = dict(self.made)
        self.states.add(hashlib.sha256(self.bytes).digest())
        self.made = [
            (joint.edit, tuple(by for edit in joint.first for by in old[edit]) + _of(joint.second, new))
            for joint in composed(self.original, list(old), list(new))
        ]

    @property
    def circles(self) -> bool:
        """Whether the claim is in a state in which it has been before."""
        return hashlib.sha256(self.bytes).digest() in self.states

    def give_back(self, reason: str) -> None:
        """Undo everything: the claim keeps its original bytes from here on."""
        self.made.clear()
        rules = ", ".join(sorted({by.rule for by in self.done}))
        self.closed = f"{reason} ({rules}): the claim keeps its original bytes"


def _of(edits: Iterable[Edit], by: dict[Edit, list[By]]) -> tuple[By, ...]:
    return tuple(one for edit in edits for one in by[edit])


def _by(finding: Finding) -> By:
    assert finding.fix is not None
    return By(finding.rule, finding.line, finding.place, finding.fix.safety, finding.fix.title)


def _put_off(finding: Finding, reason: str) -> PutOff:
    return PutOff(finding.claim or "", finding.claim_index or 0, _by(finding), reason)


def _key(finding: Finding) -> tuple[object, ...]:
    return finding.claim_index, finding.rule, finding.line, finding.place, finding.message


def settle(
    before: Batch,
    judge: Judge,
    render: Render,
    family: frozenset[str],
    approve: Approve = format_only,
    *,
    keep: bool = False,
) -> Settled:
    """Rewrite `before`: judge it, make the approved fixes, judge the outcome, until no fix is offered.

    `render` writes the source with edits made and reads it back. `family` is
    what `refuse.administration` gives. `keep` keeps the findings.
    Raises GuardError when the outcome has other claims, or more problems of
    the guide, than the source.
    """
    run = _Run(before, family, approve)
    batch, first, turn = before, None, 0
    while True:
        turn += 1
        told = run.one_pass(batch, judge, last=turn >= PASSES, keep=keep)
        first = first or told
        if not told.touched:
            break
        if batch is not before:
            batch.close()
        batch = render([change.edit for change in run.changes()])
        if len(batch) != len(before):
            raise GuardError(f"{len(before)} claims came in, {len(batch)} would go out")
    _no_new_problem(first.problems, told.problems)
    return Settled(
        after=batch,
        changes=tuple(run.changes()),
        put_off=tuple(run.put_off()),
        trouble=tuple(run.trouble()),
        findings=tuple(first.findings),
        left=tuple(told.findings),
        counts=told.counts,
    )


def _no_new_problem(before: Counter[str], after: Counter[str]) -> None:
    for code in sorted(after - before):
        raise GuardError(f"the outcome has a new problem of the guide ({code})")


@dataclass(slots=True)
class _Pass:
    """What one pass heard, and whether it changed something."""

    touched: bool = False
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[tuple[Outcome, Severity]] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)


class _Run:
    """The claims under repair, over all passes."""

    def __init__(self, before: Batch, family: frozenset[str], approve: Approve) -> None:
        self.before = before
        self.family = family
        self.approve = approve
        self.claims: dict[int, _Claim] = {}
        self._refused: dict[tuple[object, ...], PutOff] = {}  # by the pass at hand
        self._deferred: dict[tuple[object, ...], PutOff] = {}  # by any pass

    def one_pass(self, batch: Batch, judge: Judge, *, last: bool, keep: bool) -> _Pass:
        told = _Pass()
        offers: defaultdict[int, list[Offer]] = defaultdict(list)
        unmended: set[int] = set()
        self._refused.clear()
        for finding in judge(batch):
            told.counts[finding.outcome, finding.severity] += 1
            told.problems[finding.rule] += finding.rule.startswith("X12-")
            if keep:
                told.findings.append(finding)
            if finding.outcome is not Outcome.FAIL or finding.claim_index is None:
                continue
            number = finding.claim_index - 1
            if finding.fix is not None and self._hear(batch, number, finding, offers[number]):
                continue
            if number in self.claims and _key(finding) in self.claims[number].mended:
                unmended.add(number)
        for number, heard in offers.items():
            told.touched |= self._repair(batch, number, heard, last=last)
        for number in unmended:
            told.touched |= self._close(number, "a fix did not mend what it was for")
        return told

    def _hear(self, batch: Batch, number: int, finding: Finding, into: list[Offer]) -> bool:
        """Add the finding's fix to the offers, or put it off with the reason; return whether it was added."""
        claim = self.claims.get(number)
        if claim and claim.closed:
            reason = claim.closed
        elif refused := self._refusal(batch, number, finding):
            reason = f"refused: {refused}"
        elif not self.approve(finding):
            reason = "it changes what is billed: it needs a named approval"
        else:
            into.append(offer(finding))
            return True
        self._refused[_key(finding)] = _put_off(finding, reason)
        return False

    def _refusal(self, batch: Batch, number: int, finding: Finding) -> str:
        start, end = batch.index.claim_start[number], batch.index.claim_end[number]
        assert finding.fix is not None
        try:
            edits = offer(finding).edits
            if edits[0].start < start or edits[-1].end > end:
                return "it would change bytes outside the claim"
            data = bytes(batch.source.data[start:end])
            after = spliced(data, moved(edits, -start))
        except GuardError as fault:
            return str(fault)
        before = segments_of(batch, number, data)
        return refuse.reason(before, segments_of(batch, number, after), finding.fix.safety, self.family)

    def _repair(self, batch: Batch, number: int, offers: list[Offer], *, last: bool) -> bool:
        choice = choose(offers)
        for one, winner in choice.deferred:
            reason = f"deferred: {winner} changes the same bytes"
            self._deferred[_key(one.finding)] = _put_off(one.finding, reason)
        if not choice.taken:
            return False
        claim = self._claim(number, choice.taken[0].finding.claim or "")
        claim.take(choice.taken, batch.index.claim_start[number])
        if last:
            self._close(number, f"fixes did not come to rest in {PASSES} passes")
        elif claim.circles:
            self._close(number, "fixes undo one another")
        elif together := self._refused_together(number, claim):
            self._close(number, f"of fixes made together {together}")
        return True

    def _refused_together(self, number: int, claim: _Claim) -> str:
        before = segments_of(self.before, number, claim.original)
        after = segments_of(self.before, number, claim.bytes)
        safety = max((by.safety for by in claim.done), default=Safety.FORMAT)  # "suggested" is the greater
        return refuse.reason(before, after, safety, self.family)

    def _close(self, number: int, reason: str) -> bool:
        claim = self.claims[number]
        if claim.closed:
            return False
        claim.give_back(reason)
        return True

    def _claim(self, number: int, id_: str) -> _Claim:
        if number not in self.claims:
            index = self.before.index
            start, end = index.claim_start[number], index.claim_end[number]
            self.claims[number] = _Claim(id_, start, bytes(self.before.source.data[start:end]))
        return self.claims[number]

    def changes(self) -> Iterator[Change]:
        """The changes to the source, by place."""
        for number, claim in sorted(self.claims.items()):
            for edit, by in claim.made:
                yield Change(moved([edit], claim.start)[0], claim.id, number + 1, by)

    def put_off(self) -> Iterator[PutOff]:
        """The fixes that the last pass did not make, and those that waited and were not offered again."""
        for key, put_off in self._deferred.items():
            claim = self.claims[put_off.claim_index - 1]
            if key not in self._refused and put_off.by not in claim.done:
                yield put_off
        yield from self._refused.values()

    def trouble(self) -> Iterator[Finding]:
        """One finding a claim that was given its original bytes back."""
        for number, claim in sorted(self.claims.items()):
            if claim.closed:
                yield _trouble(self.before, number, claim)


def segments_of(batch: Batch, number: int, data: bytes) -> list[Segment]:
    """The segments, in their places, of claim `number` (from 0) of `batch` if its bytes were `data`."""
    delimiters = batch.isa(number).delimiters
    alone = Batch(Source(batch.name, data), batch.index)
    return alone.segments(0, len(data), walker(delimiters).at(_CLAIM), delimiters)


def _trouble(before: Batch, number: int, claim: _Claim) -> Finding:
    envelope = before.envelope(before.index.claim_set[number])
    return Finding(
        rule=TROUBLE,
        name="fixes-do-not-settle",
        severity=Severity.ADVISE,
        outcome=Outcome.NO_DATA,
        message=claim.closed,
        file=before.name,
        isa13=envelope.isa13,
        gs06=envelope.gs06,
        st02=envelope.st02,
        claim=claim.id,
        claim_index=number + 1,
        line=None,
        lines=(),
        place="2300/CLM",
        segment=None,
        byte_start=claim.start,
        byte_end=claim.start + len(claim.original),
        service_date=None,
        payer_class="unknown",
        evidence={"rules": sorted({by.rule for by in claim.done})},
    )
