"""Findings as JSON lines, schema ``scrubber.finding/1``: one finding a line, in the order of the file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from scrubber.report.mask import masked_row

if TYPE_CHECKING:
    from loops import Batch
    from scrubber.checker import Checked
    from scrubber.finding import Finding
    from scrubber.report.form import Look
    from scrubber.report.tally import Tally


# The first key of `Finding.told`: as a key it stands once, and in a text its quotes are escaped.
_BEHIND: Final = ',"dollars":'
_REMEMBERED: Final = 1024
_ENCODE: Final = json.JSONEncoder(separators=(",", ":")).encode


def as_line(row: dict[str, Any]) -> str:
    """A JSON object as a line, in ASCII."""
    return _ENCODE(row) + "\n"


class Lines:
    """Findings as lines; what many of them share (citations, tables, expected codes) is made JSON once."""

    def __init__(self, *, mask: bool) -> None:
        self._mask = mask
        self._shared: dict[tuple[object, ...], str] = {}

    def line(self, finding: Finding) -> str:
        """The line of a finding, masked where that was asked for."""
        row = finding.own() | finding.told()
        if self._mask:
            row = masked_row(row)
        about = finding.citations, finding.tables, finding.expected
        text = self._shared.get(about)
        if text is None:
            if len(self._shared) >= _REMEMBERED:
                self._shared.clear()
            text = self._shared[about] = _ENCODE(finding.shared())[1:-1]
        before, dollars, after = _ENCODE(row).rpartition(_BEHIND)
        return f"{before},{text}{dollars}{after}\n"


class JsonLines:
    """The report; ASCII only, so that no control character of the data reaches a terminal."""

    between = ""

    def __init__(self, look: Look) -> None:
        self._lines = Lines(mask=look.mask)

    def head(self, run: Mapping[str, Any]) -> str:  # noqa: ARG002 - findings only
        """Nothing."""
        return ""

    def items(self, batch: Batch | None, checked: Checked) -> Iterator[str]:  # noqa: ARG002
        """A line a finding."""
        for finding in checked.findings:
            yield self._lines.line(finding)

    def tail(self, tally: Tally) -> str:  # noqa: ARG002
        """Nothing."""
        return ""


def make(look: Look) -> JsonLines:
    """Make the report."""
    return JsonLines(look)
