"""The findings of a file as they are told in the end, and its claims as the ledger keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from scrubber.batch.hearing import ANNOTATED, FIXED, HOLD, PASS, by_claim, told
from scrubber.batch.mend import Mended, key
from scrubber.finding import Finding, Outcome, Severity
from scrubber.ledger import Disposition, Submissions

if TYPE_CHECKING:
    from loops import Batch
    from scrubber.batch.report import HeldBy
    from scrubber.batch.split import Added
    from scrubber.ledger.rows import Ready
    from scrubber.payers import Payers

WITH_OTHERS: Final = "ENG-03"
_KEPT: Final = 4 << 20


class Telling:
    """All findings of a file in its order, each with what became of it; may be gone through again.

    `kept` are those of the batch as it came, in its order; `more` those that came later.
    """

    def __init__(self, kept: Iterable[Finding], mended: Mended, more: Iterable[Finding]) -> None:
        self._kept = kept
        self._fixed = mended.fixed
        self._noted = mended.noted_lines
        self._more = sorted(more, key=lambda one: (one.claim_index or 0, one.byte_start))

    def __iter__(self) -> Iterator[Finding]:
        others = iter(self._more)
        other = next(others, None)
        for finding in self._kept:
            while other and finding.claim_index and (other.claim_index or 0) < finding.claim_index:
                yield other
                other = next(others, None)
            yield self._final(finding)
        if other:
            yield other
            yield from others

    def _final(self, finding: Finding) -> Finding:
        if finding.fix is not None and key(finding) in self._fixed:
            return told(finding, FIXED)
        noted = finding.disposition == ANNOTATED and (finding.claim_index, finding.line) not in self._noted
        return told(finding, PASS) if noted else finding


def claims_told(
    batch: Batch, submissions: Submissions, telling: Telling, mended: Mended, held_by: HeldBy
) -> Iterator[Ready]:
    """Every claim, ready for the ledger; `held_by` counts the held ones."""
    holds, fixed, noted = mended.last.holds, mended.claims, mended.noted
    groups = by_claim(telling)
    number, findings = next(groups, (-1, []))
    ends, passed = batch.index.claim_end, 0
    for one in range(len(batch)):
        if ends[one] - passed > _KEPT:  # what was read is let go of: memory must not grow with the file
            batch.source.release(passed, ends[one - 1])
            passed = ends[one - 1]
        while -1 < number < one:
            number, findings = next(groups, (-1, []))
        mine = findings if number == one else []
        if one in holds:
            claim = submissions.ready(one, mine, Disposition.HELD)
            held_by.count(claim.row, {reason.rule for reason in holds.reasons(one)})
        else:
            done = Disposition.FIXED if one in fixed else Disposition.RELEASED
            claim = submissions.ready(one, mine, Disposition.ANNOTATED if one in noted else done)
        yield claim


def with_others(batch: Batch, payers: Payers, added: Added) -> Finding:
    """The finding that a claim is held because others are."""
    envelope = batch.envelope(batch.index.claim_set[added.claim])
    claim = batch.claim(added.claim)
    return Finding(
        rule=WITH_OTHERS,
        name="held-with-others",
        severity=Severity.ADVISE,
        outcome=Outcome.NO_DATA,
        message=added.reason,
        file=batch.name,
        isa13=envelope.isa13,
        gs06=envelope.gs06,
        st02=envelope.st02,
        claim=claim.id,
        claim_index=claim.index,
        line=None,
        lines=(),
        place="2300/CLM",
        segment=None,
        byte_start=claim.start,
        byte_end=claim.end,
        service_date=None,
        payer_class=payers.payer_class(claim),
        dollars=claim.charge or Decimal(0),
        disposition=HOLD,
    )
