"""``scrubber explain``: one rule, with its reasons."""

from __future__ import annotations

import json

import click

from scrubber.cli import options
from scrubber.cli.output import opened
from scrubber.cli.terminal import look_for
from scrubber.registry import find_rule
from scrubber.report import catalogue
from scrubber.tables import load_tables


@click.command(name="explain")
@click.argument("code", metavar="CODE")
@options.formats("text", "json")
@click.option("--no-color", is_flag=True, help="No colour, even on a terminal.")
def command(*, code: str, format_: str, no_color: bool) -> int:
    """Explain one rule: why, a bad and a good example, fix, expected answer, authority, tables.

    CODE is as in a finding, with or without INJ-, or the name of the rule.
    """
    rule, tables = find_rule(code), load_tables()
    if format_ == "json":
        text = json.dumps(catalogue.as_dict(rule, tables), indent=1) + "\n"
    else:
        text = catalogue.explain_text(rule, tables, look_for(None, mask=True, no_color=no_color))
    with opened(None) as sink:
        sink.text(text)
    return 0
