"""Check files in several processes: the same report as one process makes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from scrubber.checker import Checker
from scrubber.cli.checking import Joined, Task, check_file
from scrubber.cli.inputs import Input
from scrubber.cli.output import Sink
from scrubber.report import Tally
from scrubber.workers import workers


def in_processes(task: Task, inputs: Sequence[Input], out: Joined, jobs: int) -> Iterator[Tally]:
    """Each worker leaves its part of the report in a file, so that memory does not grow with the findings."""
    with (
        tempfile.TemporaryDirectory(prefix="scrubber-") as folder,
        workers(min(jobs, len(inputs))) as processes,
    ):
        parts = [Path(folder, str(n)) for n in range(len(inputs))]
        found = processes.map(_work, [task] * len(inputs), inputs, parts)
        for result, part in zip(found, parts, strict=True):
            out.part(part)
            part.unlink()
            yield result


@cache
def _checker(task: Task) -> Checker:
    return task.checker()


def _work(task: Task, one: Input, part: Path) -> Tally:
    report = task.report()
    with part.open("wb") as stream:
        sink = Sink(stream, str(part))
        out = Joined(sink, report.between)
        tally = check_file(_checker(task), report, one, out.item, lambda _offset: None)
        sink.flush()
    return tally
