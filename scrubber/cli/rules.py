"""``scrubber rules``: the list of rules."""

from __future__ import annotations

import click

from scrubber.cli import options
from scrubber.cli.output import opened
from scrubber.cli.terminal import look_for
from scrubber.registry import Selection, all_rules
from scrubber.report import catalogue
from scrubber.tables import load_tables


@click.command(name="rules")
@options.selecting
@options.formats("text", "json", "md")
@click.option("--no-color", is_flag=True, help="No colour, even on a terminal.")
def command(*, select: tuple[str, ...], ignore: tuple[str, ...], format_: str, no_color: bool) -> int:
    """List the rules: code, the worst severity, name, what each one finds."""
    chosen = Selection(select, ignore).rules() if select or ignore else all_rules()
    if format_ == "json":
        text = catalogue.list_json(chosen, load_tables())
    elif format_ == "md":
        text = catalogue.list_md(chosen)
    else:
        text = catalogue.list_text(chosen, look_for(None, mask=True, no_color=no_color))
    with opened(None) as sink:
        sink.text(text)
    return 0
