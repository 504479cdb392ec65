"""Splicing: whatever the edits, nothing else changes, and the way back leads to the original."""

import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loops.source import open_source
from scrubber.errors import GuardError
from scrubber.finding import Edit
from scrubber.rewrite import splice

BYTES = st.binary(max_size=60)


@st.composite
def edits_of(draw, data: bytes) -> list[Edit]:
    """Edits that neither overlap nor touch, in any order, pure inserts and deletions among them."""
    cuts = sorted(draw(st.sets(st.integers(0, len(data)), max_size=8)))
    pairs, at = [], 0
    while at < len(cuts):
        wide = at + 1 < len(cuts) and draw(st.booleans())
        pairs.append((cuts[at], cuts[at + wide]))
        at += 1 + wide
    made = [Edit(a, b, data[a:b], draw(st.binary(max_size=5))) for a, b in pairs]
    return draw(st.permutations(made))


@st.composite
def cases(draw):
    data = draw(BYTES)
    return data, draw(edits_of(data))


@given(cases())
def test_outside_the_edits_every_byte_is_the_same(case):
    data, edits = case
    out = splice.spliced(data, edits)
    ordered = sorted(edits, key=lambda e: e.start)
    for edit in reversed(ordered):  # an independent way to the same outcome: from the back, in place
        data = data[: edit.start] + edit.after + data[edit.end :]
    assert out == data


@given(cases())
def test_undoing_gives_the_original_back(case):
    data, edits = case
    assert splice.spliced(splice.spliced(data, edits), splice.undoing(splice.in_order(edits))) == data


@given(cases())
def test_a_file_is_spliced_as_bytes_are(case):
    data, edits = case
    for block in (1, 7, splice.BLOCK):
        out = io.BytesIO()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(splice, "BLOCK", block)
            splice.splice(open_source(data), splice.in_order(edits), out)
        assert out.getvalue() == splice.spliced(data, edits)


@given(st.data())
def test_two_rounds_composed_do_what_the_two_do(data):
    original, first = data.draw(cases())
    middle = splice.spliced(original, first)
    second = data.draw(edits_of(middle))
    joints = splice.composed(original, first, second)
    assert splice.spliced(original, [joint.edit for joint in joints]) == splice.spliced(middle, second)
    for joint in joints:
        assert joint.first or joint.second
        assert joint.edit.before != joint.edit.after


def test_what_the_second_round_takes_back_is_no_edit():
    joints = splice.composed(b"one two", [Edit(0, 3, b"one", b"1")], [Edit(0, 1, b"1", b"one")])
    assert joints == []


def test_joined_edits_tell_where_they_come_from():
    first, second = Edit(4, 7, b"two", b"2"), Edit(5, 5, b"", b"!")
    joints = splice.composed(b"one two", [first], [second])
    assert joints == [splice.Joint(Edit(4, 7, b"two", b"2!"), (first,), (second,))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Edit(1, 3, b"bc", b"X"), Edit(2, 4, b"cd", b"Y")),  # overlap
        (Edit(1, 3, b"bc", b"X"), Edit(3, 4, b"d", b"Y")),  # touch
        (Edit(2, 2, b"", b"X"), Edit(2, 2, b"", b"Y")),  # insert at one spot
        (Edit(1, 3, b"bc", b"X"), Edit(3, 3, b"", b"Y")),  # insert at the end of another
        (Edit(1, 4, b"bcd", b"X"), Edit(2, 3, b"c", b"Y")),  # inside
    ],
)
def test_edits_that_meet_are_refused(one, other):
    for pair in ([one, other], [other, one]):
        with pytest.raises(GuardError, match="meet"):
            splice.spliced(b"abcdef", pair)
        with pytest.raises(GuardError, match="meet"):
            splice.splice(open_source(b"abcdef"), pair, io.BytesIO())


def test_those_of_a_file_come_by_place():
    edits = [Edit(4, 5, b"e", b"E"), Edit(0, 1, b"a", b"A")]
    assert splice.spliced(b"abcdef", edits) == b"AbcdEf"
    for use in (splice.undoing, lambda edits: [splice.splice(open_source(b"abcdef"), edits, io.BytesIO())]):
        with pytest.raises(GuardError, match="in no order"):
            list(use(edits))


@pytest.mark.parametrize(
    "edit", [Edit(0, 1, b"x", b"y"), Edit(5, 7, b"f", b""), Edit(-1, 0, b"", b"y"), Edit(3, 2, b"", b"")]
)
def test_an_edit_on_other_bytes_is_refused(edit):
    with pytest.raises(GuardError, match="other bytes"):
        splice.spliced(b"abcdef", [edit])
    out = io.BytesIO()
    with pytest.raises(GuardError, match="other bytes"):
        splice.splice(open_source(b"abcdef"), [edit], out)


def test_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / "large"
    with path.open("wb") as out:
        for _ in range(32):
            out.write(b"x" * splice.BLOCK)
    edits = [Edit(n, n + 1, b"x", b"yy") for n in range(5, 32 * splice.BLOCK, 100_003)]
    source = open_source(path)
    tracemalloc.start()
    with (tmp_path / "out").open("wb") as out:
        splice.splice(source, edits, out)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    source.close()
    assert (tmp_path / "out").stat().st_size == 32 * splice.BLOCK + len(edits)
    assert peak < 4 * splice.BLOCK
