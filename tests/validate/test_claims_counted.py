"""Guide and index count the same claims, however the segments of the envelope lie about."""

from __future__ import annotations

from pathlib import Path

from disorder import disorder

import loops
from loops.errors import NotX12Error
from loops.validate import validate

MUTANTS = 700


def test_every_finding_names_the_claim_that_the_index_names(fixtures: Path, learning: str):
    differ = 0
    for data in disorder(fixtures, 20261126, MUTANTS):
        try:
            batch = loops.read(data)
        except NotX12Error:
            continue
        with batch:
            found = validate(batch.source)
            problems = list(found)
            assert found.counters.claims == len(batch), data
            differ += data.count(b"CLM*") != len(batch)
            for problem in problems:
                if problem.claim_index:
                    start, end = (
                        getattr(batch.index, f"claim_{edge}")[problem.claim_index - 1]
                        for edge in ("start", "end")
                    )
                    assert start <= problem.start <= end, (problem, data)
    assert differ > MUTANTS / 50  # else the mutants prove nothing
