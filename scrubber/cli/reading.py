"""Read what a command was given, file by file: what fails is told, the others go on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence

from loops import Batch
from loops.errors import LoopsError
from loops.source import Readable
from scrubber.checker import left_out, read_837p
from scrubber.cli.faults import internal, left_early, reason, say
from scrubber.cli.inputs import Input
from scrubber.errors import OK, PARTLY, UNREADABLE, ScrubberError
from scrubber.report.tally import Failure
from scrubber.tables import TableError

Read = Callable[[Readable, str], Batch]


def attempt(one: Input, read: Read, do: Callable[[Batch], None]) -> Failure | None:
    """Read one input and `do` something with its batch; None, or why it was not or not wholly done.

    Raises what is no matter of this input: ScrubberError, TableError, BrokenPipeError.
    """
    try:
        with read(one.path or sys.stdin.buffer, one.name) as batch:
            do(batch)
            rest = left_out(batch)
        return Failure(one.name, rest, whole=False) if rest else None
    except (ScrubberError, TableError):
        raise
    except Exception as fault:
        if left_early(fault):
            raise
        return Failure(one.name, _why(fault), whole=True)  # one bad file must not stop the others


def _why(fault: Exception) -> str:
    if isinstance(fault, LoopsError):
        return str(fault)
    return reason(fault) if isinstance(fault, OSError) else internal(fault)


def each_batch(
    inputs: Iterable[Input], do: Callable[[Batch], None], codes: frozenset[str] = frozenset()
) -> int:
    """`do` something with the batch of each input; return the exit code.

    `codes` are the procedure codes whose claims `Batch.wanted` should tell. Raises as `attempt`.
    """
    count = 0
    failures = []
    for one in inputs:
        count += 1
        failure = attempt(one, lambda source, name: read_837p(source, name, codes), do)
        if failure:
            tell(failure)
            failures.append(failure)
    return ended(failures, count) or OK


def tell(failure: Failure) -> None:
    """Say in one line on standard error what was not done with a file."""
    say(f"{failure.file}: {failure.reason}")


def ended(failures: Sequence[Failure], count: int) -> int:
    """The exit code for `count` inputs with these failures; OK when all were done, or said to be none."""
    if not count:
        say("no X12 file found: name a file, or a folder that holds some")
        return UNREADABLE
    if not failures:
        return OK
    return UNREADABLE if sum(failure.whole for failure in failures) == count else PARTLY
