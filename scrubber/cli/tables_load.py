"""``scrubber tables import`` and ``export``: CMS files into the tables of this site, and out as a bundle."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from scrubber.cli import options
from scrubber.cli.faults import say
from scrubber.cli.output import opened
from scrubber.tables.imported import usual_folder
from scrubber.tables.store import PROGRAMS, Load, Quarter, open_store

folder_option = options.tables_folder("folder")


def _quarter(_ctx: click.Context, _param: click.Parameter, text: str | None) -> Quarter | None:
    found = Quarter.read(text) if text else None
    if text and found is None:
        raise click.BadParameter(f'"{text}" is no quarter; write it as 2026Q3')
    return found


@click.command(name="import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--quarter", metavar="2026Q3", callback=_quarter, help="Of what quarter the files are.")
@click.option(
    "--program", type=click.Choice(PROGRAMS), help="Whose NCCI edits, where the file does not tell."
)
@click.option("--force", is_flag=True, help="Take a file that looks cut, and read again what is loaded.")
@folder_option
def import_(
    *, files: tuple[Path, ...], quarter: Quarter | None, program: str | None, force: bool, folder: Path | None
) -> int:
    """Load CMS files, zip archives of them, or a bundle that `export` wrote.

    What a file is shows in its content: NCCI PTP and MUE of practitioner services, HCPCS Level II,
    ASP NDC-HCPCS crosswalk, PPRRVU relative values, ICD-10-CM order file, CARC and RARC lists, NUCC
    taxonomy. Several quarters stand side by side and are looked up by date of service. All files
    come into force together; when one is wrong nothing changes.
    """
    from scrubber.tables.importers.load import Options, import_files  # noqa: PLC0415 - status needs none

    said = Options(quarter, program, force=force)
    outcome = import_files(files, folder or usual_folder(), datetime.now(UTC), said)
    with opened(None) as sink:
        for load in outcome.loaded:
            sink.text(f"{load.named}: {load.rows:,} rows of {scope(load)} from {source(load)}\n")
        for load in outcome.displaced:
            sink.text(f"{load.named}: {load.rows:,} rows from {source(load)} went for it\n")
        for load in outcome.unchanged:
            sink.text(f"{load.named}: in force already, from {source(load)} ({load.loaded:%Y-%m-%d})\n")
    for note in outcome.passed_over:
        say(note)
    return 0


@click.command(name="export")
@click.option(
    "--output",
    "-o",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Bundle to write.",
)
@folder_option
def export(*, output: Path, folder: Path | None) -> int:
    """Write all imported tables into one file; the same tables give the same bytes.

    `scrubber tables import` takes it on another site.
    """
    from scrubber.tables.importers.bundle import export_bundle  # noqa: PLC0415

    count = export_bundle(open_store(folder), output)
    with opened(None) as sink:
        sink.text(f"{output}: {count} {'table' if count == 1 else 'tables'}\n")
    return 0


def scope(load: Load) -> str:
    """Which codes a load speaks of."""
    return "all codes" if load.whole else f"codes {'/'.join(load.low)} to {'/'.join(load.high)}"


def source(load: Load) -> str:
    """The file that a load came from, with the member of an archive."""
    return f"{load.source.file}, {load.source.member}" if load.source.member else load.source.file
