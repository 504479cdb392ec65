"""Findings as JSON lines, schema ``scrubber.finding/1``: one finding a line, in the order of the file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loops import Batch
    from scrubber.checker import Checked
    from scrubber.report.form import Look
    from scrubber.report.tally import Tally


class JsonLines:
    """The report; ASCII only, so that no control character of the data reaches a terminal."""

    between = ""

    def head(self, run: Mapping[str, Any]) -> str:  # noqa: ARG002 - findings only
        """Nothing."""
        return ""

    def items(self, batch: Batch, checked: Checked) -> Iterator[str]:  # noqa: ARG002
        """A line a finding."""
        for finding in checked.findings:
            yield json.dumps(finding.as_dict(), separators=(",", ":")) + "\n"

    def tail(self, tally: Tally) -> str:  # noqa: ARG002
        """Nothing."""
        return ""


def make(look: Look) -> JsonLines:  # noqa: ARG001 - JSON has one look
    """Make the report."""
    return JsonLines()
