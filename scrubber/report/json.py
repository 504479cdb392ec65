"""One JSON document, schema ``scrubber.check/1``: the run, the findings, the totals.

``run`` says what was run; ``findings`` holds objects of schema ``scrubber.finding/1``; ``summary``
holds ``files``, ``claims``, ``lines``, ``charges`` (CLM02), ``line_charges`` (SV102), ``judged``
(claims that rules looked at), ``injections`` (claims with 96372), ``outcomes``, ``severities``,
``rules`` and ``failures`` (files not checked, and why).
"""

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

SCHEMA: Final = "scrubber.check/1"
_OUTCOMES: Final = ("fail", "bypassed", "waived", "no_data", "pass")


class JsonDocument:
    """The report, written as it comes: memory does not grow with the findings."""

    between = ",\n"

    def __init__(self, look: Look) -> None:
        self._mask = look.mask

    def head(self, run: Mapping[str, Any]) -> str:
        """The run, and the start of the list of findings."""
        return f'{{"schema": "{SCHEMA}",\n"run": {json.dumps(run)},\n"findings": [\n'

    def items(self, batch: Batch | None, checked: Checked) -> Iterator[str]:  # noqa: ARG002
        """An object a finding."""
        for finding in checked.findings:
            row = finding.as_dict()
            yield json.dumps(masked_row(row) if self._mask else row)

    def tail(self, tally: Tally) -> str:
        """The end of the list, and the totals."""
        return f'\n],\n"summary": {json.dumps(summary(tally))}}}\n'


def summary(tally: Tally) -> dict[str, Any]:
    """The counts of a run as plain JSON data; dollars as decimal strings."""
    totals = tally.totals
    return {
        "files": tally.files,
        "claims": totals.claims,
        "lines": totals.lines,
        "charges": f"{totals.charges:.2f}",
        "line_charges": f"{totals.line_charges:.2f}",
        "unreadable_amounts": totals.unreadable,
        "judged": tally.judged,
        "injections": tally.injections,
        "outcomes": {name: tally.outcomes[name] for name in _OUTCOMES},
        "severities": {name: tally.severities[name] for name in ("reject", "deny", "advise")},
        "rules": [
            {
                "rule": code,
                "name": rule.name,
                "severity": severity,
                "findings": rule.findings,
                "claims": rule.claims,
                "dollars": f"{rule.dollars:.2f}",
            }
            for (code, severity), rule in sorted(tally.rules.items())
        ],
        "failures": [
            {"file": failure.file, "reason": failure.reason, "whole": failure.whole}
            for failure in tally.failures
        ],
    }


def make(look: Look) -> JsonDocument:
    """Make the report."""
    return JsonDocument(look)
