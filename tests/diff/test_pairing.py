"""Lists side by side: each item once, the strictest key first, as few moved as can be."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from scrubber.diff.pairing import merged, moved, pairs

ITEMS = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 3)), max_size=8)
KEYS = (lambda one: one, lambda one: one[0], lambda one: None if one[1] == 3 else one[1] % 2)


@given(ITEMS, ITEMS)
def test_every_position_is_used_at_most_once_and_keys_agree(before, after):
    found = pairs(before, after, KEYS)
    assert len({i for i, _ in found}) == len({j for _, j in found}) == len(found)
    for i, j in found:
        assert any(key(before[i]) == key(after[j]) is not None for key in KEYS)


@given(ITEMS, ITEMS)
def test_as_many_equal_items_are_put_together_as_there_are(before, after):
    equal = sum(before[i] == after[j] for i, j in pairs(before, after, KEYS))
    assert equal == sum(min(before.count(one), after.count(one)) for one in set(before))


@given(ITEMS, ITEMS)
def test_what_is_left_over_has_no_key_in_common(before, after):
    found = pairs(before, after, KEYS)
    left = [one for n, one in enumerate(before) if n not in {i for i, _ in found}]
    right = [one for n, one in enumerate(after) if n not in {j for _, j in found}]
    for one in left:
        for other in right:
            assert not any(key(one) == key(other) is not None for key in KEYS)


@given(ITEMS, ITEMS)
def test_merged_lists_tell_every_position_once_in_the_order_of_the_second(before, after):
    found = pairs(before, after, KEYS)
    told = list(merged(found, len(before), len(after)))
    assert sorted(i for i, _ in told if i is not None) == list(range(len(before)))
    assert [j for _, j in told if j is not None] == list(range(len(after)))
    assert {pair for pair in told if None not in pair} == set(found)


def test_what_only_the_first_has_stands_before_what_followed_it_and_what_came_instead():
    assert list(merged([(0, 0), (2, 1)], 4, 3)) == [(0, 0), (1, None), (2, 1), (3, None), (None, 2)]
    assert list(merged([(0, 0), (2, 2)], 3, 3)) == [(0, 0), (1, None), (None, 1), (2, 2)]


@given(st.permutations(range(7)))
def test_no_fewer_items_could_be_called_moved(order):
    away = moved(order)
    staying = [one for one in order if one not in away]
    assert all(one < other for one, other in pairwise(staying))
    longer = combinations(order, len(staying) + 1)
    assert not any(all(one < other for one, other in pairwise(run)) for run in longer)


@given(st.lists(st.integers(), unique=True).map(sorted))
def test_what_is_in_order_has_not_moved(order):
    assert moved(order) == set()
