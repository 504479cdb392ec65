"""``scrubber explain``: one rule, with its reasons."""

from __future__ import annotations

import json
from typing import Final

import click

from scrubber.cli import options
from scrubber.cli.output import opened
from scrubber.cli.terminal import look_for
from scrubber.errors import ConfigError, near
from scrubber.registry import find_rule
from scrubber.report import catalogue
from scrubber.report.paint import wrap
from scrubber.tables import load_tables

_GUIDE: Final = "X12-"
_ENGINE: Final = "ENG-"


@click.command(name="explain")
@click.argument("code", metavar="CODE")
@options.formats("text", "json")
@click.option("--no-color", is_flag=True, help="No colour, even on a terminal.")
def command(*, code: str, format_: str, no_color: bool) -> int:
    """Explain one rule: why, a bad and a good example, fix, expected answer, authority, tables.

    CODE is as in a finding, with or without INJ-, or the name of the rule.
    """
    if code.upper().startswith(_GUIDE):
        with opened(None) as sink:
            sink.text(_of_the_guide(code.upper(), format_))
        return 0
    if code.upper().startswith(_ENGINE):
        with opened(None) as sink:
            sink.text(_of_the_engine(code.upper(), format_))
        return 0
    rule, tables = find_rule(code), load_tables()
    if format_ == "json":
        text = json.dumps(catalogue.as_dict(rule, tables), indent=1) + "\n"
    else:
        text = catalogue.explain_text(rule, tables, look_for(None, mask=True, no_color=no_color))
    with opened(None) as sink:
        sink.text(text)
    return 0


def _of_the_guide(code: str, form: str) -> str:
    """What a code of guide validation means. Raises ConfigError when there is none of that name."""
    from loops.validate import CATALOGUE  # noqa: PLC0415 - the rules are asked for more often

    entry = CATALOGUE.get(code)
    if entry is None:
        raise ConfigError(f'no code "{code}" of the guide{near(code, CATALOGUE)}')
    if form == "json":
        told = {"code": code, "snip": entry.snip, "severity": entry.severity, "meaning": entry.meaning}
        return json.dumps(told, indent=1) + "\n"
    return (
        f"{code}  {entry.severity}\n  {entry.meaning[:1].upper()}{entry.meaning[1:]}.\n\n"
        f"Guide validation, SNIP type {entry.snip}: 005010X222A1 as compiled from pyx12's map. The finding\n"
        "says which segment and element, and the IK3 and IK4 codes that a 999 gives.\n"
    )


def _of_the_engine(code: str, form: str) -> str:
    """What a code means that is about no claim. Raises ConfigError when there is none of that name."""
    from scrubber.enginefaults import CATALOGUE  # noqa: PLC0415 - the rules are asked for more often

    fault = CATALOGUE.get(code)
    if fault is None:
        raise ConfigError(f'no code "{code}": those that begin with {_ENGINE} are {", ".join(CATALOGUE)}')
    if form == "json":
        told = {
            "code": code,
            "name": fault.name,
            "severity": fault.severity,
            "meaning": fault.meaning,
            "cure": fault.cure,
        }
        return json.dumps(told, indent=1) + "\n"
    meaning, cure = (
        "".join(f"  {line.lstrip()}\n" for line in wrap(text, 98)) for text in (fault.meaning, fault.cure)
    )
    return f"{code}  {fault.name}  {fault.severity}\n{meaning}\nWhat to do\n{cure}"
