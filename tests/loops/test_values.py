"""Values of elements against the standard library and python-stdnum."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from loops.values import day, npi_is_valid, number, padded_ndc, period

WIDE = {ord(str(digit)): 0xFF10 + digit for digit in range(10)}  # digits that are not ASCII
DIGITS = st.text("0123456789", max_size=12)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9))
def test_an_amount_is_read_as_it_is_written(amount):
    assert number(f"{amount:f}") == amount


@given(st.text("0123456789.-+eE _", max_size=25))
def test_a_number_is_what_decimal_makes_of_digits_sign_and_point(text):
    plain = bool(text) and not set(text) & set("+eE _") and len(text) <= 20
    try:
        expected = Decimal(text) if plain else None
    except ArithmeticError:
        expected = None
    assert number(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "-", ".", "1,000", "$5", "NaN", "Infinity", "\u0663", "1".translate(WIDE), "1 ", "9" * 21, "0x1"],
)
def test_no_number(text):
    assert number(text) is None


@given(st.text("0123456789", min_size=8, max_size=8))
def test_a_day_is_one_of_the_calendar(text):
    try:
        expected = datetime.strptime(text, "%Y%m%d").replace(tzinfo=None).date()  # noqa: DTZ007
    except ValueError:
        expected = None
    assert day(text) == expected


@given(st.dates())
def test_every_day_is_read(when):
    text = f"{when.year:04}{when.month:02}{when.day:02}"
    assert day(text) == when
    assert period("D8", text) == (when, when)


@given(st.dates(max_value=date(9998, 1, 1)), st.integers(0, 300))
def test_a_range_has_two_days(first, days):
    last = first + timedelta(days)
    text = f"{first:%Y%m%d}-{last:%Y%m%d}".zfill(17)
    assert period("RD8", f"{first.year:04}{first:%m%d}-{last.year:04}{last:%m%d}") == (first, last)
    assert len(text) == 17


@pytest.mark.parametrize(
    ("qualifier", "text", "expected"),
    [
        ("DT", "202609151430", (date(2026, 9, 15),) * 2),
        ("RD8", "20260915", (date(2026, 9, 15), None)),
        ("RD8", "20260915-20260931", (date(2026, 9, 15), None)),
        ("TM", "1430", (None, None)),
        ("", "20260915", (None, None)),
        ("D8", "2026091", (None, None)),
        ("D8", "20260915".translate(WIDE), (None, None)),
    ],
)
def test_periods(qualifier, text, expected):
    assert period(qualifier, text) == expected


def check_digit(nine: str) -> str:
    """45 CFR 162.406: Luhn over the prefix 80840 and the nine digits."""
    return str(luhn.calc_check_digit("80840" + nine))


@given(st.text("0123456789", min_size=9, max_size=9), st.text("0123456789", min_size=1, max_size=1))
def test_an_npi_has_one_right_check_digit(nine, last):
    assert npi_is_valid(nine + last) == (last == check_digit(nine))


@given(st.text("0123456789", min_size=9, max_size=9), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_found(nine, place, by):
    npi = nine + check_digit(nine)
    wrong = npi[:place] + str((int(npi[place]) + by) % 10) + npi[place + 1 :]
    assert npi_is_valid(npi)
    assert not npi_is_valid(wrong)


@pytest.mark.parametrize(
    "text", ["", "123456789", "12345678931", "123456789X", " 1234567893", "1234567893".translate(WIDE)]
)
def test_no_npi(text):
    assert not npi_is_valid(text)


def test_the_example_of_the_standard_is_an_npi():
    assert npi_is_valid("1234567893")


@given(DIGITS, DIGITS, DIGITS)
def test_a_hyphenated_ndc_is_padded_where_it_is_short(labeler, product, package):
    lengths = (len(labeler), len(product), len(package))
    known = {(4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2)}
    padded = padded_ndc(f"{labeler}-{product}-{package}")
    if lengths in known:
        assert padded == labeler.rjust(5, "0") + product.rjust(4, "0") + package.rjust(2, "0")
    else:
        assert padded is None


@given(DIGITS)
def test_without_hyphens_nobody_knows_which_part_is_short(digits):
    assert padded_ndc(digits) is None
