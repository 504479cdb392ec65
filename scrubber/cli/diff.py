"""``scrubber diff``: two 837P files side by side, by claim and line."""

from __future__ import annotations

import contextlib
import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from loops import Batch, LoopsError, NotX12Error
from scrubber.checker import left_out, read_837p
from scrubber.cli import options
from scrubber.cli.faults import say
from scrubber.cli.inputs import STDIN, Input
from scrubber.cli.output import opened
from scrubber.cli.terminal import look_for
from scrubber.errors import FINDINGS, OK, PARTLY, ConfigError

if TYPE_CHECKING:
    from scrubber.diff import Comparison

_FORMS: Final = {"text": "scrubber.diff.text", "json": "scrubber.diff.json", "html": "scrubber.diff.page"}


@click.command(name="diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@options.formats(*_FORMS)
@options.output
@options.config
@options.phi
@options.console
def command(
    *,
    before: str,
    after: str,
    format_: str,
    output: Path | None,
    phi: str,
    quiet: bool,
    no_color: bool,
) -> int:
    """Show what changed between two 837P files, and in whose claims.

    A and B are files; one of them may be "-" for standard input. Claims are recognised by CLM01,
    else by patient, date and provider; lines by REF*6R, else by code, date and charge. Separators
    and line ends do not count in the comparison; where they differ it is said once.

    Exit code 0: no difference; 1: the files differ; 2: wrong usage; 3: one of them is not readable
    as 837P; 4: compared, but for the transactions of other kinds that one of them holds.
    """
    inputs = _inputs(before, after)
    look = look_for(output, mask=phi == "mask", quiet=quiet, no_color=no_color)
    with contextlib.ExitStack() as stack:
        one, other = (stack.enter_context(_read(given)) for given in inputs)
        comparison, counts = _compared(one, other)
        form: Any = importlib.import_module(_FORMS[format_])
        with contextlib.suppress(BrokenPipeError), opened(output, [given.path for given in inputs]) as sink:
            form.write(sink.stream, comparison, counts, look)
        rest = [(batch.name, what) for batch in (one, other) if (what := left_out(batch))]
        for name, what in rest:
            say(f"{name}: {what}")
        return PARTLY if rest else FINDINGS if counts.any else OK


def _compared(before: Batch, after: Batch) -> tuple[Comparison, Any]:
    from scrubber.diff import Comparison  # noqa: PLC0415 - help needs none of it
    from scrubber.diff.shown import Counts  # noqa: PLC0415

    comparison = Comparison(before, after)
    return comparison, Counts.of(comparison)


def _inputs(before: str, after: str) -> tuple[Input, Input]:
    """The two files, called by their names, or by their paths where the names are the same."""
    if before == after == STDIN:
        raise ConfigError('only one of the two can be "-"')
    paths = [None if one == STDIN else Path(one) for one in (before, after)]
    for path in paths:
        if path and path.is_dir():
            raise ConfigError(f"{path}: is a folder: name two files")
    names = [path.name if path else STDIN for path in paths]
    if names[0] == names[1]:
        names = [before, after]
    return Input(paths[0], names[0]), Input(paths[1], names[1])


def _read(one: Input) -> Batch:
    try:
        return read_837p(one.path or sys.stdin.buffer, one.name)
    except LoopsError as fault:
        raise NotX12Error(f"{one.name}: {fault}") from fault
