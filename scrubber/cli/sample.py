"""``scrubber sample``: a synthetic batch with known faults, and the truth beside it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scrubber.cli.output import opened
from scrubber.sample.batch import sample


@click.command(name="sample")
@click.option("-n", "count", type=click.IntRange(min=1), required=True, metavar="N", help="How many claims.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="Where to write.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Same seed, same batch."
)
def command(*, count: int, output: Path, seed: int) -> int:
    """Write a synthetic 837P batch with known faults.

    Nobody in it is real. FILE.truth.jsonl says of each claim what is wrong with it: "claim",
    "scenario", "faults" (codes of the rules that must find a fault). The same N and seed give the
    same bytes.
    """
    truth = output.with_name(output.name + ".truth.jsonl")
    with opened(truth) as told, opened(output) as sink:
        for segments, piece in sample(count, seed):
            sink.text("".join(f"{segment}~\n" for segment in segments))
            for claim, _ in piece.claims if piece else []:
                told.text(json.dumps(claim.as_dict()) + "\n")
    return 0
