"""``scrubber check``: report findings, change nothing."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import click

from scrubber.checker import Checker
from scrubber.cli import options
from scrubber.cli.checking import Task, check_all
from scrubber.cli.inputs import Input, find_inputs
from scrubber.cli.output import Unwanted, opened
from scrubber.cli.reading import ended
from scrubber.cli.terminal import look_for, progress
from scrubber.errors import FINDINGS, OK
from scrubber.report import Tally


@click.command(name="check")
@options.inputs
@options.config
@options.judging
@options.fail_on
@options.formats("text", "jsonl", "json", "csv", "sarif", "html", "junit")
@options.output
@click.option(
    "--all-outcomes",
    is_flag=True,
    help="Show passes, answered edits, what is waived and what was not judged too.",
)
@click.option(
    "--ack",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the 999 of each functional group here.",
)
@click.option("--ack-control", type=click.IntRange(1, 999_999_999), help="First control number of the 999s.")
@click.option("--oracle", is_flag=True, help="Run pyx12's validator too and tell each disagreement.")
@options.phi
@options.jobs
@options.console
def command(
    *,
    inputs: tuple[str, ...],
    judging: options.Judging,
    fail_on: str,
    format_: str,
    output: Path | None,
    all_outcomes: bool,
    ack: Path | None,
    ack_control: int | None,
    oracle: bool,
    phi: str,
    jobs: int,
    quiet: bool,
    no_color: bool,
) -> int:
    """Report findings of the rules and of the guide; change nothing.

    INPUT is one or more files or folders; "-" is standard input.
    """
    look = look_for(output, mask=phi == "mask", all_outcomes=all_outcomes, quiet=quiet, no_color=no_color)
    task = Task(judging, format_, look)
    checker = task.checker()  # a wrong option is told before anything is read or written
    found = find_inputs(inputs, quiet=quiet)
    tally = Tally()
    run = _run(checker, judging) if format_ in ("json", "sarif") else {}
    sizes = sum(one.size for one in found)
    with contextlib.suppress(BrokenPipeError), opened(output, [one.path for one in found]) as sink:
        with progress(sizes, wanted=not quiet and jobs == 1, output=output) as advance:
            check_all(task, found, sink, tally, run=run, jobs=jobs, advance=advance)
        if not tally.files:
            raise Unwanted
    if ack or oracle:
        _beside(found, ack, ack_control, oracle=oracle)
    return ended(tally.failures, len(found)) or (FINDINGS if tally.reaches(fail_on) else OK)


def _beside(inputs: list[Input], ack: Path | None, control: int | None, *, oracle: bool) -> None:
    from scrubber.cli.acknowledge import acknowledge, ask_oracle  # noqa: PLC0415 - seldom asked for

    if ack:
        acknowledge(ack, inputs, control)
    if oracle:
        ask_oracle(inputs)


def _run(checker: Checker, judging: options.Judging) -> dict[str, Any]:
    """What was run, for the JSON document. No clock: the same input gives the same bytes."""
    from importlib.metadata import version  # noqa: PLC0415 - takes longer than reading a small file

    return {
        "tool": "scrubber",
        "version": version("x12-claim-scrubber"),
        "profile": checker.profile.name if checker.profile else None,
        "select": list(judging.select),
        "ignore": list(judging.ignore),
        "guide": judging.guide,
        "rules": [one.code for one in checker.rules],
    }
