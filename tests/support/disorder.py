"""Batches whose envelope is in disorder."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

CONTROL = ("ISA", "GS", "ST", "SE", "GE", "IEA")


def disorder(fixtures: Path, seed: int, count: int) -> Iterator[bytes]:
    """Mutants of the fixtures that are small and end their segments with a tilde."""
    rng = random.Random(seed)
    files = [path.read_bytes() for path in sorted(fixtures.glob("*.837"))]
    plain = [data for data in files if data[105:106] == b"~" and data.count(b"CLM*") < 20]
    for _ in range(count):
        yield b"~".join(disordered(rng, rng.choice(plain).split(b"~")))


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
