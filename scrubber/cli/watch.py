"""``scrubber watch``: the preprocessing step, on arrival."""

from __future__ import annotations

import signal
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scrubber.cli import batching, options
from scrubber.cli.stopping import stopping
from scrubber.errors import INTERRUPTED, OK

if TYPE_CHECKING:
    from scrubber.batch.intake import Arrival, Say


@click.command(name="watch")
@batching.batching
@click.option(
    "--interval",
    type=click.FloatRange(min=0.05),
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    help="Look into the inbox so often.",
)
@options.config
@options.judging
@options.jobs
@options.console
def command(
    *,
    inbox: Path,
    output: Path,
    wanted: batching.Wanted,
    interval: float,
    judging: options.Judging,
    jobs: int,
    quiet: bool,
    no_color: bool,
) -> int:
    """Do as scrubber batch does, whenever something arrives, until a signal ends it.

    The inbox is looked through again and again, so that it may be on a network drive. SIGTERM and
    SIGINT end it as soon as what is being published stands.
    """
    from scrubber.batch.intake import Intake, check_folders  # noqa: PLC0415 - help must not pay for them
    from scrubber.batch.setting import session  # noqa: PLC0415
    from scrubber.cli.batchlog import logging  # noqa: PLC0415

    setting = wanted.setting(output, judging, jobs)
    check_folders(inbox, output)
    intake, seen = Intake(inbox, wanted.settle, wanted.sentinel), Seen()
    with stopping() as stop, logging(quiet=quiet, no_color=no_color) as log:
        try:
            with session(setting, log, datetime.now(UTC), stop.shield) as work:
                once = Once(log.say)
                while True:
                    if arrivals := intake.arrivals(once.say, seen.has):
                        at = datetime.now(UTC)
                        work.run(arrivals, at, wanted.approved(at.date()))
                        seen.take(arrivals)
                    once.turn()
                    seen.turn()
                    time.sleep(interval)
        except KeyboardInterrupt:
            if not quiet:
                log.say("stopped: nothing is half-written")
    return OK if stop.wanted == signal.SIGTERM else INTERRUPTED


class Seen:
    """The files that were looked at: they are not opened again until they change."""

    def __init__(self) -> None:
        self._files: dict[str, Arrival] = {}
        self._there: dict[str, Arrival] = {}

    def has(self, one: Arrival) -> bool:
        """Whether a file was looked at as it is."""
        seen = self._files.get(one.name) == one
        if seen:
            self._there[one.name] = one
        return seen

    def take(self, arrivals: list[Arrival]) -> None:
        """Take note of files that were looked at."""
        self._there.update((one.name, one) for one in arrivals)

    def turn(self) -> None:
        """A look is over: forget the files that are gone."""
        self._files, self._there = self._there, {}


class Once:
    """Says a line when it is new: what is true of the inbox is true again at the next look."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._before: set[str] = set()
        self._now: set[str] = set()

    def say(self, line: str) -> None:
        """Say a line, unless it was said at the look before."""
        if line not in self._before and line not in self._now:
            self._say(line)
        self._now.add(line)

    def turn(self) -> None:
        """A look is over."""
        self._before, self._now = self._now, set()
