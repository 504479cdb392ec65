"""What a claim has come to: the last final answer, reversals undone, held claims alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.qa.book import Case, Claimed, Said, Sent
from scrubber.qa.outcome import outcome

from .answered import (
    DAY,
    SENT,
    acknowledgement,
    alarm,
    denied,
    made,
    noted,
    paid,
    remittance,
    result_of,
    reversal,
    row_of,
    status,
)

START = date(2026, 10, 9)


def said(state: str, day: int, number: str = "PAYER0001", amount: int = 2000, kind: str = "835") -> Said:
    when = START + timedelta(day)
    return Said(when, kind, state, (2, f"{day:03}{state}{number}", amount), "file", "claim", number, amount)


def case_of(history: list[Said]) -> Case:
    case = Case(0, made())
    case.sent = [Sent(SENT, "sample.837", 1, 0)]
    case.said = [*history]
    return case


@st.composite
def histories(draw: st.DrawFn) -> list[Said]:
    states = st.sampled_from(["paid", "denied", "reversed", "rejected"])
    return draw(
        st.lists(
            st.builds(
                lambda state, day, number, amount: said(
                    state,
                    day,
                    number,
                    -amount if state == "reversed" else amount,
                    "277CA" if state == "rejected" else "835",
                ),
                states,
                st.integers(0, 6),
                st.sampled_from(["PAYER0001", "PAYER0002"]),
                st.sampled_from([0, 2000, 2500]),
            ),
            max_size=6,
            unique=True,
        )
    )


@given(histories(), st.integers(0, 5))
def test_a_reversal_undoes_what_it_reverses(history, number):
    """A payment on the last day of all, and its reversal: open, unless something else stands on that day."""
    own = said("paid", 20, f"OWN{number}", 777)
    assert outcome(case_of([*history, own])).said == own
    back = said("reversed", 21, f"OWN{number}", -777)
    undone = outcome(case_of([*history, own, back]))
    assert (undone.state, undone.said) == ("open", back)
    anew = said("denied", 21, f"NEW{number}", 0)
    assert outcome(case_of([*history, own, back, anew])).said == anew


@pytest.mark.parametrize(
    ("history", "state"),
    [
        ([], "open"),
        ([said("rejected", 0, kind="277CA")], "rejected"),
        ([said("rejected", 0, kind="277CA"), said("paid", 9)], "paid"),
        ([said("paid", 9), said("rejected", 0, kind="277CA")], "paid"),
        ([said("paid", 9), said("reversed", 12, amount=-2000)], "open"),
        ([said("paid", 9), said("reversed", 12, amount=-2000), said("denied", 12, amount=0)], "denied"),
        ([said("paid", 9), said("reversed", 12, amount=-2000), said("paid", 14, amount=1500)], "paid"),
        ([said("denied", 9, amount=0), said("reversed", 9, amount=0), said("paid", 9, "PAYER0002")], "paid"),
        # A rejection that was resolved long ago does not come back when the payment is taken back.
        ([said("rejected", 0, kind="277CA"), said("paid", 9), said("reversed", 12, amount=-2000)], "open"),
        ([said("reversed", 12, amount=-2000)], "open"),
        # Parts of a split claim, paid and denied on one day: a claim with a denied line is denied.
        ([said("paid", 9), said("denied", 9, "PAYER0002", 0)], "denied"),
        ([said("paid", 9), said("denied", 10, amount=0)], "denied"),
        # Taken back twice, paid three times.
        (
            [
                said("paid", 1), said("reversed", 3, amount=-2000), said("paid", 3, amount=1500),
                said("reversed", 5, amount=-1500), said("paid", 5, amount=900),
            ],
            "paid",
        ),
    ],
)  # fmt: skip
def test_the_last_final_answer(history, state):
    assert outcome(case_of(history)).state == state
    assert outcome(case_of(history[::-1])).state == state


def test_a_held_claim_is_in_held_alone(tmp_path):
    held = made("CLAIM1", held=True, alarms=(alarm(disposition="hold"),))
    result = result_of([held, made("CLAIM2")], [remittance(paid("CLAIM1"), paid("CLAIM2"))], tmp_path / "a")
    assert [row.state for row in result.claims] == ["held", "paid"]
    claims = result.counts.claims
    assert {key: count for key, count in claims.items() if count} == {
        "submitted": 1, "held": 1, "answered": 1, "clean_paid": 1,
    }  # fmt: skip
    assert [(one.claim, one.reason) for one in result.unmatched] == [
        ("CLAIM1", "the claim with this number was held: it was not sent")
    ]
    assert [(one.rule, one.alarms, one.held) for one in result.by_rule] == [("INJ-E02", 0, 1)]


def test_a_claim_that_was_held_and_then_sent_is_not_held(tmp_path):
    held = made("CLAIM1", held=True, alarms=(alarm(disposition="hold"),))
    sent = made("CLAIM1", alarms=(alarm(),))
    for claims in (
        [Claimed(held, SENT), Claimed(sent, DAY, approved=True)],
        [Claimed(sent, SENT, approved=True), Claimed(held, DAY)],
    ):
        result = result_of(claims, [remittance(denied())], tmp_path / "a", mode="ledger")
        assert len(result.claims) == 1
        assert (result.claims[0].state, result.claims[0].verdict) == ("denied", "caught")
        assert [(one.how, one.rule, one.claims, one.refused) for one in result.overridden] == [
            ("approved", "INJ-E02", 1, 1)
        ]


def test_a_claim_sent_again_as_it_was_counts_once(tmp_path):
    again = [Claimed(made(), SENT), Claimed(made(), SENT + timedelta(5))]
    rejected, late = status(noted("A7:453*20261009*U*25")), remittance(paid(), day="20261030")
    result = result_of(again, [rejected, late], tmp_path / "a")
    (row,) = result.claims
    assert (row.state, row.times_sent, row.days, row.sent_on) == ("paid", 2, 17, SENT + timedelta(5))
    assert row_of(again, [rejected], tmp_path / "b").days == 1


def test_the_same_number_with_other_bytes_is_another_claim(tmp_path):
    first = Claimed(made(bytes_="before"), SENT)
    second = Claimed(made(bytes_="after", index=2), SENT + timedelta(5))
    answers = [status(noted("A7:453*20261009*U*25")), remittance(paid(), day="20261030")]
    result = result_of([first, second], answers, tmp_path / "a")
    assert [row.state for row in result.claims] == ["rejected", "paid"]
    assert [(one.before, one.after, one.how) for one in result.corrections] == [(1, 2, "claim")]


@pytest.mark.parametrize(
    ("answer", "state", "waiting"),
    [
        (status(noted("A0:16:PR*20261009*WQ*25")), "open", "forwarded"),
        (status(noted("A1:19:PR*20261009*WQ*25")), "open", "acknowledged"),
        (status(noted("A2:20:PR*20261009*WQ*25")), "open", "acknowledged"),
        (status(noted("A3:21*20261009*U*25")), "open", "returned"),
        (status(noted("A7:21*20261009*U*25")), "rejected", ""),
        (remittance(paid(status="23", amount="0")), "open", "forwarded"),
        (remittance(paid(status="25", amount="0")), "open", "acknowledged"),
        (remittance(paid(status="19")), "paid", ""),
        (remittance(reversal()), "open", "reversed"),
        (remittance(paid(), reversal()), "open", "reversed"),
        (remittance(reversal(), paid(number="PAYER0002")), "paid", ""),
        (acknowledgement("AK1*HC*1*005010X222A1\nAK2*837*0001*005010X222A1\nIK5*R*5\nAK9*R*1*1*0"), "rejected", ""),
        (acknowledgement("AK1*HC*1*005010X222A1\nAK9*R*1*1*0*4"), "rejected", ""),
        (acknowledgement("AK1*HC*1*005010X222A1\nAK2*837*0001*005010X222A1\nIK5*E*5\nAK9*E*1*1*1"), "open", "nothing"),
        (acknowledgement("AK1*HC*1*005010X222A1\nAK2*837*0001*005010X222A1\nIK5*A\nAK9*A*1*1*1"), "open", "nothing"),
    ],
)  # fmt: skip
def test_answers_that_are_final_and_those_that_are_not(answer, state, waiting, tmp_path):
    row = row_of([made()], [answer], tmp_path / "a")
    assert (row.state, row.waiting) == (state, waiting)


def test_days_and_weeks(tmp_path):
    row = row_of([made()], [remittance(paid())], tmp_path / "a")
    assert (row.days, row.week, row.month, row.sent_on) == (12, "2026-W41", "2026-10", SENT)
    unknown = row_of([Claimed(made(), None)], [remittance(paid())], tmp_path / "b")
    assert (unknown.days, unknown.week, unknown.month, unknown.sent_on, unknown.state) == (
        None,
        "",
        "",
        None,
        "paid",
    )
