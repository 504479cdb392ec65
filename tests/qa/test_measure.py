"""Shares and their intervals; rules to relax."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.qa.measure import relax, share, wilson

from .answered import alarm, denied, made, paid, remittance, result_of

counted = st.integers(1, 100_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(counted)
def test_wilson_lies_around_the_share(given_):
    hits, of = given_
    low, high = wilson(hits, of)
    assert 0 <= low <= hits / of <= high <= 1
    assert low < high


@given(counted)
def test_wilson_is_where_the_score_test_turns(given_):
    """At its ends the observed share is 1.96 standard errors of that end away: how the interval is defined."""
    hits, of = given_
    for end in wilson(hits, of):
        if 0 < end < 1:
            assert abs(hits / of - end) == pytest.approx(
                1.959963984540054 * sqrt(end * (1 - end) / of), rel=1e-6
            )


@given(counted)
def test_wilson_is_alike_from_the_other_side(given_):
    hits, of = given_
    low, high = wilson(hits, of)
    other_low, other_high = wilson(of - hits, of)
    assert (low, high) == (pytest.approx(1 - other_high, abs=1e-12), pytest.approx(1 - other_low, abs=1e-12))


@given(st.integers(0, 50), st.integers(1, 50), st.integers(2, 100))
def test_more_claims_make_it_narrower(hits, more, times):
    of = hits + more
    low, high = wilson(hits, of)
    low_many, high_many = wilson(hits * times, of * times)
    assert high_many - low_many < high - low


def test_known_values():
    # Published values for 95 %: 0 of 10, 5 of 10, 10 of 10; 81 of 263 is the example of Newcombe (1998).
    assert wilson(0, 10) == (0, pytest.approx(0.2775, abs=5e-5))
    assert wilson(5, 10) == (pytest.approx(0.2366, abs=5e-5), pytest.approx(0.7634, abs=5e-5))
    assert wilson(81, 263) == (pytest.approx(0.2553, abs=5e-5), pytest.approx(0.3662, abs=5e-5))
    assert wilson(0, 0) == (None, None)
    assert share(0, 0).value is None


def test_precision_and_recall_in_claims_and_dollars(tmp_path):
    claims = [
        made("CAUGHT", cents=2500, alarms=(alarm(),)), made("MISSED", cents=2500),
        made("FALSE1", cents=2500, alarms=(alarm(),)), made("FALSE2", cents=2500, alarms=(alarm(),)),
        made("CLEAN", cents=2500), made("ELSE", cents=2500, alarms=(alarm(),)),
        made("ADVICE", cents=2500, alarms=(alarm(severity="advise"), alarm("INJ-A03", "no_data"))),
        made("FIXED", cents=2500, alarms=(alarm(disposition="fixed"),)),
    ]  # fmt: skip
    answers = remittance(
        denied("CAUGHT"), denied("MISSED"), paid("FALSE1"), paid("FALSE2"), paid("CLEAN"),
        denied("ELSE", "CO*29*25", ()), denied("ADVICE"), paid("FIXED"),
    )  # fmt: skip
    result = result_of(claims, [answers], tmp_path / "a")
    assert [row.verdict for row in result.claims] == [
        "caught", "missed", "false_alarm", "false_alarm", "clean_paid", "elsewhere_alarm", "missed", "clean_paid",
    ]  # fmt: skip
    assert (result.precision.value, result.precision.dollars) == (1 / 3, 1 / 3)
    assert (result.recall.value, result.recall.dollars) == (1 / 3, 1 / 3)
    (rule,) = result.by_rule
    assert (rule.rule, rule.alarms, rule.caught, rule.false_alarms, rule.elsewhere) == ("INJ-E02", 4, 1, 2, 1)
    assert rule.agreed == 1  # the rule itself says that 97 will come
    assert relax(result.by_rule) == []  # three answers say too little


def test_a_rule_whose_alarms_are_paid_is_one_to_relax(tmp_path):
    claims = [made(f"CLAIM{n}", alarms=(alarm(),)) for n in range(6)]
    answers = remittance(denied("CLAIM0"), *(paid(f"CLAIM{n}") for n in range(1, 6)))
    (rule,) = result_of(claims, [answers], tmp_path / "a").relax
    assert (rule.rule, rule.caught, rule.false_alarms) == ("INJ-E02", 1, 5)


@pytest.mark.parametrize(
    ("alarms", "mode", "how"),
    [
        ((alarm("INJ-E02", "bypassed"),), "scrubbed", [("bypassed", "INJ-E02")]),
        ((alarm("INJ-E02", "waived"),), "scrubbed", [("waived", "INJ-E02")]),
        ((alarm("INJ-E02"),), "ledger", [("policy", "INJ-E02")]),
        ((alarm("INJ-E02"),), "scrubbed", []),
        ((alarm("INJ-E02"), alarm("INJ-P02", "bypassed")), "ledger", [("bypassed", "INJ-P02"), ("policy", "INJ-E02")]),
    ],
)  # fmt: skip
def test_what_was_sent_in_spite_of_a_rule(alarms, mode, how, tmp_path):
    result = result_of(
        [made("ONE", alarms=alarms), made("TWO", alarms=alarms)],
        [remittance(paid("ONE"), denied("TWO"))],
        tmp_path / "a",
        mode=mode,
    )
    assert [(one.how, one.rule) for one in result.overridden] == how
    assert all(
        (one.claims, one.paid, one.refused, one.elsewhere, one.open) == (2, 1, 1, 0, 0)
        for one in result.overridden
    )


def test_what_a_waiver_silenced_is_no_rule_to_write(tmp_path):
    claims = [made("ONE", alarms=(alarm("INJ-E02", "waived"),)), made("TWO")]
    result = result_of(claims, [remittance(denied("ONE"), denied("TWO"))], tmp_path / "a")
    assert result.counts.claims["missed"] == 2
    assert [one.rows for one in result.missed_groups] == [(2,)]
