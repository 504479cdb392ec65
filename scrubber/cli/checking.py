"""Check many files, one after another or in several processes, into one report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from loops import Batch
from loops.totals import totals
from scrubber.checker import Checked, Checker
from scrubber.cli.inputs import Input
from scrubber.cli.options import Judging
from scrubber.cli.output import Sink
from scrubber.cli.reading import attempt, tell
from scrubber.context import INJECTION
from scrubber.report import Report, Tally, make
from scrubber.report.form import Late, Look

Write = Callable[[str], None]
Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done with each file; picklable, so that a worker process can do it."""

    judging: Judging
    form: str
    look: Look

    def checker(self) -> Checker:
        """The checker. Raises ConfigError and TableMissing."""
        return self.judging.checker(passes=self.look.all_outcomes)

    def report(self) -> Report:
        """The report that the findings go into."""
        return make(self.form, self.look)


class Joined:
    """Writes the items of a report with what stands between them."""

    def __init__(self, sink: Sink, between: str) -> None:
        self._sink = sink
        self._between = between
        self._any = False

    def item(self, text: str) -> None:
        """Write one item, or several that are joined already."""
        self._sink.text(self._between + text if self._any else text)
        self._any = True

    def part(self, path: Path) -> None:
        """Write the joined items that a worker left in a file."""
        with path.open("rb") as stream:
            block = stream.read(1 << 20)
            if block:
                self.item("")
            while block:
                self._sink.write(block)
                block = stream.read(1 << 20)


def check_batch(
    checker: Checker, batch: Batch, report: Report, write: Write, *, advance: Advance, tally: Tally
) -> None:
    """Check a batch, write the items of its report, and count it into `tally`."""
    for checked in checker.run(batch):
        tally.count(checked.findings)
        if checked.claim:
            tally.judged += 1
            tally.injections += any(line.code == INJECTION for line in checked.claim.lines)
            advance(checked.claim.end)
        for item in report.items(batch, checked):
            write(item)
    if checker.waivers:
        tally.waivers |= checker.waivers.used
    tally.totals = totals(batch)


def check_file(checker: Checker, report: Report, one: Input, write: Write, advance: Advance) -> Tally:
    """Check one file and write the items of its report. What goes wrong with the file is in the tally."""
    tally = Tally()
    failure = attempt(
        one,
        checker.read,
        lambda batch: check_batch(checker, batch, report, write, advance=advance, tally=tally),
    )
    tally.files = int(failure is None or not failure.whole)
    tally.failures += [failure] if failure else []
    return tally


def check_all(
    task: Task,
    inputs: Sequence[Input],
    sink: Sink,
    tally: Tally,
    *,
    run: dict[str, Any],
    jobs: int,
    advance: Advance,
) -> None:
    """Check all `inputs` into `sink`, in their order whatever `jobs` is; counts go into `tally`.

    A file that fails is told on standard error, and the others go on.
    """
    report = task.report()

    def run_into(out: Joined) -> None:
        for result in _results(task, inputs, out, jobs, advance):
            for failure in result.failures:
                tell(failure)
            tally.add(result)
        if task.judging.waivers:
            _on_waivers(task.checker(), report, tally, out)

    if isinstance(report, Late):
        with composing(report, tally, sink.stream) as items:
            run_into(Joined(items, report.between))
        return
    sink.text(report.head(run))
    run_into(Joined(sink, report.between))
    sink.text(report.tail(tally))


def _on_waivers(checker: Checker, report: Report, tally: Tally, out: Joined) -> None:
    """What is to be said of the waivers themselves when all files are done."""
    found = tuple(checker.on_waivers(tally.waivers))
    tally.count(found)
    tally.remarks += [f"{finding.file}: {finding.message}" for finding in found]
    if found:
        for item in report.items(None, Checked(None, found)):
            out.item(item)


@contextmanager
def composing(report: Late, tally: Tally, out: BinaryIO) -> Iterator[Sink]:
    """A sink for the items of `report`, which is written to `out` when the block ends."""
    import tempfile  # noqa: PLC0415 - costly, and most reports are written as they come

    with tempfile.TemporaryFile() as stream:
        items = Sink(stream, "a temporary file")
        yield items
        items.flush()
        report.compose(stream, tally, out)


def _results(
    task: Task, inputs: Sequence[Input], out: Joined, jobs: int, advance: Advance
) -> Iterator[Tally]:
    if jobs > 1 and len(inputs) > 1:
        from scrubber.cli.workers import in_processes  # noqa: PLC0415 - one process needs no pool

        return in_processes(task, inputs, out, jobs)
    return _in_turn(task, inputs, out, advance)


def _in_turn(task: Task, inputs: Sequence[Input], out: Joined, advance: Advance) -> Iterator[Tally]:
    checker, report, done = task.checker(), task.report(), 0
    for one in inputs:
        yield check_file(checker, report, one, out.item, partial(_advance, advance, done))
        done += one.size
        advance(done)


def _advance(advance: Advance, done: int, offset: int) -> None:
    advance(done + offset)
