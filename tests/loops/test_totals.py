"""Control totals against the claim views, and what is no money."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loops
from loops.totals import Totals, totals
from scrubber.sample.fragment import batch


def test_totals_are_those_of_the_claims(fixture_file):
    try:
        read = loops.read(fixture_file)
    except loops.NotX12Error:
        return
    with read:
        counted = totals(read)
        claims = list(read.claims())
        lines = [line for claim in claims for line in claim.lines if line.sv1.id == "SV1"]
    amounts = [claim.charge for claim in claims], [line.charge for line in lines]
    assert (counted.claims, counted.lines) == (len(claims), len(lines))
    assert counted.charges == sum((one for one in amounts[0] if one is not None), Decimal(0))
    assert counted.line_charges == sum((one for one in amounts[1] if one is not None), Decimal(0))
    assert counted.unreadable == sum(one is None for one in (*amounts[0], *amounts[1]))


@pytest.mark.parametrize(
    "text", ["", "ABC", "1E5", "NaN", "1_000", " 1", "1,5", "0.005", "1" * 17, "--1", "1.2.3", "\xb2"]
)
def test_what_is_no_money_is_counted_and_left_out(text):
    data = batch("SV1*HC:96372*7*UN*1***1").replace("*7*UN", f"*{text}*UN").encode("latin-1")
    with loops.read(data) as read:
        assert totals(read) == Totals(1, 1, Decimal(7), Decimal(0), 1)


@pytest.mark.parametrize("text", ["7", "7.", "7.0", "07.00", "7.000", "-7", ".07", "9999999999999999"])
def test_money_in_every_spelling(text):
    data = batch("SV1*HC:96372*7*UN*1***1").replace("*7*UN", f"*{text}*UN").encode("latin-1")
    with loops.read(data) as read:
        assert totals(read) == Totals(1, 1, Decimal(7), Decimal(text), 0)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20), st.sampled_from(["", "\n", "\r\n"]))
def test_cents_add_up(cents, line_end):
    rows = "\n".join(f"SV1*HC:96372*{one // 100}.{one % 100:02}*UN*1***1" for one in cents)
    with loops.read(batch(rows).replace("~", "~" + line_end).encode()) as read:
        counted = totals(read)
    assert counted.line_charges == counted.charges == Decimal(sum(cents)) / 100
    assert (counted.claims, counted.lines) == (1, len(cents))


def test_other_transactions_are_not_counted():
    ours = batch("SV1*HC:96372*7*UN*1***1")
    other = ours.replace("005010X222A1", "005010X223A2")
    with loops.read((ours + other).encode()) as read:
        assert totals(read) == Totals(1, 1, Decimal(7), Decimal(7), 0)
    assert totals_of(ours) + totals_of(ours) == Totals(2, 2, Decimal(14), Decimal(14), 0)


def totals_of(text: str) -> Totals:
    with loops.read(text.encode()) as read:
        return totals(read)
