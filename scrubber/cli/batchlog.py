"""How a run tells its progress: a bar with rate, rest and totals on a terminal, JSON lines elsewhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

from scrubber.batch.task import dollars
from scrubber.cli.faults import say

if TYPE_CHECKING:
    from rich.progress import Progress

    from scrubber.batch.run import Log, Totals
    from scrubber.batch.task import Done
    from scrubber.ledger import Run


class Silent:
    """Tells what went wrong, and nothing else."""

    def begin(self, files: int, size: int) -> None:
        """Say nothing."""

    def done(self, done: Done) -> None:
        """Tell what is wrong with a file, if anything is."""
        if done.trouble or done.left_out:
            self.say(f"{done.order.arrival.name}: {done.trouble or done.left_out}")

    def again(self, name: str, size: int, run: Run | None) -> None:
        """Say nothing."""

    def failed(self, name: str, size: int, reason: str) -> None:  # noqa: ARG002
        """Tell the reason."""
        self.say(f"{name}: {reason}")

    def say(self, line: str) -> None:
        """Tell a line."""
        say(line)


class Lines(Silent):
    """A JSON object a line on standard error."""

    def __init__(self) -> None:
        self._last = perf_counter()

    def begin(self, files: int, size: int) -> None:
        """Tell how much there is."""
        if files:
            self._write("begin", files=files, bytes=size)

    def done(self, done: Done) -> None:
        """Tell what came of a file."""
        told: dict[str, Any] = {"file": done.order.arrival.name, "bytes": done.order.arrival.size}
        if done.outcome != "bad" and done.entry is not None:
            told |= {
                "outcome": done.outcome,
                "claims": done.received.claims,
                "released": done.released.claims,
                "held": done.held.claims,
                "held_charges": dollars(done.held.cents),
            }
        if done.trouble or done.left_out:
            told["reason"] = done.trouble or done.left_out
        self._write("bad" if done.outcome == "bad" else "done" if done.entry else "failed", **told)

    def again(self, name: str, size: int, run: Run | None) -> None:
        """Tell of a file that was done before."""
        first = {"first": run.name, "first_at": run.at.isoformat(), "outcome": run.outcome} if run else {}
        self._write("again", file=name, bytes=size, **first)

    def failed(self, name: str, size: int, reason: str) -> None:
        """Tell of a file that was left alone."""
        self._write("failed", file=name, bytes=size, reason=reason)

    def say(self, line: str) -> None:
        """Tell a line."""
        self._write("note", text=line)

    def _write(self, event: str, **told: Any) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        sys.stderr.write(json.dumps({"at": at, "event": event, **told}) + "\n")
        sys.stderr.flush()


class Bar(Silent):
    """A bar of rich on standard error."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._job = progress.add_task("", total=None, totals="")
        self._claims = self._held = self._cents = 0

    def begin(self, files: int, size: int) -> None:
        """Draw the bar anew."""
        self._progress.reset(self._job, total=size, description=f"{files:,} files", totals="")

    def done(self, done: Done) -> None:
        """Move on, and tell what is wrong with a file, if anything is."""
        self._claims += done.received.claims
        self._held += done.held.claims
        self._cents += done.held.cents
        self._advance(done.order.arrival.size)
        super().done(done)

    def again(self, name: str, size: int, run: Run | None) -> None:  # noqa: ARG002
        """Move on."""
        self._advance(size)

    def failed(self, name: str, size: int, reason: str) -> None:
        """Move on, and tell the reason."""
        self._advance(size)
        super().failed(name, size, reason)

    def say(self, line: str) -> None:
        """Tell a line above the bar."""
        self._progress.console.print(f"scrubber: {line}", markup=False, highlight=False, soft_wrap=True)

    def _advance(self, size: int) -> None:
        told = f"{self._claims:,} claims, {self._held:,} held (${dollars(self._cents)})"
        self._progress.update(self._job, advance=size, totals=told)


@contextmanager
def logging(*, quiet: bool, no_color: bool) -> Iterator[Log]:
    """The log that fits where standard error goes."""
    if quiet:
        yield Silent()
    elif not sys.stderr.isatty():
        yield Lines()
    else:
        from rich import progress  # noqa: PLC0415 - only on a terminal
        from rich.console import Console  # noqa: PLC0415

        columns = (
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.DownloadColumn(),
            progress.TransferSpeedColumn(),
            progress.TimeRemainingColumn(),
            progress.TextColumn("{task.fields[totals]}"),
        )
        console = Console(stderr=True, no_color=no_color or None)
        with progress.Progress(*columns, console=console, transient=True) as bar:
            yield Bar(bar)


def summary(totals: Totals) -> Iterator[str]:
    """The account of a run, for standard output."""
    width = max(len(f"{totals.received.claims:,}"), 1)
    money = max(len(f"{totals.received.cents / 100:,.2f}"), 1)
    for word, one in (("received", totals.received), ("released", totals.released), ("held", totals.held)):
        amount = f"{one.cents // 100:,}.{one.cents % 100:02}"
        yield f"{word:<9} {one.claims:>{width},} claims  ${amount:>{money}}"
    parts = [(totals.files, "done"), (totals.again, "done before"), (totals.failed, "bad or left alone")]
    told = ", ".join(f"{count:,} {word}" for count, word in parts if count)
    yield f"files     {told or 'none'}"
