"""``scrubber qa``: what was said of claims against what came back for them."""

from __future__ import annotations

import contextlib
import importlib
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from scrubber.cli import options
from scrubber.cli.faults import say
from scrubber.cli.inputs import find_inputs
from scrubber.cli.output import Unwanted, opened
from scrubber.cli.terminal import look_for
from scrubber.errors import OK, PARTLY, UNREADABLE, ConfigError

if TYPE_CHECKING:
    from scrubber.cli.qaing import Source
    from scrubber.qa.answers import Named
    from scrubber.qa.result import AnswerFile, Result
    from scrubber.report.form import Look

_FORMS: Final = {
    "text": "scrubber.qa.text",
    "json": "scrubber.qa.json",
    "csv": "scrubber.qa.csv",
    "xlsx": "scrubber.qa.xlsx",
    "html": "scrubber.qa.dashboard",
}


@click.command(name="qa")
@click.argument("outbox", metavar="[OUTBOX]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--claims",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Files or folders of claims that were sent, instead of an outbox: they are scrubbed now.",
)
@click.option(
    "--answers",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Files or folders of answers: TA1, 999, 277CA, 835.",
)
@click.option("--ledger", metavar="URL", help="Another ledger than OUTBOX/ledger.sqlite: a path or URL.")
@click.option(
    "--as-if",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="CONFIG",
    help="Judge the claims of the outbox again, by this configuration: other rules, payers, tables.",
)
@click.option(
    "--codes",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Your own table answer_codes (CSV and index.toml) over the one shipped.",
)
@options.config
@options.judging
@options.formats(*_FORMS)
@options.output
@options.phi
@options.jobs
@options.console
def command(
    *,
    outbox: Path | None,
    claims: tuple[Path, ...],
    answers: tuple[Path, ...],
    ledger: str | None,
    as_if: Path | None,
    codes: Path | None,
    judging: options.Judging,
    format_: str,
    output: Path | None,
    phi: str,
    jobs: int,
    quiet: bool,
    no_color: bool,
) -> int:
    """Compare what the rules said of claims with the answers that came back.

    OUTBOX is that of "scrubber batch": its ledger knows the claims, what was said of them, which were held.
    For claims that were never batched here, --claims names the files that were sent.

    Out comes which refusals the rules foresaw, which they missed and which alarms were false, in claims and
    dollars, by rule, payer, provider, cause and time; which rule to write next and which to relax.

    Exit code 0: done; 2: wrong usage; 3: nothing could be read; 4: done but for the files named on
    standard error.
    """
    if format_ == "xlsx" and output is None and sys.stdout.isatty():
        raise ConfigError("a workbook is not for a terminal: name a file with --output")
    from scrubber.cli.qaing import Asked, source_of, without_claims  # noqa: PLC0415 - help must not pay for the rules

    look = look_for(output, mask=phi == "mask", quiet=quiet, no_color=no_color)
    found, code = _answers(answers, quiet=quiet), OK
    asked = Asked(
        outbox, claims, ledger, as_if, judging, _judged_by_options(), tuple(found), jobs=jobs, quiet=quiet
    )
    with source_of(asked) as source:
        answered = without_claims(found, source.paths)
        inputs = [*source.paths, *(named.path for named in found)]
        with contextlib.suppress(BrokenPipeError), opened(output, inputs) as sink:
            result = _compared(source, answered, codes, look)
            code = _ended(source, result)
            if code == UNREADABLE:
                raise Unwanted
            form: Any = importlib.import_module(_FORMS[format_])
            form.write(sink.stream, result, look)
    return code


def _judged_by_options() -> bool:
    """Whether an option on the command line says how claims are to be judged."""
    context = click.get_current_context()
    given = click.core.ParameterSource.COMMANDLINE
    names = ("profile", "select", "ignore", "guide", "tables", "waivers")
    return any(context.get_parameter_source(name) is given for name in names)


def _answers(paths: tuple[Path, ...], *, quiet: bool) -> list[Named]:
    from scrubber.qa.answers import Named  # noqa: PLC0415

    found = [Named(one.path, one.name) for one in find_inputs(map(str, paths), quiet=quiet) if one.path]
    if not found:
        raise ConfigError(f"{paths[0]}: no X12 file found in it: name the folder of the answers")
    return found


def _compared(source: Source, answers: list[Named], codes: Path | None, look: Look) -> Result:
    from scrubber.qa.compare import compare  # noqa: PLC0415
    from scrubber.qa.differ import Differ  # noqa: PLC0415
    from scrubber.registry import all_rules  # noqa: PLC0415
    from scrubber.tables import load_tables  # noqa: PLC0415

    with Differ(source.files, source.checker, mask=look.mask) as differ:
        return compare(
            source.claims(),
            answers,
            about=source.about,
            tables=load_tables(codes) if codes else source.checker.tables,
            key=source.key,
            rules={rule.code: rule for rule in all_rules()},
            differ=differ.corrections,
            told=partial(_tell, quiet=look.quiet),
        )


def _tell(file: AnswerFile, *, quiet: bool) -> None:
    """Say in one line what is wrong with a file."""
    said = [line for line in (file.fault, *file.problems) if line]
    if said and (file.fault or not quiet):
        more = f" (and {len(said) - 1} more: --format json has all)" if len(said) > 1 else ""
        say(f"{file.name}: {said[0]}{more}")


def _ended(source: Source, result: Result) -> int:
    """The exit code: which files failed was told when it happened."""
    broken = sum(bool(file.fault) for file in result.files)
    if broken == len(result.files) or not (result.counts.claims["submitted"] + result.counts.claims["held"]):
        return UNREADABLE
    return PARTLY if broken or source.failures else OK
