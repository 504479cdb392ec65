"""Memory does not grow with the number of inputs: nothing of one is left when the next one comes."""

from __future__ import annotations

import gc

from batches import FAULTY, RIGHT, claims, go

from loops.source import Source


def sources():
    return [one for one in gc.get_objects() if isinstance(one, Source)]


def test_nothing_of_an_input_stays_in_memory(tmp_path):
    (tmp_path / "in").mkdir()
    for number in range(1, 6):
        (tmp_path / "in" / f"{number}.837").write_bytes(claims(FAULTY, RIGHT, control=number))
    before, thresholds = len(sources()), gc.get_threshold()
    gc.set_threshold(1_000_000)  # as good as never, as in the command
    try:
        assert go(tmp_path / "in", tmp_path / "out").files == 5
        assert len(sources()) - before <= 1  # of the last input
    finally:
        gc.set_threshold(*thresholds)
