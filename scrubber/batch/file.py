"""One batch, read: judged, parted, written, read back, balanced, answered, reported."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from loops.answers.kinds import Status
from loops.source import open_source
from scrubber.batch import answers
from scrubber.batch.books import Books, balanced
from scrubber.batch.drafts import as_json
from scrubber.batch.files import part_of
from scrubber.batch.found import Kept
from scrubber.batch.handed import Handed
from scrubber.batch.hearing import Hearing, by_claim
from scrubber.batch.holds import Reason
from scrubber.batch.outbox import ACK, HELD, MANIFEST, OWN, RELEASED, REPORTS, Entry
from scrubber.batch.report import HeldBy, manifest, run_of
from scrubber.batch.split import fresh_numbers, split
from scrubber.batch.split_settle import settle
from scrubber.batch.task import Done, Order, Task
from scrubber.batch.timing import Timing
from scrubber.checker import left_out
from scrubber.finding import Finding, Outcome, Severity
from scrubber.ledger import Disposition, Submissions
from scrubber.report.jsonl import as_line
from scrubber.report.mask import masked_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loops import Batch
    from loops.source import Readable, Source
    from scrubber.batch.drafts import Drafts
    from scrubber.batch.split import Added, Split
    from scrubber.checker import Checker
    from scrubber.ledger import SubmittedClaim

WITH_OTHERS: Final = "ENG-03"
_WITH_OTHERS: Final = Reason(WITH_OTHERS, Status("A3", "21"))


class Batched:
    """The way of one batch through the step; made for one `run`."""

    def __init__(
        self, task: Task, order: Order, checker: Checker, drafts: Drafts, *, batch: Batch, data: Readable
    ) -> None:
        self.task, self.order, self.checker, self.drafts = task, order, checker, drafts
        self.batch, self.data = batch, data
        self.timing = Timing()
        self.released, self.held = f"{RELEASED}/{order.name}", f"{HELD}/{order.name}"
        self.submissions = Submissions(batch, checker.payers, at=task.at, key=task.key, file=order.name)
        self.with_others: list[Finding] = []
        self.held_by = HeldBy()

    def run(self) -> Done:
        """Make all outputs. Raises GuardError when a total or a guard fails, OSError as the disk does."""
        with Kept[Finding](self.task.root / OWN) as kept:
            hearing = Hearing(self.checker, self.task.policy, self.batch, kept.add)
            with self.timing("judge"):
                hearing.run()
                self._let_go(hearing)
            with self.timing("split"):
                parted = self._parted(hearing)
            with self.timing("balance"):
                books = balanced(self.batch, self.data, parted, *self._outputs())
            with self.timing("answer"):
                self._answer(hearing)
            with self.timing("report"):
                self._findings(kept)
            with self.timing("ledger"):
                claims = self._claims(hearing, kept)
        return self._done(hearing, parted, books, claims)

    def _let_go(self, hearing: Hearing) -> None:
        """Release held claims of which somebody said so."""
        if self.task.let_go:
            for number in list(hearing.holds):
                if self.submissions.submitted(number).identity in self.task.let_go:
                    hearing.holds.let_go(number)

    def _parted(self, hearing: Hearing) -> Split:
        """The batch in two, on the disk; claims that are held with others are told as findings."""
        batch, holds = self.batch, hearing.holds
        numbers = fresh_numbers(batch, self.order.sha256)
        if not holds:
            parted = split(batch, (), numbers)
            self._render(parted)
            return parted
        parted = settle(batch, holds, numbers, hearing.known, self._render)
        for added in parted.added:
            holds.hold_claim(added.claim, _WITH_OTHERS)
            self.with_others.append(self._with_others(added))
        return parted

    def _render(self, parted: Split) -> tuple[Source | None, Source | None]:
        """Write both outputs, and read them back."""
        for name, patch in ((self.released, parted.released), (self.held, parted.held)):
            self.drafts.drop(name)
            if patch is not None:
                part = self.drafts.open(name)
                patch.write(self.batch.source, part.stream)
                part.finish()
        released, held = self._outputs()
        return _opened(released), _opened(held)

    def _outputs(self) -> tuple[Readable | None, Readable | None]:
        return self.drafts.back(self.released), self.drafts.back(self.held)

    def _answer(self, hearing: Hearing) -> None:
        """Write the 999 and the 277CA."""
        task, name, control = self.task, f"{ACK}/{self.order.name}", self.order.control
        groups = answers.groups_answered(
            self.batch, hearing.holds, hearing.groups, hearing.problems, control=control, made_on=task.at
        )
        self.drafts.write(f"{name}.999", groups)
        claims = answers.claims_answered(
            self.batch, hearing.holds, control=control, made_on=task.at, answerer=task.answerer
        )
        self.drafts.write(f"{name}.277", claims)

    def _findings(self, kept: Kept[Finding]) -> None:
        part = self.drafts.open(f"{REPORTS}/{self.order.name}.findings.jsonl")
        for finding in self._all(kept):
            part.text(as_line(masked_row(finding.as_dict())))
        part.finish()

    def _all(self, kept: Kept[Finding]) -> Iterator[Finding]:
        """All findings in the order of the file, those of claims held with others among them."""
        others = iter(self.with_others)
        other = next(others, None)
        for finding in kept:
            while other and finding.claim_index and (other.claim_index or 0) < finding.claim_index:
                yield other
                other = next(others, None)
            yield finding
        if other:
            yield other
            yield from others

    def _claims(self, hearing: Hearing, kept: Kept[Finding]) -> Handed:
        place = part_of(self.task.root / OWN / f"claims-{self.order.sha256}", self.task.token)
        return Handed.over(self._submitted(hearing, kept), self.task.disk, place)

    def _submitted(self, hearing: Hearing, kept: Kept[Finding]) -> Iterator[SubmittedClaim]:
        """Every claim as the ledger keeps it."""
        groups, holds = by_claim(self._all(kept)), hearing.holds
        number, findings = next(groups, (-1, []))
        for one in range(len(self.batch)):
            while -1 < number < one:
                number, findings = next(groups, (-1, []))
            mine = findings if number == one else []
            held = one in holds
            claim = self.submissions.submitted(one, mine, Disposition.HELD if held else Disposition.RELEASED)
            if held:
                self.held_by.count(claim, {reason.rule for reason in holds.reasons(one)})
            yield claim

    def _done(self, hearing: Hearing, parted: Split, books: Books, claims: Handed) -> Done:
        task, order, drafts, total = self.task, self.order, self.drafts, books.total
        outcome = "released" if parted.held is None else "held" if parted.released is None else "parted"
        run = run_of(task, order, drafts, total, outcome)
        files, name = drafts.names, f"{REPORTS}/{order.name}{MANIFEST}"
        data = manifest(
            task,
            order,
            batch=self.batch,
            drafts=drafts,
            books=books,
            parted=parted,
            tally=hearing.tally,
            held_by=self.held_by,
            outcome=outcome,
        )
        drafts.write(name, [as_json(data | {"timings": self.timing.as_dict()})])
        return Done(
            order,
            Entry(order.sha256, files, name),
            run,
            claims,
            outcome,
            total.received,
            total.released,
            total.held,
            hearing.tally.severities,
            left_out=left_out(self.batch),
        )

    def _with_others(self, added: Added) -> Finding:
        """The finding that a claim is held with others."""
        batch, index = self.batch, self.batch.index
        envelope = batch.envelope(index.claim_set[added.claim])
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
            claim_index=added.claim + 1,
            line=None,
            lines=(),
            place="2300/CLM",
            segment=None,
            byte_start=claim.start,
            byte_end=claim.end,
            service_date=None,
            payer_class=self.checker.payers.payer_class(claim),
            dollars=claim.charge or Decimal(0),
            disposition="hold",
        )


def _opened(data: Readable | None) -> Source | None:
    return None if data is None else open_source(data)
