"""What depends on a terminal: width, colour, the progress bar. rich is loaded only when there is one."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from scrubber.report.form import Look

_PLAIN_WIDTH: Final = 100
_NARROWEST: Final = 60
_WORTH_A_BAR: Final = 16 << 20


def look_for(
    output: Path | None,
    *,
    mask: bool,
    all_outcomes: bool = False,
    quiet: bool = False,
    no_color: bool = False,
) -> Look:
    """How a report looks where it goes: wide and coloured as the terminal, else plain in 100 columns."""
    width, colour = _plain_width(), ""
    if output is None and (sys.stdout.isatty() or os.environ.get("FORCE_COLOR")):
        from rich.console import Console  # noqa: PLC0415 - costs as much as checking a small file

        console = Console(no_color=no_color or None)
        width = console.width
        colour = "" if console.no_color else console.color_system or ""
    return Look(max(width, _NARROWEST), colour, mask, all_outcomes, quiet)


def _plain_width() -> int:
    text = os.environ.get("COLUMNS", "")
    return int(text) if text.isdecimal() else _PLAIN_WIDTH


@contextlib.contextmanager
def progress(size: int, *, wanted: bool, output: Path | None) -> Iterator[Callable[[int], None]]:
    """A function to call with the number of bytes done.

    It draws a bar on standard error when that is a terminal, the work of `size` bytes is long, and
    the report does not go to the same terminal.
    """
    busy = output is None and sys.stdout.isatty()
    if not wanted or busy or size < _WORTH_A_BAR or not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn  # noqa: PLC0415

    columns = (BarColumn(None), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        job = bar.add_task("checking", total=size)
        yield lambda done: bar.update(job, completed=done)
