"""``scrubber verify``: prove an edit record against the file that came and the file that went."""

from __future__ import annotations

from pathlib import Path

import click

from scrubber.cli import options
from scrubber.cli.faults import say
from scrubber.cli.writing import many
from scrubber.errors import OK
from scrubber.rewrite.verify import verify

_FILE = click.Path(path_type=Path)


@click.command(name="verify")
@click.argument("record", type=_FILE, metavar="RECORD")
@click.argument("original", type=_FILE, metavar="ORIGINAL")
@click.argument("rewritten", type=_FILE, metavar="REWRITTEN")
@options.console
def command(
    *,
    record: Path,
    original: Path,
    rewritten: Path,
    quiet: bool,
    no_color: bool,  # noqa: ARG001 - one line has no colour
) -> int:
    """Prove that RECORD (of ``rewrite --edits``) tells how ORIGINAL became REWRITTEN.

    The chain of its records is whole; its hashes are those of the two files; bytes outside the
    edits are the same in both; a change of what is billed has an approver; undoing the edits gives
    the original. Exit code 0, or 5 and one line that says what fails.
    """
    recorded = verify(record, original, rewritten)
    if not quiet:
        rules = dict.fromkeys(code for rules in recorded.rules for code in rules.split(","))
        by = f" by {', '.join(sorted(rules))}" if rules else ""
        say(f"{record}: proven: {many(len(recorded.edits), 'edit')}{by} made {rewritten} of {original}")
    return OK
