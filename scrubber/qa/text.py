"""The result for a person at a terminal: the confusion, the rules, what to write and what to relax next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING, BinaryIO, Final

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from scrubber.qa.sheets import percent, sheets, text_of
from scrubber.report.paint import clean

if TYPE_CHECKING:
    from scrubber.qa.result import Counts, Result
    from scrubber.qa.sheets import Cell, Sheet
    from scrubber.report.form import Look

_MOST: Final = 10  # rows of a table; the other forms have all of them
# The tables that are shown, with the columns that fit a terminal.
_SHOWN: Final = {
    "Rules": (
        "rule",
        "name",
        "alarms",
        "caught",
        "false alarms",
        "precision",
        "dollars",
    ),
    "To write": ("codes", "cause", "remarks", "payer class", "payers", "claims", "of alike", "dollars"),
    "To relax": ("rule", "name", "caught", "false alarms", "precision", "at most", "dollars false"),
    "Overridden": ("how", "rule", "claims", "paid", "refused", "elsewhere", "open"),
    "Payers": ("payer", "submitted", "rejected", "denied", "in scope", "caught", "missed", "false alarms"),
    "Weeks": ("week", "submitted", "open", "rejected", "denied", "in scope", "caught", "missed"),
    "Causes": ("answer", "cause", "remarks", "scope", "claims", "caught", "missed", "dollars"),
    "Days": ("claims that were", "claims", "half within", "nine in ten within", "at most"),
    "Changes": ("place", "before", "after", "corrections", "of them paid"),
    "Totals": ("file", "batch (BHT03)", "claims told", "claims sent", "dollars told", "dollars sent"),
    "Unmatched": ("file", "answer", "claim", "reason"),
}
_SHARES: Final = ("precision", "at least", "at most", "share")
_TITLES: Final = {"To write": "Rules to write next", "To relax": "Rules to relax next"}


def write(out: BinaryIO, result: Result, look: Look) -> None:
    """Write the report, as wide as `look` says."""
    text = StringIO()
    console = Console(
        file=text,
        width=look.width,
        color_system=look.colour or None,  # type: ignore[arg-type]
        force_terminal=bool(look.colour),
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    for part in _parts(result):
        console.print(part)
    lines = (line.rstrip() for line in text.getvalue().splitlines())
    out.write(("\n".join(lines) + "\n").encode("utf-8", "replace"))


def _parts(result: Result) -> Iterator[RenderableType]:
    yield _head(result)
    for sheet in sheets(result):
        if sheet.name in _SHOWN:
            rows = list(sheet.rows())
            if rows:
                yield _table(sheet, rows)


def _head(result: Result) -> RenderableType:
    counts, lines = result.counts, []
    answers = ", ".join(f"{count:,} in {kind}" for kind, count in result.answers.items()) or "none"
    about = result.about
    judged = f", judged as {clean(about.config)} says" if about.config else ""
    lines.append(f"{clean(about.claims)}{judged}: {_says(counts, 'submitted')}")
    if counts.claims["held"]:
        lines.append(f"held, never sent: {_says(counts, 'held')}")
    caught, missed = _says(counts, "caught"), _says(counts, "missed")
    false, right = _says(counts, "false_alarms"), _says(counts, "clean_paid")
    lines += [
        f"answered {_says(counts, 'answered')}; open {_says(counts, 'open')}",
        f"rejected {_says(counts, 'rejected')}; denied {_says(counts, 'denied')}",
        f"for coding {_says(counts, 'in_scope')}: caught {caught}, missed {missed}",
        f"paid in spite of an alarm {false}, without one {right}",
        f"precision {percent(result.precision)}, recall {percent(result.recall)}",
        f"answers of claims: {answers}; matched {_rate(result)}",
    ]
    if result.corrections:
        lines.append(_corrected(result))
    if result.totals_compared:
        compared, differ = result.totals_compared, len(result.totals)
        lines.append(f"277CA totals: {compared:,} batches compared, {differ:,} differ")
    return Group(*(Text(line) for line in lines))


def _says(counts: Counts, key: str) -> str:
    return f"{counts.claims[key]:,} (${counts.cents[key] / 100:,.0f})"


def _rate(result: Result) -> str:
    return "-" if result.match_rate is None else f"{100 * result.match_rate:.2f} %"


def _corrected(result: Result) -> str:
    suggested = sum(bool(one.suggested) for one in result.corrections)
    taken = sum(bool(one.taken) for one in result.corrections)
    paid = sum(result.claims[one.after - 1].state == "paid" for one in result.corrections)
    return (
        f"corrected and sent again: {len(result.corrections):,}, of them paid {paid:,};"
        f" {suggested:,} had a suggestion of ours, {taken:,} were changed just so"
    )


def _table(sheet: Sheet, rows: Sequence[Sequence[Cell]]) -> RenderableType:
    wanted = _SHOWN[sheet.name]
    title = f"{_TITLES.get(sheet.name, sheet.name)}: {sheet.about}"
    left = len(rows) - _MOST
    more = f"{left:,} more: --format xlsx has all" if left > 0 else None
    table = Table(
        box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", caption=more,
        caption_justify="left", pad_edge=False, padding=(0, 2, 0, 0),
    )  # fmt: skip
    places = [sheet.columns.index(name) for name in wanted]
    for name, at in zip(wanted, places, strict=True):
        number = all(isinstance(row[at], (int, float)) or hasattr(row[at], "scaleb") for row in rows)
        most = 28 if name in ("name", "file") else None  # cut rather than broken over lines
        table.add_column(
            name,
            justify="right" if number else "left",
            overflow="ellipsis",
            no_wrap=bool(most or number or name == "rule"),
            max_width=most,
            min_width=len(name.split()[0]) if not most else None,
        )
    for row in rows[:_MOST]:
        shown = (
            text_of(row[at], share=name in _SHARES) for name, at in zip(wanted, places, strict=True)
        )  # fmt: skip
        table.add_row(*(Text(clean(cell)) for cell in shown))
    return table
