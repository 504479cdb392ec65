"""Mutants of batches: a few segments dropped, doubled, moved, renamed or given another qualifier."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

Segments = list[bytes]
Mutation = Callable[[Segments, random.Random, bytes, bytes], None]


def _drop(segments: Segments, rng: random.Random, e: bytes, c: bytes) -> None:
    del segments[_any(segments, rng)]


def _double(segments: Segments, rng: random.Random, e: bytes, c: bytes) -> None:
    at = _any(segments, rng)
    segments.insert(at, segments[at])


def _swap(segments: Segments, rng: random.Random, e: bytes, c: bytes) -> None:
    one, other = _any(segments, rng), _any(segments, rng)
    segments[one], segments[other] = segments[other], segments[one]


def _move(segments: Segments, rng: random.Random, e: bytes, c: bytes) -> None:
    segment = segments.pop(_any(segments, rng))
    segments.insert(_any(segments, rng), segment)


def _repeat(segments: Segments, rng: random.Random, e: bytes, c: bytes) -> None:
    at = _any(segments, rng)
    segments[at:at] = segments[at : at + rng.randrange(2, 6)]


def _rename(segments: Segments, rng: random.Random, e: bytes, c: bytes) -> None:
    at = _any(segments, rng)
    id_ = segments[_any(segments, rng)].split(e)[0]
    segments[at] = e.join([id_, *segments[at].split(e)[1:]])


def _requalify(segments: Segments, rng: random.Random, e: bytes, c: bytes) -> None:
    at, other = _any(segments, rng), segments[_any(segments, rng)].split(e)
    elements = segments[at].split(e)
    if len(elements) > 1 and len(other) > 1:
        elements[1] = other[1]
    segments[at] = e.join(elements)


def _spoil_qualifier(segments: Segments, rng: random.Random, e: bytes, c: bytes) -> None:
    at = _any(segments, rng)
    id_, *elements = segments[at].split(e)
    first = elements[0] if elements else b""
    spoilt = (first + c, first + c + b"X", c + first, c, b"", b" " + first, first.lower(), first + b" ")
    segments[at] = e.join([id_, rng.choice(spoilt), *elements[1:]])


def _spoil_segment(segments: Segments, rng: random.Random, e: bytes, c: bytes) -> None:
    at = _any(segments, rng)
    segment = segments[at]
    bare = segment.split(e)[0]
    spoilt = (
        segment.lower(),
        b" " + segment,
        segment + e,
        b"\r\n" + segment,
        e + segment,
        bare,
        b"X" + segment,
    )
    segments[at] = rng.choice(spoilt)


def _empty(segments: Segments, rng: random.Random, e: bytes, c: bytes) -> None:
    segments.insert(_any(segments, rng), b"")


MUTATIONS: dict[str, Mutation] = {
    "drop": _drop,
    "double": _double,
    "swap": _swap,
    "move": _move,
    "repeat": _repeat,
    "rename": _rename,
    "requalify": _requalify,
    "spoil the qualifier": _spoil_qualifier,
    "spoil the segment": _spoil_segment,
    "empty": _empty,
}


def _any(segments: Sequence[bytes], rng: random.Random) -> int:
    return rng.randrange(1, len(segments))  # the first ISA stays: without it there is nothing to compare


def mutant(data: bytes, rng: random.Random, names: Sequence[str]) -> bytes:
    """`data` (a file whose ISA has 106 bytes) with one to three mutations."""
    element, component, terminator = data[3:4], data[104:105], data[105:106]
    *segments, rest = data.split(terminator)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        if len(segments) > 4:
            MUTATIONS[rng.choice(names)](segments, rng, element, component)
    return terminator.join([*segments, rest])


def mutants(bases: Sequence[bytes], count: int, seed: int, names: Sequence[str]) -> list[bytes]:
    """`count` mutants of `bases`, the same for the same seed."""
    rng = random.Random(seed)
    return [mutant(rng.choice(bases), rng, names) for _ in range(count)]
