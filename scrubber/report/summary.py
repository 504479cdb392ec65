"""The end of the text report: counts and dollars by rule, and the control totals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from scrubber.report.paint import Line

if TYPE_CHECKING:
    from scrubber.report.tally import Tally

_SEVERITIES: Final = ("reject", "deny", "advise")


def summary_lines(tally: Tally, *, all_outcomes: bool) -> Iterator[Line]:
    """Lines for a person; in the end what went in, to be held against what the sender says."""
    if tally.outcomes:
        yield []
    if tally.rules:
        yield from _by_rule(tally)
        yield []
    quiet = _uncounted(tally)
    if quiet and not all_outcomes:
        yield [("quiet", f"Not shown: {quiet}; --all-outcomes shows them.")]
    if tally.files:
        yield from _totals(tally)


def _by_rule(tally: Tally) -> Iterator[Line]:
    order = sorted(tally.rules.items(), key=lambda one: (_SEVERITIES.index(one[0][1]), one[0][0]))
    rows = [
        (severity, code, rule.name, f"{rule.findings:,}", f"{rule.claims:,}", f"${rule.dollars:,.2f}")
        for (code, severity), rule in order
    ]
    heads = ("", "rule", "", "findings", "claims", "dollars")
    wide = [max(len(row[n]) for row in (heads, *rows)) for n in range(6)]
    yield [("head", _row(heads, wide).rstrip())]
    for row in rows:
        yield [(row[0], f"{row[0]:{wide[0]}}"), ("", _row(row, wide)[wide[0] :])]


def _row(cells: tuple[str, ...], wide: list[int]) -> str:
    left = [f"{cell:{width}}" for cell, width in zip(cells[:3], wide[:3], strict=True)]
    right = [f"{cell:>{width}}" for cell, width in zip(cells[3:], wide[3:], strict=True)]
    return f"{left[0]}  {left[1]} {left[2]}  {'  '.join(right)}"


def _uncounted(tally: Tally) -> str:
    parts = []
    if count := tally.outcomes["bypassed"]:
        parts.append(f"{count:,} answered by a modifier")
    if count := tally.outcomes["waived"]:
        parts.append(f"{count:,} waived")
    if count := tally.outcomes["no_data"]:
        parts.append(f"{count:,} that could not be judged")
    return ", ".join(parts)


def _totals(tally: Tally) -> Iterator[Line]:
    totals = tally.totals
    money = f"${totals.charges:,.2f}"
    if totals.charges != totals.line_charges:
        money += f" in claims (CLM02), ${totals.line_charges:,.2f} in lines (SV102)"
    counts = [
        _many(tally.files, "file"),
        _many(totals.claims, "claim"),
        _many(totals.lines, "service line"),
        money,
    ]
    yield [("head", "Totals: "), ("", ", ".join(counts))]
    found: Line = [("head", "Found:  "), ("", f"{_many(tally.injections, 'claim')} with injections; ")]
    for n, name in enumerate(_SEVERITIES):
        count = tally.severities[name]
        found += [("", ", " if n else ""), (name if count else "quiet", f"{count:,} {name}")]
    yield found
    if totals.unreadable:
        yield [("deny", f"Left out: {_many(totals.unreadable, 'amount')} that cannot be read as money.")]
    if tally.failures:
        yield [
            (
                "reject",
                f"{_many(len(tally.failures), 'input')} not or not wholly checked: see standard error.",
            )
        ]


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")
