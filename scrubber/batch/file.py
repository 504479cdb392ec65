"""One batch, read: judged, parted, written, read back, balanced, answered, reported."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from loops.answers.kinds import Status
from scrubber.batch import answers
from scrubber.batch.books import Books, balanced
from scrubber.batch.drafts import as_json
from scrubber.batch.editions import Editions
from scrubber.batch.files import part_of
from scrubber.batch.found import Kept
from scrubber.batch.handed import Handed
from scrubber.batch.hearing import Hearing
from scrubber.batch.holds import Holds, Reason
from scrubber.batch.mend import Mended, mend
from scrubber.batch.notes import annotate
from scrubber.batch.outbox import ACK, HELD, MANIFEST, OWN, RELEASED, REPORTS, Entry
from scrubber.batch.page import run_page
from scrubber.batch.report import HeldBy, manifest, run_of
from scrubber.batch.split import fresh_numbers, split
from scrubber.batch.split_settle import settle
from scrubber.batch.task import Done, Order, Task
from scrubber.batch.tell import WITH_OTHERS, Telling, claims_told, with_others
from scrubber.batch.timing import Timing
from scrubber.checker import left_out
from scrubber.finding import Finding
from scrubber.ledger import Submissions
from scrubber.report.jsonl import Lines
from scrubber.rewrite.record import Recorder

if TYPE_CHECKING:
    from loops import Batch
    from loops.source import Readable
    from scrubber.batch.drafts import Drafts
    from scrubber.batch.split import Split
    from scrubber.checker import Checker

_WITH_OTHERS: Final = Reason(WITH_OTHERS, Status("A3", "0"))  # no code says so: STC12 names ENG-03


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
        self.more: list[Finding] = []
        self.held_by = HeldBy()

    def run(self) -> Done:
        """Make all outputs. Raises GuardError when a total or a guard fails, OSError as the disk does."""
        with ExitStack() as stack:
            kept = stack.enter_context(Kept[Finding](self.task.root / OWN))
            with self.timing("judge"):
                mended = self._judged(kept, stack)
            with self.timing("split"):
                parted = self._parted(mended)
            with self.timing("balance"):
                books = self._balanced(mended, parted)
            with self.timing("answer"):
                self._answer(mended)
            with self.timing("report"):
                telling = Telling(kept, mended, self.more)
                self._findings(telling)
                self._edits(mended)
            with self.timing("ledger"):
                claims = self._claims(telling, mended)
        return self._done(mended, parted, books, claims)

    def _judged(self, kept: Kept[Finding], stack: ExitStack) -> Mended:
        """Judge the batch, and mend and annotate it as the policy says."""
        task, checker, policy = self.task, self.checker, self.task.policy
        if policy.rewrites:
            editions = Editions(task, checker, self.batch, f"mended-{self.order.sha256}")
            mended = mend(task, checker, self.batch, stack.enter_context(editions), kept)
        else:
            hearing = Hearing(checker, policy, self.batch)
            hearing.run(kept.add)
            mended = Mended(self.batch, hearing, hearing)
        self._let_go(mended.last.holds)
        if policy.annotates and (wanted := mended.to_note):
            editions = Editions(task, checker, mended.batch, f"noted-{self.order.sha256}")
            noted = annotate(mended.batch, wanted, stack.enter_context(editions))
            mended = mended.with_notes(noted, editions.data)
        return mended

    def _let_go(self, holds: Holds) -> None:
        """Release held claims of which somebody said so."""
        if self.task.let_go:
            for number in list(holds):
                if self.submissions.ready(number).identity in self.task.let_go:
                    holds.let_go(number)

    def _parted(self, mended: Mended) -> Split:
        """The batch in two, on the disk; claims that are held with others are told as findings."""
        batch, holds = mended.batch, mended.last.holds
        self.more += mended.found
        numbers = fresh_numbers(batch, self.order.sha256)

        def render(parted: Split) -> tuple[Readable | None, Readable | None]:
            return self._render(batch, parted)

        if not holds and not holds.refused and not batch.index.foreign:
            parted = split(batch, (), numbers)
            render(parted)
            return parted
        parted = settle(
            batch,
            holds,
            numbers,
            mended.last.known,
            render,
            quick=True,
            hold_sets=holds.refused,
            hold_others=True,
        )
        for added in parted.added:
            holds.hold_claim(added.claim, _WITH_OTHERS)
            self.more.append(with_others(self.batch, self.checker.payers, added))
        return parted

    def _render(self, batch: Batch, parted: Split) -> tuple[Readable | None, Readable | None]:
        """Write both outputs, and read them back."""
        for name, patch in ((self.released, parted.released), (self.held, parted.held)):
            self.drafts.drop(name)
            if patch is not None:
                part = self.drafts.open(name)
                patch.write(batch.source, part.stream)
                part.finish()
        return self.drafts.back(self.released), self.drafts.back(self.held)

    def _balanced(self, mended: Mended, parted: Split) -> Books:
        """Hold what was written against what came in, as mended where that changed what is billed."""
        outputs = self.drafts.back(self.released), self.drafts.back(self.held)
        if not mended.billed:
            return balanced(self.batch, self.data, parted, *outputs, exact=not mended.steps)
        assert mended.data is not None
        return balanced(self.batch, mended.data, parted, *outputs, received=self.data)

    def _answer(self, mended: Mended) -> None:
        """Write the 999 and the 277CA."""
        task, name, control = self.task, f"{ACK}/{self.order.name}", self.order.control
        holds, heard = mended.last.holds, mended.first
        groups = answers.groups_answered(
            self.batch, holds, heard.groups, heard.problems, control=control, made_on=task.at
        )
        self.drafts.write(f"{name}.999", groups)
        control += len(heard.groups)
        claims = answers.claims_answered(
            self.batch, holds, control=control, made_on=task.at, answerer=task.answerer
        )
        self.drafts.write(f"{name}.277", claims)

    def _findings(self, telling: Telling) -> None:
        part = self.drafts.open(f"{REPORTS}/{self.order.name}.findings.jsonl")
        lines = Lines(mask=True)
        for finding in telling:
            part.text(lines.line(finding))
        part.finish()

    def _edits(self, mended: Mended) -> None:
        """The record of every edit, when there are some."""
        if mended.steps:
            recorder, name = Recorder(self.task.at), self.order.name
            rows = (
                row
                for step in mended.steps
                for row in recorder.lines(name, step.changes, step.before, step.after)
            )
            self.drafts.write(f"{REPORTS}/{name}.edits.jsonl", rows)

    def _claims(self, telling: Telling, mended: Mended) -> Handed:
        place = part_of(self.task.root / OWN / f"claims-{self.order.sha256}", self.task.token)
        claims = claims_told(self.batch, self.submissions, telling, mended, self.held_by)
        return Handed.over(claims, self.task.disk, place)

    def _done(self, mended: Mended, parted: Split, books: Books, claims: Handed) -> Done:
        task, order, drafts, total = self.task, self.order, self.drafts, books.total
        outcome = "released" if parted.held is None else "held" if parted.released is None else "parted"
        data = manifest(
            task,
            order,
            batch=self.batch,
            books=books,
            parted=parted,
            mended=mended,
            held_by=self.held_by,
            outcome=outcome,
        )
        drafts.write(f"{REPORTS}/{order.name}.html", [run_page(data, drafts.names)])
        run = run_of(task, order, drafts, total, outcome)
        files, name = drafts.names, f"{REPORTS}/{order.name}{MANIFEST}"
        data |= {"outputs": drafts.told(), "timings": self.timing.as_dict()}
        drafts.write(name, [as_json(data)])
        return Done(
            order,
            Entry(order.sha256, files, name),
            run,
            claims,
            outcome,
            total.received,
            total.released,
            total.held,
            mended.last.tally.severities,
            left_out=left_out(self.batch),
        )
