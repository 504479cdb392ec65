"""Findings as CSV (RFC 4180, UTF-8): a row a finding, lists joined by blanks, formulas defused."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from scrubber.report.mask import masked_row

if TYPE_CHECKING:
    from loops import Batch
    from scrubber.checker import Checked
    from scrubber.finding import Finding
    from scrubber.report.form import Look
    from scrubber.report.tally import Tally

COLUMNS: Final = (
    "file", "isa13", "gs06", "st02", "claim", "claim_index", "line", "lines", "rule", "name", "severity",
    "outcome", "message", "place", "segment", "byte_start", "byte_end", "service_date", "payer_class",
    "dollars", "disposition", "expected_277ca", "expected_carc", "expected_rarc", "fix_safety", "fix_title",
    "citations", "tables", "evidence",
)  # fmt: skip
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class Csv:
    """The report; the first row names the columns."""

    between = ""

    def __init__(self, look: Look) -> None:
        self._mask = look.mask

    def head(self, run: Mapping[str, Any]) -> str:  # noqa: ARG002 - findings only
        """The names of the columns."""
        return row(COLUMNS)

    def items(self, batch: Batch | None, checked: Checked) -> Iterator[str]:  # noqa: ARG002
        """A row a finding."""
        for finding in checked.findings:
            yield row(_cells(finding, mask=self._mask))

    def tail(self, tally: Tally) -> str:  # noqa: ARG002
        """Nothing."""
        return ""


def make(look: Look) -> Csv:
    """Make the report."""
    return Csv(look)


def defused(cell: Any) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before ``= + - @`` and tab."""
    text = "" if cell is None else str(cell)
    return "'" + text if text.startswith(_FORMULA) else text


def row(cells: Iterable[Any]) -> str:
    """A row of cells, formulas defused."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([defused(cell) for cell in cells])
    return line.getvalue()


def _cells(finding: Finding, *, mask: bool) -> list[Any]:
    data = masked_row(finding.as_dict()) if mask else finding.as_dict()
    expected, fix = data["expected"], data["fix"] or {}
    data |= {
        "lines": " ".join(finding.lines),
        "expected_277ca": " ".join(expected["277ca"]),
        "expected_carc": " ".join(expected["carc"]),
        "expected_rarc": " ".join(expected["rarc"]),
        "fix_safety": fix.get("safety"),
        "fix_title": fix.get("title"),
        "citations": "; ".join(f"{one.title}, {one.section}".strip(", ") for one in finding.citations),
        "tables": " ".join(f"{name}={vintage}" for name, vintage in finding.tables),
        "evidence": json.dumps(data["evidence"]) if finding.evidence else "",
    }
    return [data[column] for column in COLUMNS]
