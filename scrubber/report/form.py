"""What every form of report has in common."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Protocol, runtime_checkable

if TYPE_CHECKING:
    from loops import Batch
    from scrubber.checker import Checked
    from scrubber.report.tally import Tally

FORMS: Final = {
    "text": "scrubber.report.text",
    "jsonl": "scrubber.report.jsonl",
    "json": "scrubber.report.json",
    "csv": "scrubber.report.csv",
    "sarif": "scrubber.report.sarif",
    "html": "scrubber.report.html",
    "junit": "scrubber.report.junit",
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a report is to look.

    `width` is in columns; `colour` is the name of a colour system of rich, empty for none; `mask`
    hides data of persons; `all_outcomes` shows what is else only counted; `quiet` leaves out what
    is not a finding.
    """

    width: int = 100
    colour: str = ""
    mask: bool = True
    all_outcomes: bool = False
    quiet: bool = False


class Report(Protocol):
    """A form of report: text before, between and after its items, so that parts can be joined."""

    between: str

    def head(self, run: Mapping[str, Any]) -> str:
        """What stands before the first item; `run` says what was run."""

    def items(self, batch: Batch | None, checked: Checked) -> Iterator[str]:
        """The items for some findings that stand together; without a batch when they are about the run."""

    def tail(self, tally: Tally) -> str:
        """What stands after the last item."""


@runtime_checkable
class Late(Report, Protocol):
    """A report that begins with what is known in the end: it is composed of its items when all are there."""

    def compose(self, items: BinaryIO, tally: Tally, out: BinaryIO) -> None:
        """Write the whole report; `items` can be read anywhere, and more than once."""


def make(form: str, look: Look) -> Report:
    """The report called `form`, one of `FORMS`."""
    made: Report = importlib.import_module(FORMS[form]).make(look)
    return made
