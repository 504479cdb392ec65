"""``scrubber annotate``: write the findings into a copy of a batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import click

from scrubber.checker import Checker, left_out
from scrubber.cli import options
from scrubber.cli.checking import check_batch, composing
from scrubber.cli.faults import say
from scrubber.cli.terminal import progress
from scrubber.cli.writing import Job, Made, Make, in_claims, jobs_for, many, write_all
from scrubber.finding import Outcome, Severity
from scrubber.report import Tally
from scrubber.report.form import Look
from scrubber.rewrite.draft import Draft, Scratch
from scrubber.rewrite.work import Advance, Counts, Written, annotate_into, counted, findings


@click.command(name="annotate")
@options.one_input
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    metavar="OUT",
    required=True,
    help="File or folder to write.",
)
@click.option(
    "--as",
    "form",
    type=click.Choice(["nte", "xml", "html"]),
    required=True,
    help="nte: a valid 837P with a line note (NTE*TPO); xml: the loop tree with the findings inside; "
    "html: a page to read.",
)
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=None,
    metavar="N",
    help="html: show at most N claims with findings, the worst (default: 500).",
)
@options.config
@options.judging
@options.fail_on
@options.phi
@options.console
def command(
    *,
    source: str,
    output: Path,
    form: str,
    most: int | None,
    judging: options.Judging,
    fail_on: str,
    phi: str,
    quiet: bool,
    no_color: bool,  # noqa: ARG001 - nothing here has colour
) -> int:
    """Write the findings into a copy of a batch.

    INPUT is a file, a folder (then OUT is one) or "-" for standard input. The payer will see the
    notes of ``--as nte``: they hold codes and severities only. A note that somebody else has put
    on a line is never touched. The page of ``--as html`` shows what ``rewrite`` would change, too.
    """
    checker = judging.checker()
    jobs = jobs_for(source, output, suffix="" if form == "nte" else f".{form}", quiet=quiet)
    with progress(sum(job.input.size for job in jobs), wanted=not quiet, output=output) as advance:
        if form == "xml":
            make = _tree(checker, advance, masked=phi == "mask")
        elif form == "html":
            make = _page(checker, advance, Look(mask=phi == "mask"), most)
        else:
            make = _notes(checker, advance, quiet=quiet)
        outcomes = write_all(jobs, make)
    outcomes.take_waivers(checker, quiet=quiet)
    return outcomes.exit_code(fail_on)


def _notes(checker: Checker, advance: Advance, *, quiet: bool) -> Make:
    def make(draft: Draft | Scratch, job: Job) -> Made:
        written = annotate_into(draft, checker, job.source, job.input.name, advance=advance)
        if not quiet:
            for line in _told(job.input.name, written):
                say(line)
        return written.counts, written.left_out

    return make


def _told(name: str, written: Written) -> Iterable[str]:
    """One line of counts, then a line for each reason why findings have no note."""
    claims = many(in_claims(written.changes), "claim")
    yield f"{name}: {many(len(written.changes), 'line note')} in {claims}"
    for (rules, why), count in sorted(Counter((one.by.rule, one.reason) for one in written.put_off).items()):
        yield f"{name}: {count} x {rules} not noted: {why}"


def _tree(checker: Checker, advance: Advance, *, masked: bool) -> Make:
    from scrubber.report.xml import write_tree  # noqa: PLC0415 - notes need no lxml

    def make(draft: Draft | Scratch, job: Job) -> Made:
        counts: Counts = Counter()
        with checker.read(job.source, job.input.name) as batch:
            found = counted(findings(checker, batch, advance), counts)

            def fill(out: BinaryIO) -> None:
                write_tree(batch, out, found, masked=masked)

            draft.write(fill)
            return counts, left_out(batch)

    return make


def _page(checker: Checker, advance: Advance, look: Look, most: int | None) -> Make:
    from scrubber.report.html import MOST, Html  # noqa: PLC0415 - needs a template engine

    def make(draft: Draft | Scratch, job: Job) -> Made:
        report, tally = Html(look, most or MOST), Tally(files=1)
        with checker.read(job.source, job.input.name) as batch:

            def fill(out: BinaryIO) -> None:
                with composing(report, tally, out) as items:
                    check_batch(checker, batch, report, items.text, advance=advance, tally=tally)

            draft.write(fill)
            counts = Counter({(Outcome.FAIL, Severity(name)): n for name, n in tally.severities.items()})
            return counts, left_out(batch)

    return make
