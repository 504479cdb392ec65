"""``scrubber tables``: what the code tables hold, how old they are, and the way to load newer ones."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from scrubber.cli import options
from scrubber.cli.output import opened
from scrubber.cli.tables_load import export, folder_option, import_
from scrubber.cli.tables_loaded import imported_lines, imported_rows
from scrubber.cli.terminal import look_for
from scrubber.report.paint import Line, painter, wrap
from scrubber.tables import Tables, shipped_tables
from scrubber.tables.store import open_store


@click.group(name="tables")
def command() -> None:
    """Show the vintage of the code tables; import CMS files, export what was imported."""


command.add_command(import_)
command.add_command(export)


@command.command(name="status")
@options.formats("text", "json")
@click.option("--no-color", is_flag=True, help="No colour, even on a terminal.")
@folder_option
def status(*, format_: str, no_color: bool, folder: Path | None) -> int:
    """Show of each table: rows, vintage, dates of service covered, the day a person last checked it.

    First the tables shipped, then those imported, which answer before them: quarter, age, and the
    file each came from.
    """
    tables, store = shipped_tables(), open_store(folder)
    rows = [_row(tables, name) for name in tables.names()]
    imported = imported_rows(store, datetime.now(UTC).date())
    if format_ == "json":
        found = {
            "schema": "scrubber.tables/1",
            "tables": rows,
            "folder": str(store.folder),
            "imported": imported,
        }
        text = json.dumps(found, indent=1) + "\n"
    else:
        look = look_for(None, mask=True, no_color=no_color)
        lines = _lines(rows, look.width) + imported_lines(imported, str(store.folder))
        text = painter(look)(lines)
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
