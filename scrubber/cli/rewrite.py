"""``scrubber rewrite``: apply the safe fixes to a copy of a batch, and undo them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from loops import Batch
from scrubber.checker import Checker
from scrubber.cli import options
from scrubber.cli.difference import difference
from scrubber.cli.faults import say
from scrubber.cli.output import opened
from scrubber.cli.terminal import progress
from scrubber.cli.writing import Job, Made, Pile, in_claims, jobs_for, many, write_all
from scrubber.errors import OK, ConfigError
from scrubber.finding import Outcome, Severity
from scrubber.rewrite import Change, record
from scrubber.rewrite.approvals import NONE_APPROVED, Approval, Approvals, open_approvals
from scrubber.rewrite.draft import Draft, Scratch, refuse_input
from scrubber.rewrite.work import Advance, Counts, Written, rewrite_into

_APPROVALS: Final = """\b
Approvals are TOML, a table each; a row of a spreadsheet would lose dates and zeros:
  [[approval]]
  rule = "INJ-E01"               the whole code of a rule
  claim = "EX-1001"              CLM01; without it, every claim
  line = "2"                     LX01 as it came: that finding alone; needs the claim and
  code = "99211"                 the code on that line
  approver = "A. Example, CPC"   who answers for it
  reason = "seen in the record"
  until = 2026-12-31             the last day on which it counts
"""


@click.command(name="rewrite", epilog=_APPROVALS)
@options.one_input
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), metavar="OUT", help="File or folder to write."
)
@click.option("--diff", is_flag=True, help="Show each change; without -o nothing is written.")
@click.option(
    "--approvals",
    "approved",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Apply the suggested fixes too that a person approved in FILE (TOML, see below); with -o this "
    "takes --edits.",
)
@click.option(
    "--edits", type=click.Path(path_type=Path), metavar="FILE", help="Record every edit here (jsonl)."
)
@click.option(
    "--undo",
    type=click.Path(path_type=Path),
    metavar="EDITS",
    help="INPUT is an output of rewrite: write the original to -o, by the record EDITS.",
)
@options.config
@options.judging
@options.fail_on
@options.phi
@options.console
def command(
    *,
    source: str,
    output: Path | None,
    diff: bool,
    approved: Path | None,
    edits: Path | None,
    undo: Path | None,
    judging: options.Judging,
    fail_on: str,
    phi: str,
    quiet: bool,
    no_color: bool,  # noqa: ARG001 - the diff has no colour
) -> int:
    """Apply the fixes that change the form of a claim, and nothing that is billed, to a copy.

    INPUT is a file, a folder (then OUT is one) or "-" for standard input. Every byte outside the
    edits stays as it is. Exit code 1 tells of findings that are left. What changes what is billed
    is made only with --approvals, and some things not even then: no modifier, diagnosis, drug,
    dose or unit is ever added. --edits, which such a change must have, takes down who approved what;
    ``scrubber verify`` proves it.
    """
    if undo:
        other = diff or edits is not None or approved is not None
        return _undo(undo, source, output, other=other, quiet=quiet)
    if output is None and not diff:
        raise ConfigError("name an output with -o, or ask for --diff to see what would change")
    if output is None and edits:
        raise ConfigError("--edits records what is written: name an output with -o")
    if output and approved and not edits:
        raise ConfigError("--approvals changes what is billed, which must be on record: add --edits FILE")
    now = datetime.now().astimezone()
    approvals = open_approvals(approved, now.date()) if approved else NONE_APPROVED
    checker = judging.checker()
    jobs = jobs_for(source, output, quiet=quiet)
    for job in jobs:
        if job.target and approved:
            refuse_input(job.target, [approved])
    with ExitStack() as stack:
        advance = stack.enter_context(
            progress(sum(job.input.size for job in jobs), wanted=not quiet, output=output)
        )
        run = _Run(checker, approvals, stack, advance, diff=diff, masked=phi == "mask", quiet=quiet)
        if edits:
            run.keep_record(
                edits, [*(path for job in jobs for path in (job.input.path, job.target)), approved], now
            )
        outcomes = write_all(jobs, run.make, run.finish)
    outcomes.take_waivers(checker, quiet=quiet)
    for line in () if quiet else approvals.told(run.used):
        say(line)
    return outcomes.exit_code(fail_on)


def _undo(edits: Path, source: str, output: Path | None, *, other: bool, quiet: bool) -> int:
    if output is None or other:
        raise ConfigError(
            "--undo EDITS OUT -o ORIGINAL takes no --diff, --edits or --approvals, and needs -o"
        )
    count = record.undo(edits, Path(source), output)
    if not quiet:
        say(f"{output}: the original again, {count} {'edit' if count == 1 else 'edits'} undone")
    return OK


class _Run:
    """The rewriting of some files: what is to be shown and recorded piles up until all are proven."""

    def __init__(
        self,
        checker: Checker,
        approvals: Approvals,
        stack: ExitStack,
        advance: Advance,
        *,
        diff: bool,
        masked: bool,
        quiet: bool,
    ) -> None:
        self.used: set[Approval] = set()
        self._checker = checker
        self._approvals = approvals
        self._stack = stack
        self._advance = advance
        self._masked = masked
        self._quiet = quiet
        self._shown = stack.enter_context(closing(Pile())) if diff else None
        self._record: tuple[Draft, record.Recorder] | None = None
        self._rows = stack.enter_context(closing(Pile()))

    def keep_record(self, edits: Path, others: Sequence[Path | None], time: datetime) -> None:
        """Write an edit record of `time` to `edits`, which may be none of `others`."""
        self._record = self._stack.enter_context(Draft(edits, others)), record.Recorder(time)

    def make(self, draft: Draft | Scratch, job: Job) -> Made:
        """Rewrite one file into `draft`."""
        written = rewrite_into(
            draft,
            self._checker,
            job.source,
            job.input.name,
            approvals=self._approvals,
            show=self._show,
            advance=self._advance,
        )
        self.used |= written.used
        if self._record:
            _, recorder = self._record
            hashes = written.sha256_before, written.sha256_after
            self._rows.add(recorder.lines(job.input.name, written.changes, *hashes))
        if not self._quiet:
            for line in _told(job.input.name, written):
                say(line)
        return written.counts, written.left_out

    def _show(self, batch: Batch, changes: Iterable[Change]) -> None:
        if self._shown:
            lines = difference(batch, changes, masked=self._masked)
            self._shown.add(f"{line}\n".encode() for line in lines)

    def finish(self) -> None:
        """Publish the record, and show the changes."""
        if self._record:
            draft, _ = self._record
            draft.write(self._rows.pour)
            draft.publish()
        if self._shown:
            with opened(None) as sink:
                self._shown.pour(sink)


def _told(name: str, written: Written) -> Iterable[str]:
    """What a person is told of a file: one line of counts, then a line for each reason to look again."""
    changes = many(len(written.changes), "change")
    claims = many(in_claims(written.changes), "claim")
    yield f"{name}: {changes} in {claims}; left: {_failed(written.counts)}"
    put_off = Counter((one.by.rule, one.reason) for one in written.put_off)
    for (rule, why), count in sorted(put_off.items()):
        yield f"{name}: {many(count, 'fix', 'fixes')} of {rule} put off: {why}"
    for finding in written.trouble:
        yield f"{name}: claim {finding.claim}: {finding.rule}: {finding.message}"


def _failed(counts: Counts) -> str:
    worst_first = sorted(Severity, key=lambda severity: -severity.rank)
    failed = [(counts[Outcome.FAIL, severity], severity) for severity in worst_first]
    return ", ".join(f"{count} {severity}" for count, severity in failed if count) or "no finding"
