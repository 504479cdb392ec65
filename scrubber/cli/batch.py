"""``scrubber batch``: the preprocessing step, once over an inbox."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from scrubber.cli import batching, options
from scrubber.cli.stopping import stopping


@click.command(name="batch")
@batching.batching
@options.config
@options.judging
@options.fail_on
@options.jobs
@options.console
def command(
    *,
    inbox: Path,
    output: Path,
    wanted: batching.Wanted,
    judging: options.Judging,
    fail_on: str,
    jobs: int,
    quiet: bool,
    no_color: bool,
) -> int:
    """Release what may be sent, hold what may not, and answer the submitter.

    INBOX is a folder, and no file in it is changed: the ledger knows what was done. OUT gets
    released/, held/, ack/, reports/ and bad/, complete or not at all. The table [batch] of
    scrubber.toml says by rule, severity and payer what becomes of a claim.
    """
    from scrubber.batch.intake import Intake, check_folders  # noqa: PLC0415 - help must not pay for them
    from scrubber.batch.setting import session  # noqa: PLC0415
    from scrubber.cli.batchlog import logging, summary  # noqa: PLC0415

    setting = wanted.setting(output, judging, jobs)
    at = datetime.now(UTC)
    approvals = wanted.approved(at.date())
    check_folders(inbox, output)
    with stopping() as stop, logging(quiet=quiet, no_color=no_color) as log:
        with session(setting, log, at, stop.shield) as work:
            arrivals = Intake(inbox, wanted.settle, wanted.sentinel).arrivals(log.say)
            work.run(arrivals, at, approvals)
        totals = work.totals
    if not quiet:
        for line in summary(totals):
            click.echo(line)
    return batching.exit_code(totals, fail_on)
