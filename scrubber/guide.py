"""Guide validation as findings: what `loops.validate` says, with the claim and its payer around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from loops.validate import CATALOGUE, GuideProblem, validate
from scrubber.finding import Finding, Outcome, Severity, disposition
from scrubber.payers import Payers
from scrubber.tables import Citation

if TYPE_CHECKING:
    from loops import Batch, Claim

_TITLE: Final = "ASC X12N 005010X222A1, as in the map of pyx12"
_URL: Final = "https://github.com/azoner/pyx12"
_READ: Final = date(2026, 11, 23)


def guide_findings(
    batch: Batch, payers: Payers | None = None, problems: Iterable[GuideProblem] | None = None
) -> Iterator[Finding]:
    """The findings of guide validation on a batch, claim by claim in file order.

    Faults of the envelope that only the reader tells come with them. `problems` are those of
    `loops.validate.validate` for a caller that wants its results too; None: the batch is validated here.
    """
    around = _Around(batch, payers or Payers())
    told = [problem for problem in batch.index.problems if problem.code not in CATALOGUE]
    if told:
        from scrubber.engine import envelope_finding  # noqa: PLC0415 - hardly ever

        yield from (envelope_finding(problem, batch) for problem in told)
    for problem in validate(batch.source) if problems is None else problems:
        yield _finding(problem, batch, around)


def _finding(problem: GuideProblem, batch: Batch, around: _Around) -> Finding:
    claim = around.claim(problem)
    severity = Severity(problem.severity)
    return Finding(
        rule=problem.code,
        name=problem.code.removeprefix("X12-").lower(),
        severity=severity,
        outcome=Outcome.FAIL,
        message=problem.message,
        file=batch.name,
        isa13=problem.isa13,
        gs06=problem.gs06,
        st02=problem.st02,
        claim=problem.claim or None,
        claim_index=problem.claim_index or None,
        line=problem.line or None,
        lines=(problem.line,) if problem.line else (),
        place=problem.place or problem.segment_id,
        segment=problem.segment or None,
        byte_start=problem.start,
        byte_end=problem.end,
        service_date=None,
        payer_class=around.payer(claim),
        evidence={
            "snip": problem.snip,
            "ik3": problem.ik3 or None,
            "ik4": problem.ik4 or None,
            "element": problem.element or None,
            "component": problem.component or None,
        },
        citations=(Citation(_TITLE, problem.place, _URL, _READ),),
        dollars=_dollars(claim, problem.line),
        disposition=disposition(severity, Outcome.FAIL, None),
    )


def _dollars(claim: Claim | None, line: str) -> Decimal:
    """The charge at stake: of the line, else of the claim."""
    if claim is None:
        return Decimal(0)
    charges = [one.charge for one in claim.lines if one.number == line] if line else [claim.charge]
    return next((charge for charge in charges if charge is not None), Decimal(0))


class _Around:
    """The claim around a problem, remembered while problems of the same claim follow each other."""

    def __init__(self, batch: Batch, payers: Payers) -> None:
        self._batch = batch
        self._payers = payers
        self._last: tuple[int, Claim | None] = (0, None)

    def claim(self, problem: GuideProblem) -> Claim | None:
        number = problem.claim_index
        if not 0 < number <= len(self._batch):
            return None
        if self._last[0] != number:
            found = self._batch.claim(number - 1)
            self._last = (number, found if found.id == problem.claim else None)
        return self._last[1]

    def payer(self, claim: Claim | None) -> str:
        fixed = self._payers.fixed
        if claim is None:
            return fixed.payer_class if fixed and fixed.payer_class else "unknown"
        return self._payers.payer_class(claim)
