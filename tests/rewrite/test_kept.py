"""Things kept on the disk: all come back by number, as often as asked, and memory does not grow with them."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.errors import ScrubberError
from scrubber.rewrite.kept import Kept

THINGS = st.lists(st.tuples(st.integers(0, 1 << 40), st.text(max_size=3)), max_size=30)


def kept(things) -> Kept:
    made = Kept()
    for number, thing in things:
        made.add(number, thing)
    return made


@given(THINGS)
def test_they_come_by_number_and_then_as_they_were_added(things):
    made, right = kept(things), sorted(things, key=lambda one: one[0])
    for _ in range(2):
        assert list(made) == [thing for _, thing in right]
    assert len(made) == len(things)
    groups = list(made.groups())
    assert [number for number, _ in groups] == sorted({number for number, _ in things})
    assert [(number, thing) for number, group in groups for thing in group] == right


def test_one_may_look_twice_at_a_time():
    made = kept([(2, "b"), (1, "a"), (3, "c")])
    assert [(one, other) for one in made for other in made] == [(a, b) for a in "abc" for b in "abc"]


def test_what_was_taken_in_stays_as_it_was():
    thing = ["as it was"]
    made = kept([(1, thing)])
    thing.append("changed")
    assert list(made) == [["as it was"]]


def test_memory_does_not_grow_with_them():
    tracemalloc.start()
    made = kept((number, bytes(4096)) for number in range(4096))
    assert sum(len(one) for one in made) == 16 << 20
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1 << 20


def test_a_disk_without_room_is_told_in_one_line():
    made = Kept()
    made._base.execute("PRAGMA max_page_count = 4")
    with pytest.raises(ScrubberError, match=r"cannot be kept in a temporary file: .*full"):
        made.add(1, bytes(1 << 16))
