"""Findings for a person to read: by claim, the segment with a caret under the fault, and the totals.

The lines are the same on a terminal and in a file; rich is loaded only to colour them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from scrubber.finding import Outcome
from scrubber.report.excerpt import excerpt
from scrubber.report.paint import Line, clean, painter, wrap
from scrubber.report.summary import summary_lines

if TYPE_CHECKING:
    from loops import Batch
    from scrubber.checker import Checked
    from scrubber.finding import Finding
    from scrubber.report.form import Look
    from scrubber.report.tally import Tally

_SHOWN: Final = "fail"
_INDENT: Final = 8
_CITED: Final = 1


class Text:
    """The report."""

    between = "\n"

    def __init__(self, look: Look) -> None:
        self._look = look
        self._paint = painter(look)

    def head(self, run: Mapping[str, Any]) -> str:  # noqa: ARG002 - a person knows what he ran
        """Nothing."""
        return ""

    def items(self, batch: Batch | None, checked: Checked) -> Iterator[str]:
        """One block for the findings that stand together, if any is to be shown."""
        shown = [one for one in checked.findings if self._look.all_outcomes or one.outcome == _SHOWN]
        if shown:
            lines = [_heading(batch, checked, shown[0])]
            for finding in shown:
                lines += self._finding(batch, finding)
            yield self._paint(lines)

    def tail(self, tally: Tally) -> str:
        """Summary by rule, what was not shown, and the control totals."""
        if self._look.quiet:
            return ""
        return self._paint(summary_lines(tally, all_outcomes=self._look.all_outcomes))

    def _finding(self, batch: Batch | None, finding: Finding) -> Iterator[Line]:
        width = self._look.width - _INDENT
        style = finding.severity.value if finding.outcome == _SHOWN else "quiet"
        label = (
            finding.severity.value if finding.outcome == _SHOWN else finding.outcome.value.replace("_", " ")
        )
        where = [f"line {clean(finding.line)}"] if finding.line else []
        where += [clean(finding.place)]
        where += [finding.service_date.isoformat()] if finding.service_date else []
        where += [f"${finding.dollars:,.2f}"] if finding.dollars else []
        yield [("", "  "), (style, f"{label:6}"), ("rule", f"  {finding.rule}"), ("", f" {finding.name}  "),
               ("quiet", "  ".join(where))]  # fmt: skip
        piece = excerpt(batch, finding, width, mask=self._look.mask) if batch else None
        if piece:
            yield _indented("segment", piece.text)
            yield _indented(style, " " * piece.caret + "^" * piece.length)
        for text in wrap(clean(finding.message), width):
            yield _indented("", text)
        if finding.outcome is Outcome.WAIVED:
            for text in wrap(clean(_waived(finding)), width):
                yield _indented("quiet", text)
        if finding.outcome == _SHOWN:
            for text in _sources(finding, width):
                yield _indented("quiet", text)


def make(look: Look) -> Text:
    """Make the report."""
    return Text(look)


def _indented(style: str, text: str) -> Line:
    return [("", " " * _INDENT), (style, text)]


def _waived(finding: Finding) -> str:
    waiver = finding.evidence["waiver"]
    return f"waived until {waiver['until']}: {waiver['reason']}"


def _heading(batch: Batch | None, checked: Checked, first: Finding) -> Line:
    name = clean(first.file)
    if batch is None:
        return [("file", name)]
    if first.claim_index is None:
        where = [f"interchange {clean(first.isa13)}"] if first.isa13 else []
        return [("file", name), ("", "  "), ("", "  ".join([*where, "outside the claims"]))]
    charge = checked.claim.charge if checked.claim else batch.claim(first.claim_index - 1).charge
    facts = [f"number {first.claim_index:,}", first.payer_class]
    facts += [f"${charge:,.2f}"] if charge is not None else []
    return [("file", name), ("", "  "), ("claim", f"claim {clean(first.claim or '?')}"), ("", "  "),
            ("", "  ".join(facts))]  # fmt: skip


def _sources(finding: Finding, width: int) -> Iterable[str]:
    expected, fix = finding.expected, finding.fix
    if fix:
        rewrite = "`scrubber rewrite` does it" if fix.safety == "format" else "a person must approve it"
        yield from wrap(f"fix: {clean(fix.title)} ({rewrite})", width)
    codes = (
        ("999 IK304", _told(finding, "ik3")),
        ("999 IK403", _told(finding, "ik4")),
        ("277CA", expected.status),
        ("CARC", expected.carc),
        ("RARC", expected.rarc),
    )
    cites = tuple(", ".join(filter(None, (one.title, one.section))) for one in finding.citations)
    yield from _references(codes, cites, width)


def _told(finding: Finding, key: str) -> tuple[str, ...]:
    code = finding.evidence.get(key)
    return (str(code),) if code else ()


@lru_cache(maxsize=256)
def _references(
    codes: tuple[tuple[str, tuple[str, ...]], ...], cites: tuple[str, ...], width: int
) -> tuple[str, ...]:
    """The lines for the expected answer and the authorities: the same for most findings of a rule."""
    lines: list[str] = []
    answers = [f"{name} {' '.join(values)}" for name, values in codes if values]
    if answers:
        lines += wrap("expect: " + ", ".join(answers), width)
    for n, cite in enumerate(cites[:_CITED], 1):
        more = len(cites) - _CITED if n == _CITED else 0
        lines += wrap(f"see: {cite}" + (f" (and {more} more: --format jsonl)" if more > 0 else ""), width)
    return tuple(lines)
