"""What is written is validated: a new fault holds more, and in the end everything."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from parting import claims, made, outputs, written

import loops
from loops.source import open_source
from loops.validate import validate
from scrubber.batch.split import fresh_numbers
from scrubber.batch.split_settle import known, settle, strange


def settled(data, hold, before=None, spoil=lambda released: released, **options):
    """The split, the last outputs, and how often they were written; `spoil` is done to what is released."""
    before = known(validate(data)) if before is None else before
    seen = []
    with loops.read(data, name="batch") as batch:

        def render(parted):
            released, held = outputs(batch, parted)
            seen.append((spoil(released) if released else None, held))
            return seen[-1]

        return settle(batch, hold, fresh_numbers(batch, "00"), before, render, **options), seen


def loop_of(data, claim):
    subscriber = loops.read(data).index.subscriber
    return {n for n, one in enumerate(subscriber) if one == subscriber[claim]}


@pytest.fixture
def data():
    """A batch with a subscriber loop of several claims, claim 0 not among them."""
    found = made(32)
    assert len(loop_of(found, 4)) > 1
    assert 0 not in loop_of(found, 4)
    return found


def spoiler(data, claim):
    """Puts a segment that the guide does not have into one claim, wherever it is released."""
    row = re.match(rb"CLM[^~]*~", claims(data)[claim])[0]
    return lambda released: released.replace(row, row + b"ZZZ*1~")


def test_a_good_split_is_written_once(data):
    parted, seen = settled(data, {0})
    assert len(seen) == 1
    assert not parted.added


def test_nothing_held_is_not_validated(data):
    parted, seen = settled(data, set(), Counter(), lambda _: b"no X12 at all")
    assert parted.held is None
    assert len(seen) == 1


def test_a_new_fault_holds_its_subscriber_loop(data):
    loop = loop_of(data, 4)
    parted, seen = settled(data, {0}, spoil=spoiler(data, 4))
    assert set(parted.held_claims()) == loop | {0}
    assert {one.claim for one in parted.added} == loop
    assert {one.reason for one in parted.added} == {
        "without it the guide would find a new fault in its subscriber loop: all of that is held"
    }
    assert len(seen) == 2


def test_a_new_fault_above_a_claim_holds_the_loop_below(data):
    above = b"NM1*IL*1*DOE*JANE****MI*TEST0003~"
    assert data.index(above) < data.index(claims(data)[2])
    parted, _ = settled(data, {0}, spoil=lambda released: released.replace(above, b"ZZZ*1~" + above))
    assert {one.claim for one in parted.added} == loop_of(data, 2)


def test_a_fault_that_stays_holds_the_batch_as_it_came(data):
    wrong = data.replace(b"SV1*HC:96372*", b"SV1*HC:96372*X", 1)
    parted, seen = settled(wrong, {1, 2}, Counter())
    assert seen[-1] == (None, wrong)
    assert parted.released is None
    assert list(parted.held_claims()) == list(range(len(claims(data))))
    assert {one.claim for one in parted.added} == {*range(len(claims(data)))} - {1, 2}
    assert {one.reason for one in parted.added} == {
        "the guide would find a new fault in a part of the batch: all of it is held as it came"
    }


def test_an_output_that_is_no_x12_holds_the_batch(data):
    parted, seen = settled(data, {0}, spoil=lambda _: b"no X12 at all")
    assert seen[-1] == (None, data)
    assert parted.released is None


def test_a_service_line_above_the_claims_would_be_in_both_outputs(data):
    wrong = data.replace(b"REF*EI*", b"SV1*HC:96372*5*UN*1***1~REF*EI*", 1)
    parted, seen = settled(wrong, {0})
    assert seen[-1] == (None, wrong)
    assert parted.added


def test_quick_validates_a_sound_batch_by_what_is_held(data):
    parted, seen = settled(data, {0}, spoil=spoiler(data, 4), quick=True)
    assert len(seen) == 1
    assert not parted.added
    unsound = data.replace(b"IEA*1*", b"IEA*3*", 1)
    parted, seen = settled(unsound, {0}, spoil=spoiler(data, 4), quick=True)
    assert len(seen) == 2
    assert parted.added


def test_open_sources_are_read_and_stay_open(data, tmp_path):
    path = tmp_path / "released"
    opened = []
    with loops.read(data, name="batch") as batch:

        def render(parted):
            path.write_bytes(written(batch, parted.released))
            opened.append(open_source(path))
            return opened[-1], written(batch, parted.held)

        settle(batch, {0}, fresh_numbers(batch, "00"), Counter(), render)
    assert opened[-1].data[:3] == b"ISA"
    opened[-1].close()


def test_what_is_known_counts_above_claims_in_each_output_and_in_claims_once(data):
    before = known(validate(data.replace(b"SV1*HC:96372*", b"SV1*HC:96372*X", 1).replace(b"IEA*1", b"IEA*2")))
    line = data.replace(b"SV1*HC:96372*", b"SV1*HC:96372*X", 1)
    envelope = data.replace(b"IEA*1", b"IEA*2")
    assert not list(strange(before, [line, data]))
    assert not list(strange(before, [envelope, envelope]))
    assert next((side, problem.place[:4]) for side, problem in strange(before, [line, line])) == (1, "2400")
