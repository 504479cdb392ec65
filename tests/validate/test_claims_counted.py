"""Guide and index count the same claims, however the segments of the envelope lie about."""

from __future__ import annotations

import random
from pathlib import Path

import loops
from loops.errors import NotX12Error
from loops.validate import validate

CONTROL = ("ISA", "GS", "ST", "SE", "GE", "IEA")
MUTANTS = 700


def disordered(rng: random.Random, segments: list[bytes]) -> list[bytes]:
    """Some segments of the envelope, or claims, moved, doubled or left out; the first ISA stays."""
    segments = list(segments)
    for _ in range(rng.randrange(1, 4)):
        marks = [n for n, one in enumerate(segments) if n and one[:3].rstrip(b"*").decode() in CONTROL]
        claims = [n for n, one in enumerate(segments) if one[:4] == b"CLM*"]
        if not marks:
            break
        at = rng.choice(marks if rng.random() < 0.7 or not claims else claims)
        kind = rng.randrange(3)
        one = segments.pop(at) if kind else segments[at]
        if kind < 2:
            segments.insert(rng.randrange(1, len(segments) + 1), one)
    return segments


def test_every_finding_names_the_claim_that_the_index_names(fixtures: Path, learning: str):
    rng, differ = random.Random(20261126), 0
    bases = [sorted(fixtures.glob(name)) for name in ("clean-*.837", "broken-*.837")]
    files = [path.read_bytes() for path in [*bases[0], *bases[1]]]
    plain = [data for data in files if data[105:106] == b"~" and data.count(b"CLM*") < 20]
    for _ in range(MUTANTS):
        data = b"~".join(disordered(rng, rng.choice(plain).split(b"~")))
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
