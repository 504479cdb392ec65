"""Which claim an answer is about: the cascade, and what fits nothing is told with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from scrubber.ledger import member_key
from scrubber.qa.book import Book, Claimed
from scrubber.qa.match import HELD, NO_CLAIM, OTHERS, SEVERAL, Asked, AskedLine, Found, Matcher, lines_of

from .answered import (
    DAY,
    KEY,
    NPI,
    SENT,
    acknowledgement,
    line,
    made,
    noted,
    paid,
    remittance,
    result_of,
    status,
)

ANSWERED = date(2026, 10, 20)
LONG = "TESTCASE000000001-01"


def book_of(*claims):
    book = Book()
    book.add([one if isinstance(one, Claimed) else Claimed(one, SENT) for one in claims])
    book.close()
    return book


def asked(claim="CLAIM1", **more):
    told = {
        "cents": 2500, "first_day": DAY, "last_day": DAY, "member": member_key(KEY, "TEST0001"), "npi": NPI,
        "trace": "", "number": "", "day": ANSWERED,
    }  # fmt: skip
    return Asked(claim, **{**told, **more})


def found(book, question):
    answer = Matcher(book).find(question)
    return (answer.case.number, answer.how) if isinstance(answer, Found) else answer


def other(text: str) -> str:
    return member_key(KEY, text)


def test_by_trace_before_all():
    book = book_of(
        made("CLAIM1", bytes_="a", trace="TRACE1"), made("CLAIM1", bytes_="b", trace="TRACE2", index=2)
    )
    assert found(book, asked(trace="TRACE1")) == (0, "trace")
    assert found(book, asked(trace="TRACE2")) == (1, "trace")
    # A clearinghouse gives a trace of its own.
    assert found(book, asked(trace="THEIRS"))[1] == "claim"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, True),
        ({"cents": None, "first_day": None, "last_day": None, "member": "", "npi": ""}, True),
        ({"first_day": None, "last_day": None}, True),
        ({"first_day": DAY - timedelta(3), "last_day": DAY + timedelta(3)}, True),
        ({"first_day": DAY + timedelta(1), "last_day": DAY + timedelta(1)}, True),  # one thing may differ
        ({"member": other("TEST0002")}, True),
        ({"cents": 1000}, True),  # a part of a split claim: day and member are those
        ({"cents": 1000, "member": ""}, False),
        ({"cents": 1000, "first_day": None, "last_day": None}, False),
        ({"cents": 1000, "member": other("TEST0002")}, False),
        ({"cents": 1000, "first_day": DAY + timedelta(1), "last_day": DAY + timedelta(1)}, False),
        ({"first_day": DAY + timedelta(1), "last_day": None, "member": other("TEST0002")}, False),
        ({"cents": None, "member": other("TEST0002")}, False),
        ({"cents": None, "first_day": None, "last_day": None, "member": "", "npi": "1000000038"}, False),
    ],
)  # fmt: skip
def test_the_number_alone_is_not_enough(told, expected):
    assert found(book_of(made()), asked(**told)) == ((0, "claim") if expected else OTHERS)


def test_several_submissions_the_latest_before_the_answer():
    first = Claimed(made(bytes_="before"), SENT)
    second = Claimed(made(bytes_="after", index=2), SENT + timedelta(7))
    book = book_of(first, second)
    assert found(book, asked(day=SENT + timedelta(6)))[0] == 0
    assert found(book, asked(day=SENT + timedelta(7)))[0] == 1
    assert found(book, asked(day=ANSWERED))[0] == 1
    # An answer that is older than all that was sent: clocks differ, and the claim is the same.
    assert found(book, asked(day=SENT - timedelta(1)))[1] == "claim"


def test_an_office_that_numbers_patients():
    """One CLM01 for all visits of a patient: the day and the charge tell which."""
    book = book_of(
        made("ACCOUNT1", bytes_="a"),
        made("ACCOUNT1", bytes_="b", day=DAY + timedelta(1), index=2),
        made("ACCOUNT1", bytes_="c", day=DAY + timedelta(2), cents=3000, index=3),
    )
    for number, days in enumerate((0, 1, 2)):
        day = DAY + timedelta(days)
        assert (
            found(book, asked("ACCOUNT1", first_day=day, last_day=day, cents=(2500, 2500, 3000)[number]))[0]
            == number
        )
    assert found(book, asked("ACCOUNT1", first_day=None, last_day=None)) == SEVERAL
    late = DAY + timedelta(30)
    assert found(book, asked("ACCOUNT1", first_day=late, last_day=late, cents=9900)) == OTHERS


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, (0, "short")),
        ({"member": ""}, SEVERAL),
        ({"first_day": None, "last_day": None}, (0, "short")),
        ({"member": other("TEST0009")}, OTHERS),
        ({"cents": 2600}, OTHERS),
        ({"cents": None}, OTHERS),
        ({"member": "", "first_day": None, "last_day": None}, OTHERS),
    ],
)
def test_a_shortened_number_needs_charge_and_member_or_day(told, expected):
    sibling = made("TESTCASE000000001-02", of_member="TEST0002", index=2)
    book = book_of(made(LONG), sibling)
    assert found(book, asked(LONG[:17], **told)) == expected
    assert found(book_of(made(LONG)), asked(LONG[:17], member="")) == (0, "short")
    assert found(book, asked(LONG[:16])) == NO_CLAIM
    assert found(book, asked(LONG[:17], member=other("TEST0002")))[0] == 1


def test_by_the_payers_number_that_an_earlier_answer_told():
    book = book_of(made(), made("CLAIM2", index=2, of_member="TEST0002"))
    matcher = Matcher(book)
    misprinted = asked("0", number="PAYER0001", npi="", member=other("TEST0009"))
    assert matcher.find(misprinted) == NO_CLAIM
    assert matcher.find_late(misprinted, NO_CLAIM) == NO_CLAIM
    matcher.learn("PAYER0001", book.cases[0])
    assert matcher.find_late(misprinted, NO_CLAIM) == Found(book.cases[0], "payer-number")
    # Some payers give the same number to everything: another claim's number is told beside it.
    assert (
        matcher.find_late(asked("ELSEWHERE", number="PAYER0001", member=other("TEST0009")), NO_CLAIM)
        == NO_CLAIM
    )
    matcher.learn("0", book.cases[1])
    matcher.learn("", book.cases[1])
    assert matcher.of_number("0") == matcher.of_number("") == ()


def test_by_what_is_alike():
    book = book_of(made(), made("CLAIM2", index=2, of_member="TEST0002"))
    matcher = Matcher(book)
    assert matcher.find_late(asked("STRANGE"), NO_CLAIM) == Found(book.cases[0], "alike")
    for missing in ({"npi": ""}, {"member": ""}, {"first_day": None}, {"cents": None}, {"cents": 2501}):
        assert matcher.find_late(asked("STRANGE", **missing), NO_CLAIM) == NO_CLAIM
    assert matcher.find_late(asked("STRANGE"), OTHERS) == OTHERS
    twins = Matcher(book_of(made(bytes_="a"), made("CLAIM3", bytes_="b", index=2)))
    assert twins.find_late(asked("STRANGE"), NO_CLAIM) == SEVERAL


def test_a_held_claim_is_never_found():
    book = book_of(made("CLAIM1", held=True), made("CLAIM2", index=2))
    assert found(book, asked()) == HELD
    assert Matcher(book).find_late(asked(), HELD) == HELD


def test_answers_through_the_payers_number_in_any_order(tmp_path):
    """The 835 has lost the claim's number; the 277CA that told the payer's number may be read after it."""
    taken = status(noted("A2:20:PR*20261009*WQ*25", rest="REF*1K*PAYER0001"))
    bare = paid("0").replace("NM1*QC*1*DOE*JANE****MI*TEST0001", "NM1*QC*1*DOE*JANE****MI*TEST0777")
    for answers in ([taken, remittance(bare)], [remittance(bare), taken]):
        result = result_of([made()], answers, tmp_path / "a")
        assert (result.claims[0].state, result.claims[0].matched, result.match_rate) == (
            "paid",
            "payer-number",
            1,
        )


def test_what_fits_nothing_is_listed(tmp_path):
    answers = [
        remittance(paid("ELSEWHERE1", charge="31"), paid("CLAIM1", charge="99")),
        status(noted("A7:453*20261009*U*77", "ELSEWHERE2")),
        acknowledgement(
            "AK1*HC*900001*005010X222A1\nAK2*837*0001*005010X222A1\nIK5*A\nAK2*837*0002*005010X222A1\nIK5*A\nAK9*A*2*2*2"
        ),
        acknowledgement("AK1*HC*1*005010X222A1\nAK2*837*0044*005010X222A1\nIK5*R*5\nAK9*P*2*2*1"),
        acknowledgement("AK1*HP*1*005010X221A1\nAK2*835*0044\nIK5*R*5\nAK9*R*1*1*0"),
    ]
    result = result_of(
        [made(of_member="TEST0033")],
        answers,
        tmp_path / "a",
        names=["1.835", "2.277", "3.999", "4.999", "5.999"],
    )
    assert [(one.file, one.kind, one.claim, one.reason) for one in result.unmatched] == [
        ("1.835", "835", "CLAIM1", OTHERS),
        ("1.835", "835", "ELSEWHERE1", NO_CLAIM),
        ("2.277", "277CA", "ELSEWHERE2", NO_CLAIM),
        ("3.999", "999", None, "group 900001 was not sent"),
        ("4.999", "999", None, "set 0044 of group 1 was not sent"),
    ]
    assert (result.match_rate, result.matched, result.answers) == (0, 0, {"277CA": 1, "835": 2})


def test_sets_of_one_number_the_one_sent_last_before_the_answer(tmp_path):
    """Many practices begin every file with group 1, set 0001."""
    early = made("CLAIM1")
    late = replace(
        made("CLAIM2"), transaction=replace(early.transaction, file="later.837", isa13="000000002")
    )
    refusal = "AK1*HC*1*005010X222A1\nAK2*837*0001*005010X222A1\nIK5*R*5\nAK9*R*1*1*0"
    claims = [Claimed(early, SENT), Claimed(late, SENT + timedelta(7))]
    result = result_of(claims, [acknowledgement(refusal, "20270109")], tmp_path / "c")
    assert [row.state for row in result.claims] == [
        "open",
        "open",
    ]  # it is about another file, sent long after
    assert [one.reason for one in result.unmatched] == ["group 1 was not sent"]
    same_day = [Claimed(early, SENT), Claimed(late, SENT)]
    result = result_of(same_day, [acknowledgement(refusal, "20261009")], tmp_path / "d")
    assert [row.state for row in result.claims] == ["open", "open"]
    reason = "set 0001 of group 1 was sent in several files of one day"
    assert [one.reason for one in result.unmatched] == [reason]
    named = refusal.replace("IK5*R", "IK3*CLM*22*2300*8\nCTX*CLM01:CLAIM2\nIK5*R")
    result = result_of(same_day, [acknowledgement(named, "20261009")], tmp_path / "e")
    assert [row.state for row in result.claims] == ["open", "rejected"]
    assert list(result.unmatched) == []
    other_guide = refusal.replace("005010X222A1", "005010X222A2")
    assert (
        result_of([made()], [acknowledgement(other_guide, "20261009")], tmp_path / "f").claims[0].state
        == "open"
    )
    rows = result_of(claims, [acknowledgement(refusal, "20261009")], tmp_path / "a").claims
    assert [row.state for row in rows] == ["rejected", "open"]
    rows = result_of(claims, [acknowledgement(refusal, "20261016")], tmp_path / "b").claims
    assert [row.state for row in rows] == ["open", "rejected"]
    assert (rows[1].answered_by, rows[1].causes[0].code, rows[1].in_scope) == ("999", "IK5:R", False)


def test_an_interchange_that_is_refused(tmp_path):
    ids = f"ZZ*{'TESTPAYER':15}*ZZ*{'TESTSENDER':15}"
    ta1 = f"ISA*00*{'':10}*00*{'':10}*{ids}*261009*1200*^*00501*000000099*0*T*:~TA1*000000001*261008*1200*R*022~IEA*0*000000099~"
    result = result_of(
        [made()], [ta1.encode(), ta1.replace("TA1*000000001", "TA1*000000555").encode()], tmp_path / "a"
    )
    assert (result.claims[0].state, result.claims[0].causes[0].name) == ("rejected", "TA1:R")
    assert [(one.kind, one.reason) for one in result.unmatched] == [
        ("TA1", "interchange 000000555 was not sent")
    ]


def test_a_batch_that_a_277ca_refuses_as_a_whole(tmp_path):
    head = "STC*A7:496:41*20261009*U*25\nQTY*AA*1\nAMT*YY*25"
    result = result_of([made()], [status(trace="TEST1", head=head)], tmp_path / "a")
    assert (result.claims[0].state, result.claims[0].causes[0].code, result.claims[0].in_scope) == (
        "rejected",
        "A7:496:41",
        False,
    )
    assert (result.totals_compared, list(result.totals)) == (1, [])
    strange = result_of([made()], [status(trace="OTHER", head=head)], tmp_path / "b")
    assert [(one.kind, one.claim) for one in strange.unmatched] == [("277CA", None)]


def test_totals_that_are_not_those_sent(tmp_path):
    head = "STC*A1:19:PR*20261009*WQ*50\nQTY*90*2\nAMT*YU*50"
    result = result_of([made()], [status(trace="TEST1", head=head)], tmp_path / "a", names=["x.277"])
    (row,) = result.totals
    assert (row.file, row.trace, row.told_claims, row.sent_claims, row.told_cents, row.sent_cents) == (
        "x.277",
        "TEST1",
        2,
        1,
        5000,
        2500,
    )


def at(asked_lines, case):
    return {i: one.number for i, one in lines_of(asked_lines, case).items()}


def case(*lines):
    return book_of(made(lines=lines)).cases[0]


def test_lines_by_their_control_number_whatever_else_is_told():
    one = case(line("1", "96372", 2500, "A1"), line("2", "96372", 2500, "A2"), line("3", "99213", 9000, "A3"))
    told = [
        AskedLine("A3", "99212", DAY, 1),
        AskedLine("A2", "96372", DAY, 2500),
        AskedLine("A1", "", None, None),
    ]
    assert at(told, one) == {0: "3", 1: "2", 2: "1"}


def test_lines_without_control_number_by_code_day_and_amount():
    one = case(
        line("1", "96372", 2500), line("2", "96372", 2500, day=DAY + timedelta(1)), line("3", "96372", 3000), line("4", "99213", 9000),
    )  # fmt: skip
    told = [
        AskedLine("", "99213", None, 9000),
        AskedLine("", "96372", DAY + timedelta(1), 2500),
        AskedLine("", "96372", DAY, 3000),
    ]
    assert at(told, one) == {0: "4", 1: "2", 2: "3"}
    # Alike lines go in their order, each once.
    twins = case(line("1", "96372", 2500), line("2", "96372", 2500))
    assert at([AskedLine("", "96372", DAY, 2500)] * 3, twins) == {0: "1", 1: "2"}


def test_a_line_number_stands_for_a_missing_control_number():
    one = case(line("1", "96372", 2500), line("2", "96372", 2500))
    assert at([AskedLine("2", "96372", DAY, 2500)], one) == {0: "2"}
    assert at([AskedLine("0002", "96372", DAY, 2500)], one) == {0: "2"}
