"""Guide and index count the same claims, however the segments of the envelope lie about."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from disorder import disorder

import loops
from loops import Batch
from loops.errors import NotX12Error
from loops.validate import GuideProblem, validate

MUTANTS = 700


def judged(data: bytes) -> Iterator[tuple[Batch, list[GuideProblem]]]:
    """What the reader and the guide find, which count the same claims; nothing where the reader refuses."""
    try:
        batch = loops.read(data)
    except NotX12Error:
        return
    with batch:
        found = validate(batch.source)
        problems = list(found)
        assert found.counters.claims == len(batch), data
        yield batch, problems


def test_every_finding_names_the_claim_that_the_index_names(fixtures: Path, learning: str):
    differ = 0
    for data in disorder(fixtures, 20261126, MUTANTS):
        for batch, problems in judged(data):
            differ += data.count(b"CLM*") != len(batch)
            for problem in problems:
                if problem.claim_index:
                    start, end = (
                        getattr(batch.index, f"claim_{edge}")[problem.claim_index - 1]
                        for edge in ("start", "end")
                    )
                    assert start <= problem.start <= end, (problem, data)
    assert differ > MUTANTS / 50  # else the mutants prove nothing


def test_an_interchange_whose_isa_cannot_be_read_is_told_and_passed_over(fixtures: Path, learning: str):
    """As the reader does it: the next one is judged."""
    good = (fixtures / "broken-unbalanced.837").read_bytes()
    bad = good.replace(b"*1200*", b"\xe41200*", 1)
    first, *rest = list(validate(bad + good))
    assert (first.code, first.start, first.end) == ("X12-ISA", 0, len(bad))
    alone = list(validate(good))
    assert [(one.code, one.claim_index, one.start - len(bad)) for one in rest] == [
        (one.code, one.claim_index, one.start) for one in alone
    ]
    with pytest.raises(NotX12Error):
        validate(bad + bad)


@pytest.mark.parametrize("between", [b"", b"\n", b"\r\n", b"  \n", b"\0", b"\x1a", b"\r\n\x1a\0"])
def test_every_interchange_that_the_reader_finds_is_judged(fixtures: Path, learning: str, between: bytes):
    one = (fixtures / "broken-unbalanced.837").read_bytes().replace(b"\n", b"").replace(b"\r", b"")
    other = one.translate(bytes.maketrans(b"*:^~", b"|>!\x1e"))
    bad, cut = one.replace(b"*1200*", b"z1200*", 1), one[: one.index(b"~SE*") + 1]
    codes = [found.code for found in validate(one)]
    for parts in product((one, other, bad, cut), repeat=3):
        for batch, problems in judged(between.join(parts)):
            if cut not in parts:
                assert len(batch) == 3 * sum(part is not bad for part in parts)
            for claim in range(1, len(batch) + 1):
                told = [one.code for one in problems if one.claim_index == claim and one.code in codes]
                assert told == (codes if claim % 3 == 2 else []), (claim, parts)
