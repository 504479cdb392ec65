"""``scrubber tables``: what the code tables hold, and how old they are."""

from __future__ import annotations

import json
from typing import Any

import click

from scrubber.cli import options
from scrubber.cli.output import opened
from scrubber.cli.terminal import look_for
from scrubber.report.paint import Line, painter, wrap
from scrubber.tables import Tables, load_tables


@click.group(name="tables")
def command() -> None:
    """Show the vintage of the code tables."""


@command.command(name="status")
@options.formats("text", "json")
@click.option("--no-color", is_flag=True, help="No colour, even on a terminal.")
def status(*, format_: str, no_color: bool) -> int:
    """Show of each table: rows, vintage, dates of service covered, the day a person last checked it."""
    rows = [_row(load_tables(), name) for name in load_tables().names()]
    if format_ == "json":
        text = json.dumps({"schema": "scrubber.tables/1", "tables": rows}, indent=1) + "\n"
    else:
        look = look_for(None, mask=True, no_color=no_color)
        text = painter(look)(_lines(rows, look.width))
    with opened(None) as sink:
        sink.text(text)
    return 0


def _row(tables: Tables, name: str) -> dict[str, Any]:
    table = tables.table(name)
    meta = table.meta
    return {
        "name": name,
        "rows": len(table.rows()),
        "vintage": table.vintage,
        "covers_from": meta.covers_from.isoformat(),
        "covers_thru": meta.covers_thru.isoformat() if meta.covers_thru else None,
        "checked_on": meta.checked_on.isoformat(),
        "about": meta.about,
    }


def _lines(rows: list[dict[str, Any]], width: int) -> list[Line]:
    name = max(len(row["name"]) for row in rows)
    vintage = max(len(row["vintage"]) for row in rows)
    heads = f"{'rows':>7}  {'vintage':{vintage}}  covers from  thru        checked"
    lines: list[Line] = [[("head", f"{'table':{name}}  {heads}")]]
    for row in rows:
        thru = row["covers_thru"] or "open"
        facts = f"{row['rows']:>7,}  {row['vintage']:{vintage}}  {row['covers_from']:11}  {thru:10}"
        lines.append([("rule", f"{row['name']:{name}}"), ("", f"  {facts}  {row['checked_on']}")])
        about = row["about"].partition(". ")[0].rstrip(".")
        lines += [[("quiet", "  " + text)] for text in wrap(about, width - 2)]
    return lines
