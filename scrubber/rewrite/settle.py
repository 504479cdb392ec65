"""Apply fixes pass by pass until none is left; one claim's trouble stays with that claim."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from loops import Batch
from scrubber.errors import GuardError
from scrubber.finding import Edit, Finding, Outcome, Safety, Severity
from scrubber.rewrite import refuse
from scrubber.rewrite.approvals import NONE_APPROVED, Approval, Approvals, Named
from scrubber.rewrite.changes import By, Change, PutOff
from scrubber.rewrite.choose import Offer, Span, choose, clash, offer
from scrubber.rewrite.recount import recounts
from scrubber.rewrite.repair import Repair, segments_of, trouble
from scrubber.rewrite.splice import moved, spliced

PASSES: Final = 10

Judge = Callable[[Batch], Iterable[Finding]]
Render = Callable[[Sequence[Edit]], Batch]
_Key = tuple[object, ...]


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

    @property
    def edits(self) -> list[Edit]:
        """The edits of all changes, by place."""
        return [change.edit for change in self.changes]

    @property
    def billed(self) -> frozenset[int]:
        """Numbers (from 0) of the claims in which an approved fix changed what is billed."""
        return frozenset(
            change.claim_index - 1
            for change in self.changes
            if change.claim_index and any(by.safety is Safety.SUGGESTED for by in change.by)
        )

    @property
    def used(self) -> frozenset[Approval]:
        """The approvals by which a change was made."""
        return frozenset(by.approval for change in self.changes for by in change.by if by.approval)


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

    `render` writes the source with edits made and reads it back. `family` is
    what `refuse.administration` gives. `keep` keeps the findings.
    Raises GuardError when the outcome has other claims, or more problems of
    the guide, than the source.
    """
    run = _Run(before, family, approvals)
    batch, first, turn = before, None, 0
    while True:
        turn += 1
        told = run.one_pass(batch, judge, first.problems if first else None, last=turn >= PASSES, keep=keep)
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


_Problems = Counter[tuple[int, str]]
"""Problems of the guide by claim (from 0; -1 for none) and code."""


def _no_new_problem(before: _Problems, after: _Problems) -> None:
    for _, code in sorted(after - before):
        raise GuardError(f"the outcome has a new problem of the guide ({code})")


@dataclass(slots=True)
class _Pass:
    """What one pass heard by claim number, and whether it changed something."""

    touched: bool = False
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[tuple[Outcome, Severity]] = field(default_factory=Counter)
    problems: _Problems = field(default_factory=Counter)
    offers: defaultdict[int, list[tuple[Offer, By]]] = field(default_factory=lambda: defaultdict(list))
    unmended: set[int] = field(default_factory=set)

    def count(self, finding: Finding, *, keep: bool) -> None:
        """Take a finding into the counts."""
        self.counts[finding.outcome, finding.severity] += 1
        if finding.rule.startswith("X12-"):
            self.problems[(finding.claim_index or 0) - 1, finding.rule] += 1
        if keep:
            self.findings.append(finding)


class _Run:
    """The claims under repair, over all passes."""

    def __init__(self, before: Batch, family: refuse.Family, approvals: Approvals) -> None:
        self.before = before
        self.family = family
        self.approvals = approvals
        self.claims: dict[int, Repair] = {}
        self._refused: dict[_Key, PutOff] = {}  # by the pass at hand
        self._deferred: dict[_Key, PutOff] = {}  # by any pass

    def one_pass(
        self, batch: Batch, judge: Judge, known: _Problems | None, *, last: bool, keep: bool
    ) -> _Pass:
        """Judge `batch` and make the fixes offered; `known` are the problems of the guide on arrival."""
        told = _Pass()
        self._refused.clear()
        for finding in judge(batch):
            told.count(finding, keep=keep)
            if finding.outcome is Outcome.FAIL and finding.claim_index is not None:
                self._listen(batch, finding.claim_index - 1, finding, told)
        for number, code in sorted(told.problems - known if known is not None else ()):
            if number in self.claims:
                why = f"the outcome would have a new problem of the guide, {code}"
                told.touched |= self._close(number, why)
        for number, offers in told.offers.items():
            if not (number in self.claims and self.claims[number].closed):
                told.touched |= self._repair(batch, number, offers, last=last)
        for number in told.unmended:
            told.touched |= self._close(number, "a fix did not mend what it was for")
        return told

    def _listen(self, batch: Batch, number: int, finding: Finding, told: _Pass) -> None:
        heard = self._hear(batch, number, finding) if finding.fix else None
        if heard:
            told.offers[number].append(heard)
        elif number in self.claims and self._key(batch, finding) in self.claims[number].mended:
            told.unmended.add(number)

    def _hear(self, batch: Batch, number: int, finding: Finding) -> tuple[Offer, By] | None:
        """The finding's fix as an offer, with who makes it; None when it is put off."""
        assert finding.fix is not None
        claim = self.claims.get(number)
        suggested = finding.fix.safety is Safety.SUGGESTED
        line = self._named(batch, finding) if suggested else Named(self._line(batch, finding))
        approval = self.approvals.grant(finding, line) if suggested else None
        if claim and claim.closed:
            reason = claim.closed
        elif refused := self._refusal(batch, number, finding):
            reason = f"refused: {refused}"
        elif suggested and approval is None:
            reason = self.approvals.refusal(finding, line)
        else:
            reads = _lines_of(batch, finding) if suggested else ()
            return offer(finding, reads), _by(finding, line.number, approval)
        put_off = PutOff(finding.claim or "", number + 1, _by(finding, line.number), reason)
        self._refused[self._key(batch, finding)] = put_off
        return None

    def _refusal(self, batch: Batch, number: int, finding: Finding) -> str:
        start, end = batch.index.claim_start[number], batch.index.claim_end[number]
        assert finding.fix is not None
        try:
            edits = offer(finding).edits
            if edits[0].start < start or edits[-1].end > end:
                return "it would change bytes outside the claim"
            data = bytes(batch.source.data[start:end])
            edits = moved(edits, -start)
            after = spliced(data, edits)
        except GuardError as fault:
            return str(fault)
        was, would = segments_of(batch, number, data), segments_of(batch, number, after)
        return refuse.reason(was, would, edits, finding.fix.safety, self.family)

    def _repair(self, batch: Batch, number: int, offers: list[tuple[Offer, By]], *, last: bool) -> bool:
        by = {id(one): who for one, who in offers}
        choice = choose(one for one, _ in offers)
        for one, winner in choice.deferred:
            reason = f"deferred: {clash(one, winner)}"
            put_off = PutOff(one.finding.claim or "", number + 1, by[id(one)], reason)
            self._deferred[self._key(batch, one.finding)] = put_off
        if not choice.taken:
            return False
        if number not in self.claims:
            self.claims[number] = Repair.of(self.before, number, choice.taken[0].finding.claim or "")
        claim = self.claims[number]
        claim.mended.update(self._key(batch, one.finding) for one in choice.taken)
        claim.take(((one, by[id(one)]) for one in choice.taken), batch.index.claim_start[number])
        if last:
            self._close(number, f"fixes did not come to rest in {PASSES} passes")
        elif claim.circles:
            self._close(number, "fixes undo one another")
        elif together := claim.refused(self.before, self.family):
            self._close(number, f"of fixes made together {together}")
        return True

    def _close(self, number: int, reason: str) -> bool:
        claim = self.claims[number]
        if claim.closed:
            return False
        claim.give_back(reason)
        return True

    def _line(self, batch: Batch, finding: Finding) -> str | None:
        """LX01 of the finding's line as the claim came: fixes may have removed lines before it since."""
        number = (finding.claim_index or 0) - 1
        repair = self.claims.get(number)
        if finding.line is None or repair is None or not repair.made:
            return finding.line
        start = batch.index.claim_start[number]
        now = next((one for one in batch.claim(number).lines if one.number == finding.line), None)
        if now is None:
            return finding.line
        place = repair.origin(now.lx.start - start)
        lines = (s for s in segments_of(self.before, number, repair.original) if s.id == "LX")
        return next((lx.text(1) for lx in lines if lx.start == place), finding.line)

    def _named(self, batch: Batch, finding: Finding) -> Named:
        """The finding's line as the claim came; the first of them, where a number is used twice."""
        line = self._line(batch, finding)
        lines = self.before.claim((finding.claim_index or 0) - 1).lines
        return Named(line, next((one.code for one in lines if one.number == line), ""))

    def _key(self, batch: Batch, finding: Finding) -> _Key:
        """What tells a finding again in a later pass, whatever the numbers of the lines are by then."""
        line = self._line(batch, finding)
        return finding.claim_index, finding.rule, line, finding.place, repr(finding.evidence)

    def changes(self) -> Iterator[Change]:
        """The changes to the source, by place; those of counts after those of the claims they come from."""
        made = [change for _, claim in sorted(self.claims.items()) for change in claim.changes()]
        yield from sorted((*made, *recounts(self.before, made)), key=lambda change: change.edit.start)

    def put_off(self) -> Iterator[PutOff]:
        """The fixes that the last pass did not make, and those that waited and were not offered again."""
        for key, put_off in self._deferred.items():
            claim = self.claims[put_off.claim_index - 1]
            if key not in self._refused and put_off.by not in claim.done:
                yield put_off
        yield from self._refused.values()

    def trouble(self) -> Iterator[Finding]:
        """One finding a claim that was given its original bytes back."""
        for _, claim in sorted(self.claims.items()):
            if claim.closed:
                yield trouble(self.before, claim)


def _by(finding: Finding, line: str | None, approval: Approval | None = None) -> By:
    assert finding.fix is not None
    fix = finding.fix
    return By(finding.rule, line, finding.place, fix.safety, fix.title, approval, finding.tables)


def _lines_of(batch: Batch, finding: Finding) -> list[Span]:
    """Where the lines stand that a finding is about: a fix that changes what is billed relied on them."""
    lines = batch.claim((finding.claim_index or 0) - 1).lines
    named = (line for line in lines if line.number in finding.lines)
    return [(line.segments[0].start, line.segments[-1].end) for line in named]
