"""Write a batch, or a folder of batches, anew: all are proven before the first takes its name."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, Final, Protocol, cast

from loops.errors import LoopsError
from loops.source import Readable
from scrubber.checker import Checker
from scrubber.cli.faults import internal, reason, say
from scrubber.cli.inputs import Input, find_inputs
from scrubber.errors import FINDINGS, GUARD, OK, PARTLY, UNREADABLE, ConfigError, GuardError, ScrubberError
from scrubber.finding import Outcome, Severity
from scrubber.rewrite.changes import Change
from scrubber.rewrite.draft import Draft, Scratch
from scrubber.rewrite.work import Counts
from scrubber.tables import TableError

_SEVERITIES: Final = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Job:
    """An input, and where its output goes (None: nowhere, it is only shown).

    `folder` is to be made if it is not there.
    """

    input: Input
    target: Path | None
    folder: Path | None = None

    @property
    def source(self) -> Readable:
        """What to read."""
        return self.input.path or sys.stdin.buffer


def jobs_for(source: str, output: Path | None, *, suffix: str = "", quiet: bool = False) -> list[Job]:
    """The jobs for an INPUT: a folder goes to a folder, under the same names with `suffix`.

    Raises ConfigError when the output cannot be told from the input.
    """
    found = find_inputs([source], quiet=quiet)
    if output is None:
        return [Job(one, None) for one in found]
    if not Path(source).is_dir():
        return [Job(one, output / one.name if output.is_dir() and one.path else output) for one in found]
    folder, into = Path(source).resolve(), output.resolve()
    if output.exists() and not output.is_dir():
        raise ConfigError(f"{output}: is no folder, and INPUT is one: name a folder to write to")
    if into == folder or folder in into.parents:
        raise ConfigError(f"{output}: stands in the folder that is read: name another")
    targets = [output / (one.name + suffix) for one in found]
    return [Job(one, target, target.parent) for one, target in zip(found, targets, strict=True)]


@dataclass(slots=True)
class Outcomes:
    """What became of the jobs, for the exit code; `failed` counts files that were not wholly checked too."""

    done: int = 0
    failed: int = 0
    guard: bool = False
    counts: Counts = field(default_factory=Counter)

    def exit_code(self, fail_on: str) -> int:
        """The exit code of the contract."""
        if self.guard:
            return GUARD
        if self.failed or not self.done:
            return PARTLY if self.done else UNREADABLE
        least = Severity(fail_on).rank if fail_on != "never" else len(_SEVERITIES)
        bad = any(self.counts[Outcome.FAIL, one] for one in _SEVERITIES if one.rank >= least)
        return FINDINGS if bad else OK

    def take_waivers(self, checker: Checker, *, quiet: bool) -> None:
        """Count what is to be said of waivers when all files are done, and say it with what they silenced."""
        waived = sum(count for (outcome, _), count in self.counts.items() if outcome is Outcome.WAIVED)
        if waived and not quiet:
            say(f"{many(waived, 'finding')} waived")
        for finding in checker.on_waivers():
            self.counts[finding.outcome, finding.severity] += 1
            say(f"{finding.file}: {finding.message}")


Made = tuple[Counts, str]
"""Counts of the findings of a file, and the transactions in it that are of other kinds (or nothing)."""

Make = Callable[[Draft | Scratch, Job], Made]


def write_all(jobs: Iterable[Job], make: Make, also: Callable[[], None] = lambda: None) -> Outcomes:
    """Let `make` write each job into a draft and say what it found; then publish.

    Nothing is published before every job was tried and `also` was done. A job
    that fails is told on standard error in one line, and the others go on.
    """
    outcomes, jobs = Outcomes(), list(jobs)
    paths = [job.input.path for job in jobs]
    if not jobs:
        say("no X12 file found: name a file, or a folder that holds some")
    with ExitStack() as stack:
        drafts: list[Draft | Scratch] = []
        for job in jobs:
            draft = _draft(job, paths)
            stack.callback(draft.discard)
            if _made(draft, job, make, outcomes):
                drafts.append(draft)
        if drafts:
            also()
        for draft in drafts:
            draft.publish()
    return outcomes


def _draft(job: Job, paths: list[Path | None]) -> Draft | Scratch:
    if job.target is None:
        return Scratch()
    if job.folder:
        _make_folder(job.folder)
    # The input's own permissions go to the output, so it stands first.
    return Draft(job.target, [job.input.path, *paths])


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise ScrubberError(f"{folder}: cannot be written: {reason(fault)}") from fault


def _made(draft: Draft | Scratch, job: Job, make: Make, outcomes: Outcomes) -> bool:
    name = job.input.name
    try:
        counts, left_out = make(draft, job)
    except GuardError as fault:
        outcomes.guard = True
        say(f"{name}: not written: {fault}")
    except (ScrubberError, TableError, BrokenPipeError):
        raise  # not a matter of this file
    except (LoopsError, OSError) as fault:
        outcomes.failed += 1
        say(f"{name}: {reason(fault) if isinstance(fault, OSError) else fault}")
    except Exception as fault:  # noqa: BLE001 - one bad file must not stop the others
        outcomes.failed += 1
        say(f"{name}: {internal(fault)}")
    else:
        outcomes.done += 1
        outcomes.counts += counts
        if left_out:
            outcomes.failed += 1
            say(f"{name}: {left_out}")
        return True
    draft.discard()
    return False


class Writable(Protocol):
    """What bytes can be written to."""

    def write(self, data: bytes, /) -> object:
        """Write `data` whole."""


class Pile:
    """Lines that pile up on the disk until all is proven; a file without name."""

    def __init__(self) -> None:
        self._file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - closed by close

    def add(self, lines: Iterable[bytes]) -> None:
        """Take in lines, line ends included."""
        self._file.writelines(lines)

    def pour(self, out: Writable) -> None:
        """Write everything to `out`."""
        self._file.seek(0)
        shutil.copyfileobj(self._file, out)

    def close(self) -> None:
        """Throw everything away."""
        self._file.close()


def in_claims(changes: Iterable[Change]) -> int:
    """In how many claims the changes are, which come by place."""
    return sum(1 for ordinal, _ in groupby(one.claim_index for one in changes if one.claim_index))


def many(count: int, one: str, more: str = "") -> str:
    """A count with its noun, ``1 fix`` or ``2 fixes``."""
    return f"{count} {one if count == 1 else more or one + 's'}"
