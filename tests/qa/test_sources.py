"""The days on which claims were sent, files that cannot be read, claims that are the same."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from ledgercases import record, run_for

from scrubber.checker import Checker
from scrubber.ledger import Submissions, open_ledger
from scrubber.qa.answers import Named
from scrubber.qa.book import Book, Claimed
from scrubber.qa.sources import Batches, Recorded, made_on, scrub
from scrubber.sample.fragment import batch

from .answered import DAY, KEY, SENT, alarm, made

TEXT = batch("SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1", "20261005")  # made on 2 November 2026


def test_the_day_of_a_file_is_that_of_its_group():
    checker = Checker()
    for old, new, expected in (
        ("", "", date(2026, 11, 2)),
        ("GS*HC*TEST01*TEST02*20261102", "GS*HC*TEST01*TEST02*20261031", date(2026, 10, 31)),
        ("GS*HC*TEST01*TEST02*20261102", "GS*HC*TEST01*TEST02*LATELY", date(2026, 11, 2)),
        ("20261102", "LATELY", date(2026, 11, 2)),
    ):
        with checker.read(TEXT.replace(old, new).encode() if old else TEXT.encode()) as read:
            assert made_on(read, 0) == expected


def test_a_file_that_cannot_be_read_says_why(tmp_path):
    for name, data in (("empty", b""), ("text", b"nothing"), ("835", b"ISA*00*")):
        (tmp_path / name).write_bytes(data)
        scrubbed = scrub(Checker(), Named(tmp_path / name, name), KEY)
        assert scrubbed.fault
        assert "\n" not in scrubbed.fault
        assert scrubbed.claims == ()
    assert scrub(Checker(), Named(tmp_path / "absent", "absent"), KEY).fault == "no such file or directory"


def test_files_in_turn_and_side_by_side(tmp_path):
    files = []
    for number in range(3):
        path = tmp_path / f"{number}.837"
        path.write_text(TEXT.replace("CLAIM1", f"CLAIM{number}"))
        files.append(Named(path, path.name))
    heard: list[str] = []
    claims = list(Batches(files[:2], files[2:], Checker, KEY).claims(lambda one: heard.append(one.name)))
    assert [one.claim.sent for one in claims] == [False, True, True]
    assert heard == ["2.837", "0.837", "1.837"]
    assert claims == list(Batches(files[:2], files[2:], Checker, KEY, jobs=2).claims(lambda _: None))


@pytest.mark.parametrize(
    ("ran", "expected"),
    [
        (datetime(2026, 11, 2, 18, tzinfo=UTC), date(2026, 11, 2)),
        (datetime(2026, 11, 5, 18, tzinfo=UTC), date(2026, 11, 5)),
        (datetime(2027, 3, 1, 18, tzinfo=UTC), date(2026, 11, 2)),  # history, loaded later
    ],
)
def test_the_day_of_a_claim_in_the_ledger(ran, expected, tmp_path):
    released = tmp_path / "released"
    released.mkdir()
    (released / "few.837").write_text(TEXT)
    checker = Checker()
    with checker.read(released / "few.837") as read, open_ledger(tmp_path / "ledger.sqlite") as ledger:
        claims = [Submissions(read, checker.payers, at=ran, key=ledger.key).submitted(0)]
        record(ledger, run_for(claims, at=ran), claims)
        assert [one.day for one in Recorded(ledger, released).claims()] == [expected]
        assert [one.day for one in Recorded(ledger, None).claims()] == [ran.date()]
        assert [one.day for one in Recorded(ledger, tmp_path / "absent").claims()] == [ran.date()]


def test_alarms_are_those_of_the_last_sending(tmp_path):
    book = Book()
    book.add(
        [
            Claimed(made(alarms=(alarm("INJ-E01"),)), SENT),
            Claimed(made(alarms=(alarm("INJ-E02"),), held=True), DAY.replace(month=12)),
            Claimed(made(alarms=(alarm("INJ-E03"),)), DAY),
        ]
    )
    book.close()
    (case,) = book.cases
    assert [one.rule for one in case.alarms] == ["INJ-E01"]
    assert [one.day for one in case.sent] == [DAY, SENT, DAY.replace(month=12)]
    assert not case.held
    assert case.before(SENT).day == SENT
    assert case.before(SENT.replace(day=6)).day == DAY
    assert case.before(DAY.replace(day=1)) is None


def test_the_same_bytes_of_two_patients_are_two_claims():
    book = Book()
    book.add(
        [
            Claimed(made(bytes_="x"), SENT),
            Claimed(made(bytes_="x", person="cc" * 16), SENT),
            Claimed(made(bytes_="x"), SENT),
        ]
    )
    assert len(book.cases) == 2
