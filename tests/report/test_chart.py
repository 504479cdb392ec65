"""Shapes of charts: lengths are the numbers, nothing leaves its box, labels have room."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.report.chart import Part, columns, scale, stacked

VALUES = st.lists(st.integers(0, 10**9), min_size=1, max_size=4)


@given(st.integers(0, 10**12))
def test_a_scale_has_few_round_ticks_and_holds_the_most(most):
    ticks = scale(most)
    assert 2 <= len(ticks) <= 5
    assert ticks[0] == 0
    assert ticks[-2] < max(most, 1) <= ticks[-1]
    assert {b - a for a, b in pairwise(ticks)} == {ticks[1]}
    assert str(ticks[1]).rstrip("0") in ("1", "2", "5")


@given(VALUES, st.integers(0, 10**9))
def test_parts_follow_each_other_in_proportion(values, more):
    most = sum(values) + more
    shapes = stacked([Part("blue", value, str(value)) for value in values], most)
    assert [one.says for one in shapes] == [str(value) for value in values if value]
    at = 0.0
    for one in shapes:
        assert one.at == pytest.approx(at)
        assert one.size == pytest.approx(100 * int(one.says) / most)
        at += one.size
    assert at <= 100 + 1e-9


@given(st.lists(VALUES, min_size=1, max_size=80))
def test_columns_stand_beside_each_other_within_the_box(rows):
    chart = columns([(f"week {n}", "", [Part("red", v, "") for v in row]) for n, row in enumerate(rows)])
    right = 0.0
    for one, row in zip(chart.columns, rows, strict=True):
        assert one.total == f"{sum(row):,}"
        assert right <= one.x
        right = one.x + one.width
        assert right <= 100 + 1e-9
        assert one.middle == pytest.approx(one.x + one.width / 2)
        for shape in one.shapes:
            assert shape.at >= one.top - 1e-6
            assert shape.at + shape.size <= 100 + 1e-6
    tallest = min(chart.columns, key=lambda one: one.top)
    assert tallest.total == f"{max(map(sum, rows)):,}"
    assert [at for at, _ in chart.ticks][0::len(chart.ticks) - 1] == [100, 0]  # fmt: skip


@pytest.mark.parametrize(
    ("count", "wide", "narrow"), [(1, 1, 1), (6, 6, 6), (7, 7, 4), (12, 12, 6), (53, 11, 6)]
)
def test_labels_are_thinned_out(count, wide, narrow):
    shown = [one.shown for one in columns([("week", "", [Part("red", 1, "")])] * count).columns]
    assert sum(one != "never" for one in shown) == wide
    assert sum(one == "" for one in shown) == narrow
