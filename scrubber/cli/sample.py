"""``scrubber sample``: a synthetic batch with known faults, what comes back for it, and the truth."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import click

from scrubber.cli.faults import reason
from scrubber.cli.output import Sink, opened
from scrubber.errors import ConfigError, ScrubberError
from scrubber.sample.answers.letters import File
from scrubber.sample.batch import Set, sample
from scrubber.sample.claims import SampleClaim
from scrubber.sample.days import from_ccyymmdd
from scrubber.sample.exchange import Batch, Exchange
from scrubber.sample.month import LONGEST, month
from scrubber.sample.truth import Truth


@click.command(name="sample")
@click.option("-n", "count", type=click.IntRange(min=1), required=True, metavar="N", help="How many claims.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="Where to write; with --days a folder.",
)
@click.option(
    "--days",
    type=click.IntRange(1, LONGEST),
    metavar="DAYS",
    help="Spread the claims over so many days: a file each working day, some claims sent again.",
)
@click.option(
    "--answers",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write what comes back too (999, 277CA, 835), for scrubber qa.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Same seed, same batch."
)
def command(*, count: int, output: Path, days: int | None, answers: Path | None, seed: int) -> int:
    """Write a synthetic 837P batch with known faults, and the answers to it.

    Nobody in it is real. FILE.truth.jsonl says of each claim what is wrong with it: "claim",
    "scenario", "faults" (codes of the rules that must find a fault). DIR.truth.jsonl says what
    became of each claim, DIR.truth.json how many were rejected, denied, paid, caught, missed.
    The same options give the same bytes.
    """
    output, answers = output.resolve(), answers.resolve() if answers else None
    _check(output if days else None, answers)
    if answers and (answers.is_relative_to(output) or output.is_relative_to(answers)):
        raise ConfigError(f"{answers}: claims and answers must stand apart: name another folder")
    if days:
        made = month(count, days, seed)
        _publish(output, made.batches)
        with opened(_beside(output)) as told:
            _tell(told, made.claims)
        if answers:
            _publish_answers(answers, made.answers, made.truth)
        return 0
    sets = _write_batch(output, count, seed, keep=answers is not None)
    if answers:
        exchange = Exchange(seed)
        day = from_ccyymmdd(sets[0].made_on)
        exchange.send(Batch(output.name, f"{seed % 10**9:09}", "1", day, sets))
        _publish_answers(answers, *exchange.finish())
    return 0


def _check(*folders: Path | None) -> None:
    for folder in folders:
        if folder and folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
            raise ConfigError(f"{folder}: is there and is not an empty folder: name a new one")


def _write_batch(output: Path, count: int, seed: int, *, keep: bool) -> list[Set]:
    """Write a single batch and what is planted in it; its transaction sets, if they are to be kept."""
    kept = []
    with opened(_beside(output)) as told, opened(output) as sink:
        for segments, piece in sample(count, seed):
            sink.text("".join(f"{segment}~\n" for segment in segments))
            if piece:
                _tell(told, (claim for claim, _ in piece.claims))
                kept += [piece] if keep else []
    return kept


def _beside(path: Path, kind: str = "jsonl") -> Path:
    return path.with_name(f"{path.name}.truth.{kind}")


def _tell(sink: Sink, claims: Iterable[SampleClaim]) -> None:
    for claim in claims:
        sink.text(json.dumps(claim.as_dict()) + "\n")


def _publish_answers(folder: Path, files: Iterable[File], truth: Truth) -> None:
    _publish(folder, files)
    with opened(_beside(folder)) as told:
        for fate in truth.fates:
            told.text(json.dumps(fate.as_dict()) + "\n")
    with opened(_beside(folder, "json")) as told:
        told.text(json.dumps(truth.as_dict(), indent=1) + "\n")


def _publish(folder: Path, files: Iterable[File]) -> None:
    """Write files into a new folder, which appears when all of them are there."""
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        part.mkdir()
        for file in files:
            (part / file.name).write_bytes(file.data)
        if folder.exists():
            folder.rmdir()  # an empty one, which not every system replaces
        part.rename(folder)
    except OSError as fault:
        raise ScrubberError(f"{folder}: cannot be written: {reason(fault)}") from fault
    finally:
        shutil.rmtree(part, ignore_errors=True)
