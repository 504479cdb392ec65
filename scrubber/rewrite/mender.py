"""Make the fixes that one pass offers for one claim, or say why they are put off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from loops import Batch
from scrubber.errors import GuardError
from scrubber.finding import Finding, Safety
from scrubber.rewrite import refuse
from scrubber.rewrite.approvals import Approval, Approvals, Named
from scrubber.rewrite.changes import By, PutOff
from scrubber.rewrite.choose import Offer, Span, choose, clash, offer
from scrubber.rewrite.repair import Key, Repair, segments_of
from scrubber.rewrite.splice import moved, spliced

PASSES: Final = 10
_GUIDE: Final = "X12-"


class Left(NamedTuple):
    """A fault without a fix, as far as it is told again by it; `evidence` as text."""

    rule: str
    line: str | None
    place: str
    evidence: str


class Problem(NamedTuple):
    """A problem of the guide, by its code."""

    code: str


Heard = Finding | Left | Problem
"""What a pass hears of a claim: a fault with a fix, one without, a problem of the guide."""


def problem(finding: Finding) -> Problem | None:
    """The problem of the guide that a finding is, if it is one."""
    return Problem(finding.rule) if finding.rule.startswith(_GUIDE) else None


def left(finding: Finding) -> Left:
    """What of a fault tells it again."""
    return Left(finding.rule, finding.line, finding.place, repr(finding.evidence))


class Mender:
    """Mends the claims of `batch`, an edition of `before`; `last` says that it is the last pass."""

    def __init__(
        self, before: Batch, batch: Batch, family: refuse.Family, approvals: Approvals, *, last: bool
    ) -> None:
        self._before = before
        self._batch = batch
        self._family = family
        self._approvals = approvals
        self._last = last

    def mend(self, repair: Repair, told: Sequence[Heard]) -> bool:
        """Make the fixes among what was told of a claim; say whether its bytes change again."""
        repair.refused.clear()
        offers, unmended = [], False
        for one in told:
            made = self._hear(repair, one) if isinstance(one, Finding) else None
            if made:
                offers.append(made)
            elif not isinstance(one, Problem):
                unmended |= bool(repair.mended) and self._key(repair, one) in repair.mended
        touched = False
        new = problems(told) - repair.known
        if new and repair.done:
            touched = repair.close(f"the outcome would have a new problem of the guide, {min(new)}")
        if offers and not repair.closed:
            touched |= self._make(repair, offers)
        if unmended:
            touched |= repair.close("a fix did not mend what it was for")
        return touched

    def _hear(self, repair: Repair, finding: Finding) -> tuple[Offer, By] | None:
        """The finding's fix as an offer, with who makes it; None when it is put off."""
        assert finding.fix is not None
        suggested = finding.fix.safety is Safety.SUGGESTED
        line = self._named(repair, finding) if suggested else Named(self._line(repair, finding.line))
        approval = self._approvals.grant(finding, line) if suggested else None
        if repair.closed:
            reason = repair.closed
        elif refused := self._refusal(repair, finding):
            reason = f"refused: {refused}"
        elif suggested and approval is None:
            reason = self._approvals.refusal(finding, line)
        else:
            reads = _lines_of(self._batch, finding) if suggested else ()
            return offer(finding, reads), _by(finding, line.number, approval)
        put_off = PutOff(finding.claim or "", repair.number + 1, _by(finding, line.number), reason)
        repair.refused[self._key(repair, finding)] = put_off
        return None

    def _refusal(self, repair: Repair, finding: Finding) -> str:
        index, number = self._batch.index, repair.number
        start, end = index.claim_start[number], index.claim_end[number]
        assert finding.fix is not None
        try:
            edits = offer(finding).edits
            if edits[0].start < start or edits[-1].end > end:
                return "it would change bytes outside the claim"
            data = bytes(self._batch.source.data[start:end])
            edits = moved(edits, -start)
            after = spliced(data, edits)
        except GuardError as fault:
            return str(fault)
        was, would = segments_of(self._batch, number, data), segments_of(self._batch, number, after)
        return refuse.reason(was, would, edits, finding.fix.safety, self._family)

    def _make(self, repair: Repair, offers: list[tuple[Offer, By]]) -> bool:
        by = {id(one): who for one, who in offers}
        choice = choose(one for one, _ in offers)
        for one, winner in choice.deferred:
            reason = f"deferred: {clash(one, winner)}"
            put_off = PutOff(one.finding.claim or "", repair.number + 1, by[id(one)], reason)
            repair.deferred[self._key(repair, one.finding)] = put_off
        if not choice.taken:
            return False
        repair.id = repair.id or choice.taken[0].finding.claim or ""
        repair.mended.update([self._key(repair, one.finding) for one in choice.taken])
        start = self._batch.index.claim_start[repair.number]
        repair.take(((one, by[id(one)]) for one in choice.taken), start)
        if self._last:
            repair.close(f"fixes did not come to rest in {PASSES} passes")
        elif repair.circles:
            repair.close("fixes undo one another")
        elif together := repair.refused_together(self._before, self._family):
            repair.close(f"of fixes made together {together}")
        return True

    def _line(self, repair: Repair, line: str | None) -> str | None:
        """LX01 of a line as the claim came: fixes may have removed lines before it since."""
        if line is None or not repair.made:
            return line
        start = self._batch.index.claim_start[repair.number]
        now = next((one for one in self._batch.claim(repair.number).lines if one.number == line), None)
        if now is None:
            return line
        place = repair.origin(now.lx.start - start)
        lines = (s for s in segments_of(self._before, repair.number, repair.original) if s.id == "LX")
        return next((lx.text(1) for lx in lines if lx.start == place), line)

    def _named(self, repair: Repair, finding: Finding) -> Named:
        """The finding's line as the claim came; the first of them, where a number is used twice."""
        line = self._line(repair, finding.line)
        lines = self._before.claim(repair.number).lines
        return Named(line, next((one.code for one in lines if one.number == line), ""))

    def _key(self, repair: Repair, one: Finding | Left) -> Key:
        fault = one if isinstance(one, Left) else left(one)
        return fault.rule, self._line(repair, fault.line), fault.place, fault.evidence


def problems(told: Iterable[Heard]) -> Counter[str]:
    """The problems of the guide among what was heard, by code."""
    return Counter(one.code for one in told if isinstance(one, Problem))


def _by(finding: Finding, line: str | None, approval: Approval | None = None) -> By:
    assert finding.fix is not None
    fix = finding.fix
    return By(finding.rule, line, finding.place, fix.safety, fix.title, approval, finding.tables)


def _lines_of(batch: Batch, finding: Finding) -> list[Span]:
    """Where the lines stand that a finding is about: a fix that changes what is billed relied on them."""
    lines = batch.claim((finding.claim_index or 0) - 1).lines
    named = (line for line in lines if line.number in finding.lines)
    return [(line.segments[0].start, line.segments[-1].end) for line in named]
