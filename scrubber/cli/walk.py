"""``scrubber walk``: the loop tree of a batch."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scrubber.cli import options
from scrubber.cli.inputs import find_inputs
from scrubber.cli.output import Sink, Unwanted, opened
from scrubber.cli.reading import each_batch
from scrubber.cli.terminal import look_for
from scrubber.context import INJECTION
from scrubber.errors import UNREADABLE, ConfigError

if TYPE_CHECKING:
    from loops import Batch
    from scrubber.report.form import Look


@click.command(name="walk")
@options.inputs
@options.config
@options.formats("text", "xml", "jsonl")
@click.option("--injections", is_flag=True, help="List the lines with 96372 only.")
@options.output
@options.phi
@options.console
def command(
    *,
    inputs: tuple[str, ...],
    format_: str,
    injections: bool,
    output: Path | None,
    phi: str,
    quiet: bool,
    no_color: bool,
) -> int:
    """Show the loop tree: where every segment stands in the guide.

    INPUT is one or more files or folders; "-" is standard input. Data of persons is masked.
    """
    found = find_inputs(inputs, quiet=quiet)
    if format_ == "xml" and len(found) > 1:
        raise ConfigError(f"an XML document holds one batch, not {len(found)}: name one file")
    look = look_for(output, mask=phi == "mask", quiet=quiet, no_color=no_color)
    with opened(output, [one.path for one in found]) as sink:
        codes = frozenset({INJECTION}) if injections else frozenset()
        code = each_batch(found, partial(_write, sink, format_, look, injections), codes)
        if code == UNREADABLE:
            raise Unwanted
    return code


def _write(sink: Sink, form: str, look: Look, injections: bool, batch: Batch) -> None:  # noqa: FBT001 - bound
    if form == "xml":
        (_xml_of_lines if injections else _xml_of_tree)(batch, sink, look)
        return
    if injections:
        from scrubber.report.injections import as_jsonl, as_text  # noqa: PLC0415

        texts = as_text(batch, look) if form == "text" else as_jsonl(batch, look)
    else:
        from scrubber.report.tree import json_tree, text_tree  # noqa: PLC0415

        texts = text_tree(batch, look) if form == "text" else json_tree(batch, mask=look.mask)
    for text in texts:
        sink.text(text)


def _xml_of_tree(batch: Batch, sink: Sink, look: Look) -> None:
    from scrubber.report.xml import write_tree  # noqa: PLC0415 - text and JSON need no lxml

    write_tree(batch, sink.stream, masked=look.mask)


def _xml_of_lines(batch: Batch, sink: Sink, look: Look) -> None:
    from scrubber.report.injections import write_xml  # noqa: PLC0415

    write_xml(batch, sink.stream, look)
