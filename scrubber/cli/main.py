"""The command ``scrubber``: its commands by name, each imported when it is asked for."""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Callable
from typing import Any, Final

import click

from scrubber.cli.faults import guarded
from scrubber.errors import near

# Name, module, and the line that `scrubber --help` shows, so that help imports no command.
COMMANDS: Final = {
    "check": ("scrubber.cli.check", "Report findings; change nothing."),
    "walk": ("scrubber.cli.walk", "Show the loop tree of a batch."),
    "annotate": ("scrubber.cli.annotate", "Write findings into a copy of a batch."),
    "rewrite": ("scrubber.cli.rewrite", "Apply safe fixes to a copy of a batch."),
    "diff": ("scrubber.cli.diff", "Show what changed between two files, claim by claim."),
    "verify": ("scrubber.cli.verify", "Prove an edit record against both files."),
    "ledger": ("scrubber.cli.ledger", "What was done with which claim; release or cancel holds."),
    "batch": ("scrubber.cli.batch", "Release what may be sent, hold the rest, answer the submitter."),
    "qa": ("scrubber.cli.qa", "Compare what was said of claims with the answers that came back."),
    "watch": ("scrubber.cli.watch", "Do as batch does, on arrival, until a signal ends it."),
    "rules": ("scrubber.cli.rules", "List the rules."),
    "explain": ("scrubber.cli.explain", "Explain one rule: why, bad, good, authority."),
    "payers": ("scrubber.cli.payers", "List the payers that are known, or show what one wants."),
    "tables": ("scrubber.cli.tables", "Vintage of the code tables; import CMS files."),
    "sample": ("scrubber.cli.sample", "Write a synthetic batch with known faults."),
}


class Program(click.Group):
    """A group that loads commands late and ends every fault in one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names of the commands in the order of a day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command; None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that `args` begin with; a wrong name is answered with the nearest right one."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            ctx.fail(f'no command "{name}"{near(name, COMMANDS)}')
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands from `COMMANDS`, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run, and exit with the code of the contract; with ``standalone_mode=False`` return it."""
        standalone = extra.pop("standalone_mode", True)
        run: Callable[..., Any] = super().main
        code = guarded(lambda: run(*args, standalone_mode=False, **extra))
        if standalone:
            sys.exit(code)
        return code


_EXIT_CODES: Final = """\b
Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 wrong usage, 3 not readable as
X12 837P, 4 some files failed, 5 a guard failed and nothing is published, 6 a table is
missing, 130 interrupted.
"""


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EXIT_CODES,
)
@click.version_option(package_name="x12-claim-scrubber", prog_name="scrubber", message="%(prog)s %(version)s")
def cli() -> None:
    """Judge injection lines (CPT 96372) on X12 837 professional batches before they are sent.

    INPUT is one or more files or folders; "-" is standard input. No command changes its input.
    """


def main() -> None:
    """Entry point of the console script."""
    # A batch is many small objects without cycles: looking for cycles often costs a tenth of the run.
    gc.set_threshold(100_000, 50, 100)
    cli(prog_name="scrubber")
