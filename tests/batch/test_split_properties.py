"""Whatever is held: both outputs are valid 837P, each claim is in one of them byte for byte, and all adds up."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parting import claims, envelope_faults, made, outputs, parts
from pyx12_verdict import verdict

import loops
from loops.validate import validate
from scrubber.batch.balance import balance, tally
from scrubber.batch.split import Split, fresh_numbers
from scrubber.batch.split_settle import known, settle, strange
from scrubber.sample.batch import sample

SPELLINGS = [
    (b"*:^~", b""),
    (b"*:^~", b"\n"),
    (b"*:^~", b"\r\n"),
    (b"|>!\n", b""),
    (b"\x1d:^\x1c", b""),
    (b"*:^\r", b"\n"),
    (b"*:U~", b""),
]
SHARES = (0.02, 0.1, 0.3, 0.5, 0.9)


def respelled(data: bytes, separators: bytes, line_end: bytes) -> bytes:
    swapped = data.translate(bytes.maketrans(b"*:^~", separators))
    return swapped.replace(separators[3:], separators[3:] + line_end)


def some(rng: Random, count: int) -> set[int]:
    share = rng.choice(SHARES)
    return {number for number in range(count) if rng.random() < share}


def settled(data: bytes, hold: set[int]) -> tuple[Split, bytes | None, bytes | None]:
    """Part `data` the way the product does, and validate what comes of it."""
    before = known(validate(data))
    with loops.read(data, name="batch") as batch:
        last: list[bytes | None] = []

        def render(parted: Split) -> tuple[bytes | None, bytes | None]:
            last[:] = outputs(batch, parted)
            return last[0], last[1]

        parted = settle(batch, hold, fresh_numbers(batch, "00"), before, render)
    assert not list(strange(before, last))
    return parted, last[0], last[1]


def check(data: bytes, hold: set[int], *, oracle: bool = False) -> Split:
    """Part `data` and hold all that was promised against what comes of it."""
    parted, released, held = settled(data, hold)
    mine = claims(data)
    assert {n for n, flag in enumerate(parted.hold) if flag} == hold | {one.claim for one in parted.added}
    assert claims(released) == [one for one, flag in zip(mine, parted.hold, strict=True) if not flag]
    assert claims(held) == [one for one, flag in zip(mine, parted.hold, strict=True) if flag]
    sums = [None if one is None else tally(one) for one in (data, released, held)]
    maps = {"released_sets": parted.released_sets, "held_sets": parted.held_sets}
    assert balance("batch", *sums, **maps) == ()
    sound = not envelope_faults(data)
    errors = verdict(data) if oracle else None
    for patch, output in ((parted.released, released), (parted.held, held)):
        if output is None:
            continue
        assert all(re.fullmatch(rb"(?:[0-9]+(?:.[0-9]+)?)?", after, re.DOTALL) for _, _, after in patch)
        assert not (sound and envelope_faults(output))
        assert parts(output, set())[1] == output
        told = verdict(output) if errors else None
        if errors and told:
            assert told[1] <= errors[1], told[1] - errors[1]
    if held is not None:
        assert claims(parts(held, set(range(len(claims(held)))))[2]) == claims(held)
    return parted


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.sampled_from(SPELLINGS), st.randoms(use_true_random=False))
def test_batches_of_any_shape(seed, spelling, rng):
    data = respelled(made(seed, 2), *spelling)
    parted = check(data, some(rng, len(claims(data))))
    assert all("subscriber" in one.reason for one in parted.added)


@pytest.mark.parametrize("seed", range(6))
def test_pyx12_finds_nothing_in_batches_of_any_shape(seed):
    rng = Random(seed)
    data = next(one for one in (made(rng.randrange(10**6)) for _ in range(100)) if one.count(b"ISA*") == 1)
    check(data, some(rng, len(claims(data))), oracle=True)


@pytest.mark.parametrize("seed", range(3))
def test_each_claim_alone_and_all_but_one(seed):
    data = made(seed, 2)
    count = len(claims(data))
    for number in range(count):
        assert claims(check(data, {number}) and data)
        check(data, set(range(count)) - {number})


def test_fixtures(fixture_file: Path):
    data = fixture_file.read_bytes()
    try:
        count = len(claims(data))
    except loops.NotX12Error:
        return
    rng = Random(fixture_file.name)
    check(data, set())
    check(data, set(range(count)))
    check(data, {rng.randrange(count)} if count else set(), oracle=True)
    for _ in range(4):
        check(data, some(rng, count))


@pytest.mark.parametrize(
    ("count", "share", "oracle"), [(120, 0.05, True), (1100, 0.05, False), (600, 0.5, False)]
)
def test_a_synthetic_batch(count, share, oracle):
    rows = [row for piece, _ in sample(count, 3) for row in piece]
    data = "".join(row + "~" for row in rows).encode("ascii")
    rng = Random(1)
    check(data, {number for number in range(count) if rng.random() < share}, oracle=oracle)


def broken(data: bytes, rng: Random) -> bytes:
    """A batch with segments lost, doubled, swapped or changed, mostly of envelope and levels."""
    rows = data.split(b"~")
    for _ in range(rng.choice((1, 1, 2, 4))):
        marks = [
            n
            for n, row in enumerate(rows)
            if n and row[:2] in (b"HL", b"ST", b"SE", b"GS", b"GE", b"IE", b"CL")
        ]
        place = rng.choice(marks if rng.random() < 0.7 and marks else range(1, len(rows)))
        match rng.randrange(5):
            case 0:
                del rows[place]
            case 1:
                rows.insert(place, rows[place])
            case 2:
                other = rng.randrange(1, len(rows))
                rows[place], rows[other] = rows[other], rows[place]
            case 3:
                row = bytearray(rows[place] or b"X")
                row[rng.randrange(len(row))] = rng.choice(b"0123456789*:A ")
                rows[place] = bytes(row)
            case _:
                rows.insert(rng.randrange(1, len(rows)), rows[place])
    return b"~".join(rows)


@settings(max_examples=80)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_broken_batches_never_lose_a_claim(seed, rng):
    data = broken(made(seed, 2), rng)
    check(data, some(rng, len(claims(data))))


@pytest.mark.shared
def test_the_corpus(shared: Path):
    seen = 0
    for path in sorted([*(shared / "corpus" / "837p").iterdir(), *(shared / "corpus" / "bad").iterdir()]):
        data = path.read_bytes()
        try:
            count = len(claims(data))
        except loops.NotX12Error:
            continue
        rng = Random(path.name)
        seen += count > 0
        check(data, {rng.randrange(count)} if count else set(), oracle=len(data) < 20_000)
        check(data, some(rng, count))
        check(data, set(range(count)))
    assert seen > 90


@pytest.mark.shared
def test_a_batch_of_another_generator(shared: Path):
    command = [sys.executable, str(shared / "tools" / "gen837p.py"), "-n", "160", "--st", "50", "--nl"]
    data = subprocess.run(command, check=True, capture_output=True).stdout
    rng = Random(7)
    check(data, {number for number in range(160) if rng.random() < 0.05}, oracle=True)
