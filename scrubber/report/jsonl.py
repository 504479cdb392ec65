"""Findings as JSON lines, schema ``scrubber.finding/1``: one finding a line, in the order of the file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from scrubber.report.mask import masked_row

if TYPE_CHECKING:
    from loops import Batch
    from scrubber.checker import Checked
    from scrubber.report.form import Look
    from scrubber.report.tally import Tally


_ENCODE: Final = json.JSONEncoder(separators=(",", ":")).encode


def as_line(row: dict[str, Any]) -> str:
    """A JSON object as a line, in ASCII."""
    return _ENCODE(row) + "\n"


class JsonLines:
    """The report; ASCII only, so that no control character of the data reaches a terminal."""

    between = ""

    def __init__(self, look: Look) -> None:
        self._mask = look.mask

    def head(self, run: Mapping[str, Any]) -> str:  # noqa: ARG002 - findings only
        """Nothing."""
        return ""

    def items(self, batch: Batch | None, checked: Checked) -> Iterator[str]:  # noqa: ARG002
        """A line a finding."""
        for finding in checked.findings:
            row = finding.as_dict()
            yield as_line(masked_row(row) if self._mask else row)

    def tail(self, tally: Tally) -> str:  # noqa: ARG002
        """Nothing."""
        return ""


def make(look: Look) -> JsonLines:
    """Make the report."""
    return JsonLines(look)
