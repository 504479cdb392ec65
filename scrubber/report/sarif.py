"""Findings as SARIF 2.1.0 (OASIS), for what reads the results of static analysis.

A place is a span of bytes (``region.byteOffset``, ``byteLength``): a batch need not have lines. Its
claim, line and element are the logical location. ``reject`` is an error, ``deny`` a warning, ``advise``
a note; a fault that is waived is suppressed, with the reason; what is no fault has level ``none`` and
a kind: ``pass``, ``informational`` (answered by a modifier) or ``open`` (not judged).
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from scrubber.finding import Outcome, Severity
from scrubber.report.json import summary

if TYPE_CHECKING:
    from loops import Batch
    from scrubber.checker import Checked
    from scrubber.finding import Edit, Finding, Fix
    from scrubber.report.form import Look
    from scrubber.report.tally import Tally

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {Severity.REJECT: "error", Severity.DENY: "warning", Severity.ADVISE: "note"}
_FAULTS: Final = (Outcome.FAIL, Outcome.WAIVED)
_KINDS: Final = {"pass": "pass", "bypassed": "informational", "no_data": "open"}


class Sarif:
    """The report: one run, whose results are written as they come, and whose rules are those that spoke."""

    between = ",\n"

    def __init__(self, look: Look) -> None:
        self._look = look
        self._run: Mapping[str, Any] = {}

    def head(self, run: Mapping[str, Any]) -> str:
        """The start of the list of results."""
        self._run = run
        return f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [{{\n"results": [\n'

    def items(self, batch: Batch | None, checked: Checked) -> Iterator[str]:  # noqa: ARG002
        """An object a finding."""
        for finding in checked.findings:
            if self._look.all_outcomes or finding.outcome in _FAULTS:
                yield json.dumps(_result(finding))

    def tail(self, tally: Tally) -> str:
        """The end of the list, the tool with its rules, and the totals."""
        driver = {
            "name": "scrubber",
            **{key: self._run[key] for key in ("version",) if key in self._run},
            "rules": [_rule(code, name) for code, name in _names(tally)],
        }
        told = [
            {"level": "error", "message": {"text": f"{one.file}: {one.reason}"}} for one in tally.failures
        ]
        invocation = {"executionSuccessful": not told, "toolExecutionNotifications": told}
        rest = {
            "tool": {"driver": driver},
            "invocations": [invocation],
            "properties": {"summary": summary(tally)},
        }
        return "\n],\n" + json.dumps(rest)[1:] + "]}\n"


def make(look: Look) -> Sarif:
    """Make the report."""
    return Sarif(look)


def _result(finding: Finding) -> dict[str, Any]:
    failed = finding.outcome in _FAULTS
    row = finding.as_dict()
    where = [finding.claim, finding.line, finding.place]
    name = "/".join(part for part in where if part)
    told = ("severity", "outcome", "claim_index", "isa13", "gs06", "st02", "segment", "service_date")
    return {
        "ruleId": finding.rule,
        "kind": "fail" if failed else _KINDS[finding.outcome.value],
        "level": _LEVELS[finding.severity] if failed else "none",
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(finding.file),
                    "region": _region(finding.byte_start, finding.byte_end),
                },
                "logicalLocations": [{"name": finding.place, "fullyQualifiedName": name}],
            }
        ],
        "partialFingerprints": {"place/1": f"{finding.rule}/{name}"},
        **({"fixes": [_fix(finding.file, finding.fix)]} if finding.fix else {}),
        **({"suppressions": [_suppression(finding)]} if finding.outcome is Outcome.WAIVED else {}),
        "properties": {key: row[key] for key in (*told, "payer_class", "expected", "dollars", "disposition")},
    }


def _suppression(finding: Finding) -> dict[str, Any]:
    waiver = finding.evidence["waiver"]
    says = f"{waiver['reason']} (waiver {waiver['number']}, until {waiver['until']})"
    return {"kind": "external", "status": "accepted", "justification": says}


def _artifact(file: str) -> dict[str, str]:
    return {"uri": quote(os.fsencode(file))}


def _region(start: int, end: int) -> dict[str, int]:
    return {"byteOffset": start, "byteLength": end - start}


def _fix(file: str, fix: Fix) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _region(edit.start, edit.end), "insertedContent": _content(edit)}
        for edit in fix.edits
    ]
    return {
        "description": {"text": f"{fix.title} ({fix.safety.value})"},
        "artifactChanges": [{"artifactLocation": _artifact(file), "replacements": replacements}],
    }


def _content(edit: Edit) -> dict[str, str]:
    if edit.after.isascii():
        return {"text": edit.after.decode("ascii")}
    return {"binary": base64.b64encode(edit.after).decode("ascii")}


def _names(tally: Tally) -> list[tuple[str, str]]:
    """Codes and names of the rules that found faults, each once."""
    return sorted({code: of.name for (code, _), of in tally.rules.items()}.items())


def _rule(code: str, name: str) -> dict[str, Any]:
    """A rule as far as its code tells; those of the catalogue with summary, reason and authority."""
    from scrubber.registry import all_rules  # noqa: PLC0415 - loaded already where rules ran

    rule = next((one for one in all_rules() if one.code == code), None)
    if rule is None:
        return {"id": code, "name": name}
    pages = [one.url for one in rule.citations if one.url]
    return {
        "id": code,
        "name": name,
        "shortDescription": {"text": " ".join(rule.summary.split())},
        "help": {"text": rule.why},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        **({"helpUri": pages[0]} if pages else {}),
    }
