"""Holds: opened by a run, decided by a person, closed by what comes later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from ledgercases import AT, claim, later, ready, run_for

from scrubber.ledger import Alarm, HoldState, LedgerError, open_ledger
from scrubber.ledger.holding import Holding


@pytest.fixture
def ledger(where):
    with open_ledger(where) as opened:
        yield opened


def record(ledger, *claims, at=AT, _numbers=iter(range(10_000))):  # noqa: B008 - each call another input
    """Record claims as an input of its own, at a time."""
    moved = [replace(one, transaction=replace(one.transaction, at=at)) for one in claims]
    return ledger.record(run_for(moved, f"input {next(_numbers)}", at), map(ready, moved))


def hold_of(ledger):
    (hold,) = ledger.holds()
    return hold


def test_a_held_claim_becomes_a_hold_with_what_a_person_needs(ledger):
    alarm = Alarm("INJ-E02", "deny", "fail", ("1",), "2400/SV101-03", 2500, {}, "hold")
    note = replace(alarm, rule="INJ-M01", disposition="pass")
    held = replace(claim(held=True, alarms=(note, alarm, alarm)), timely=date(2027, 1, 1))
    run = record(ledger, claim(1, "CLM0"), replace(held, index=2))
    hold = hold_of(ledger)
    assert (hold.state, hold.first_held, hold.claim, hold.cents) == (HoldState.NEW, AT, "CLM1", 2500)
    assert (hold.rules, hold.run, hold.file) == (("INJ-E02",), run, "sample.837")
    assert (hold.timely, hold.first_day) == (date(2027, 1, 1), date(2026, 10, 5))
    assert hold.identity == held.identity
    assert [(event.at, event.state, event.run) for event in hold.history] == [(AT, HoldState.NEW, run)]
    assert ledger.approved_holds([held.identity]) == frozenset()


def test_rules_that_failed_are_told_where_none_asked_for_the_hold(ledger):
    alarm = Alarm("INJ-M01", "advise", "fail", (), "2300/CLM", 0)
    record(ledger, claim(held=True, alarms=(alarm, replace(alarm, rule="INJ-M02", outcome="bypassed"))))
    assert hold_of(ledger).rules == ("INJ-M01",)


def test_a_release_lets_the_same_claim_through_and_says_so(ledger):
    held = claim(held=True)
    record(ledger, held)
    hold = ledger.release(hold_of(ledger).id, " Ann ", "chart\nseen", later(1))
    assert hold.state is HoldState.RELEASED
    assert (hold.history[-1].user, hold.history[-1].reason, hold.history[-1].at) == (
        "Ann", "chart seen", later(1),
    )  # fmt: skip
    assert ledger.approved_holds([held.identity, "other"]) == ledger.approved_holds() == {held.identity}
    run = record(ledger, claim(), at=later(2))
    hold = hold_of(ledger)
    assert (hold.state, hold.history[-1].run) == (HoldState.RELEASED, run)
    (sent,) = ledger.claims(run=run)
    assert sent.first_held == AT  # when it was held first


@pytest.mark.parametrize(
    "change",
    [{"sha256": "00" * 32}, {"person": "cc" * 16}, {"billing_npi": "1000000020"}, {"payer_id": "OTHER"}],
    ids=lambda change: next(iter(change)),
)
def test_a_release_is_for_these_bytes_patient_provider_and_payer(ledger, change):
    record(ledger, claim(held=True))
    ledger.release(hold_of(ledger).id, "ann", "seen", later(1))
    assert ledger.approved_holds([replace(claim(), **change).identity]) == frozenset()


def test_a_claim_that_comes_again_keeps_its_hold_and_age(ledger):
    record(ledger, claim(held=True))
    run = record(ledger, claim(4, held=True), at=later(3))
    hold = hold_of(ledger)
    assert (hold.first_held, hold.run, len(hold.history)) == (AT, run, 2)
    (again,) = ledger.claims(run=run)
    assert again.first_held == AT


def test_the_same_claim_twice_in_a_file_is_one_hold(ledger):
    record(ledger, claim(1, held=True), claim(2, held=True))
    assert hold_of(ledger).state is HoldState.NEW
    assert [one.first_held for one in ledger.claims()] == [AT, AT]


def test_a_corrected_copy_that_is_sent_closes_the_hold(ledger):
    record(ledger, claim(held=True))
    run = record(ledger, claim(bytes_="corrected"), at=later(1))
    hold = hold_of(ledger)
    assert (hold.state, hold.history[-1].run) == (HoldState.CLOSED, run)


def test_a_corrected_copy_that_is_held_again_inherits_the_age(ledger):
    record(ledger, claim(held=True))
    record(ledger, claim(bytes_="corrected", held=True), at=later(2))
    old, new = sorted(ledger.holds(), key=lambda hold: hold.id)
    assert (old.state, new.state) == (HoldState.CLOSED, HoldState.NEW)
    assert new.first_held == AT


@pytest.mark.parametrize(
    "other",
    [
        claim(bytes_="x", day=date(2026, 10, 6)),  # the office numbers patients, not claims
        claim(bytes_="x", person="cc" * 16, member="dd" * 16),
        claim(bytes_="x", npi="1000000020"),
        claim(1, "CLM9", bytes_="x"),
    ],
    ids=["another day", "another patient", "another provider", "another number"],
)
def test_another_claim_leaves_the_hold_open(ledger, other):
    record(ledger, claim(held=True))
    record(ledger, other, at=later(1))
    assert hold_of(ledger).state is HoldState.NEW


@pytest.mark.parametrize("change", [{"person": "cc" * 16}, {"member": "dd" * 16}], ids=["birth", "member id"])
def test_a_correction_may_change_who_the_patient_is_in_part(ledger, change):
    record(ledger, claim(held=True))
    record(ledger, replace(claim(bytes_="corrected"), **change), at=later(1))
    assert hold_of(ledger).state is HoldState.CLOSED


def test_where_two_holds_fit_neither_is_closed(ledger):
    """A claim that was split over two of the same number."""
    record(ledger, claim(1, bytes_="a", held=True), claim(2, bytes_="b", held=True))
    assert [hold.state for hold in ledger.holds()] == [HoldState.NEW, HoldState.NEW]
    record(ledger, claim(bytes_="c"), at=later(1))
    assert [hold.state for hold in ledger.holds()] == [HoldState.NEW, HoldState.NEW]


def test_a_claim_that_no_rule_holds_any_more_closes_its_hold(ledger):
    record(ledger, claim(held=True))
    record(ledger, claim(), at=later(1))
    assert hold_of(ledger).state is HoldState.CLOSED
    assert ledger.approved_holds([claim().identity]) == frozenset()


def test_a_cancelled_claim_is_held_again_when_it_comes_again(ledger):
    record(ledger, claim(held=True))
    assert ledger.cancel(hold_of(ledger).id, "ann", "billed twice", later(1)).state is HoldState.CANCELLED
    record(ledger, claim(held=True), at=later(2))
    assert hold_of(ledger).state is HoldState.NEW


def test_a_release_stands_until_it_is_cancelled(ledger):
    record(ledger, claim(held=True))
    id_ = hold_of(ledger).id
    ledger.release(id_, "ann", "seen", later(1))
    record(ledger, claim(held=True), at=later(2))
    assert hold_of(ledger).state is HoldState.RELEASED
    ledger.cancel(id_, "bob", "not so", later(3))
    assert ledger.approved_holds([claim().identity]) == frozenset()
    assert [event.user for event in hold_of(ledger).history] == ["", "ann", "", "bob"]


def test_decisions_that_make_no_sense_are_refused_in_a_line(ledger):
    record(ledger, claim(held=True))
    id_ = hold_of(ledger).id
    with pytest.raises(LedgerError, match=r"^hold 999: there is none of that number$"):
        ledger.release(999, "ann", "seen", later(1))
    for user, reason in (("", "seen"), ("ann", " \n ")):
        with pytest.raises(LedgerError, match="name the user and the reason"):
            ledger.release(id_, user, reason, later(1))
    ledger.release(id_, "ann", "seen", later(1))
    with pytest.raises(LedgerError, match="is released already"):
        ledger.release(id_, "bob", "seen", later(1))
    assert len(hold_of(ledger).history) == 2
    record(ledger, claim(2, "CLM2", held=True))
    record(ledger, claim(2, "CLM2", bytes_="corrected"))
    closed = next(hold for hold in ledger.holds(states={HoldState.CLOSED}))
    for decide in (ledger.release, ledger.cancel):
        with pytest.raises(LedgerError, match="is closed already"):
            decide(closed.id, "ann", "seen", later(1))


def test_holds_come_by_state_and_id_the_oldest_first(ledger):
    record(ledger, claim(1, "CLM2", held=True), at=later(2))
    record(ledger, claim(1, "CLM1", held=True), at=later(1))
    assert [hold.claim for hold in ledger.holds()] == ["CLM1", "CLM2"]
    first, second = (hold.id for hold in ledger.holds())
    ledger.release(first, "ann", "seen", later(3))
    assert [hold.id for hold in ledger.holds(states={HoldState.NEW})] == [second]
    assert [hold.id for hold in ledger.holds(states={HoldState.NEW, HoldState.RELEASED})] == [first, second]
    assert [hold.id for hold in ledger.holds(ids=[second])] == [second]


def test_many_holds_in_many_blocks(ledger):
    claims = [claim(number, f"CLM{number}", held=True) for number in range(1, 1201)]
    record(ledger, *claims)
    record(ledger, *claims, at=later(1))
    found = list(ledger.holds())
    assert len(found) == 1200
    assert {len(hold.history) for hold in found} == {2}
    for hold in found[:3]:
        ledger.release(hold.id, "ann", "seen", later(2))
    assert len(ledger.approved_holds(one.identity for one in claims)) == 3


def test_a_run_is_not_shown_the_holds_of_others_that_number_claims_alike(ledger, monkeypatch):
    seen = []
    known = Holding._known

    def counting(self, block):
        found = known(self, block)
        seen.append(sum(map(len, found.values())))
        return found

    monkeypatch.setattr(Holding, "_known", counting)
    for number in range(30):  # other patients, and one of whom every copy but the last is settled
        others = f"{number:032}"
        record(
            ledger,
            claim(bytes_=f"other {number}", held=True, person=others, member=others),
            claim(2, bytes_=f"copy {number}", held=True),
            at=later(number),
        )
    assert max(seen) <= 3
    assert len(list(ledger.holds(states=[HoldState.NEW]))) == 31
