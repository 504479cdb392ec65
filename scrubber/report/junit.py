"""Findings as JUnit XML, for a build server: a suite a file, a case a claim that was judged.

A claim with a fault (``reject`` or ``deny``) fails, the text telling each; what is only advised, or
waived, is output; a claim that could not be judged is skipped; a file that was not read is an error.
There are no times: the same input gives the same bytes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, BinaryIO

from lxml import etree

from scrubber.finding import Outcome, Severity
from scrubber.report.xmltext import legible

if TYPE_CHECKING:
    from loops import Batch
    from scrubber.checker import Checked
    from scrubber.finding import Finding
    from scrubber.report.form import Look
    from scrubber.report.tally import Failure, Tally


class Junit:
    """The report: items are JSON lines, of which `compose` makes the document."""

    between = ""

    def head(self, run: Mapping[str, Any]) -> str:  # noqa: ARG002 - see compose
        """Nothing."""
        return ""

    def items(self, batch: Batch | None, checked: Checked) -> Iterator[str]:
        """A line for the findings that stand together, and for a claim without any."""
        first = checked.findings[0] if checked.findings else None
        claim = checked.claim.id if checked.claim else first and first.claim
        index = checked.claim.index if checked.claim else first and first.claim_index
        faults = [one for one in checked.findings if one.outcome is Outcome.FAIL]
        row = {
            "file": batch.name if batch else checked.findings[0].file,
            "name": f"claim {index}: {claim}" if index else "outside the claims",
            "failed": [_line(one) for one in faults if one.severity is not Severity.ADVISE],
            "advised": [_line(one) for one in faults if one.severity is Severity.ADVISE]
            + [f"waived: {_line(one)}" for one in checked.findings if one.outcome is Outcome.WAIVED],
            "unjudged": [_line(one) for one in checked.findings if one.outcome is Outcome.NO_DATA],
        }
        yield json.dumps(row) + "\n"

    def tail(self, tally: Tally) -> str:  # noqa: ARG002 - see compose
        """Nothing."""
        return ""

    def compose(self, items: BinaryIO, tally: Tally, out: BinaryIO) -> None:
        """Write the document of the lines in `items`; counts stand before what they count."""
        counts = {file: Counter(map(_kind, rows)) for file, rows in _by_file(items)}
        total = sum(counts.values(), Counter())
        total["errors"] = len(tally.failures)
        with etree.xmlfile(out, encoding="utf-8") as document:
            document.write_declaration()
            with document.element("testsuites", name="scrubber", **_counted(total)):
                for file, rows in _by_file(items):
                    with document.element("testsuite", name=legible(file), **_counted(counts[file])):
                        for row in rows:
                            document.write(_case(row))
                for failure in tally.failures:
                    document.write(_unread(failure))
            document.flush()  # a fault of the last write would be lost in the closing
        out.write(b"\n")


def make(look: Look) -> Junit:  # noqa: ARG001 - it has one look
    """Make the report."""
    return Junit()


def _line(finding: Finding) -> str:
    line = f" line {finding.line}" if finding.line else ""
    return f"{finding.severity.value} {finding.rule}{line} {finding.place}: {finding.message}"


def _by_file(items: BinaryIO) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    items.seek(0)
    return groupby(map(json.loads, items), key=itemgetter("file"))


def _kind(row: dict[str, Any]) -> str:
    return "failures" if row["failed"] else "skipped" if row["unjudged"] else "passed"


def _counted(counts: Counter[str]) -> dict[str, str]:
    kinds = ("failures", "errors", "skipped")
    return {"tests": str(counts.total()), **{kind: str(counts[kind]) for kind in kinds}}


def _case(row: dict[str, Any]) -> etree._Element:
    case = etree.Element("testcase", classname=legible(row["file"]), name=legible(row["name"]))
    if row["failed"]:
        count = len(row["failed"])
        says = row["failed"][0] + (f" (and {count - 1} more)" if count > 1 else "")
        failure = etree.SubElement(case, "failure", type="finding", message=legible(says))
        failure.text = "\n".join(map(legible, row["failed"]))
    elif row["unjudged"]:
        etree.SubElement(case, "skipped", message=legible(row["unjudged"][0]))
    if row["advised"]:
        etree.SubElement(case, "system-out").text = "\n".join(map(legible, row["advised"]))
    return case


def _unread(failure: Failure) -> etree._Element:
    counts = _counted(Counter(errors=1))
    suite = etree.Element("testsuite", {"name": legible(failure.file), **counts})
    case = etree.SubElement(suite, "testcase", classname=legible(failure.file), name="read")
    etree.SubElement(case, "error", type="unread", message=legible(failure.reason))
    return suite
