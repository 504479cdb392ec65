"""What is recorded comes back equal, from both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from ledgercases import as_recorded, batches, moments

from scrubber.ledger import open_ledger

SETTINGS = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def ledger(where):
    with open_ledger(where) as opened:
        yield opened


@SETTINGS
@given(batch=batches())
def test_any_run_comes_back_as_it_went_in(ledger, batch):
    run, claims = batch
    assume(ledger.seen(run.sha256) is None)  # no hash of an example before
    id_ = ledger.record(run, iter(claims))
    found = ledger.seen(run.sha256)
    assert found == replace(run, id=id_)
    assert [one for one in ledger.runs() if one.id == id_] == [found]
    assert list(ledger.claims(run=id_)) == as_recorded(claims, id_)


@SETTINGS
@given(batch=batches(), ends=st.tuples(moments, moments))
def test_what_is_asked_for_is_what_comes(ledger, batch, ends):
    run, claims = batch
    assume(ledger.seen(run.sha256) is None)
    ledger.record(run, iter(claims))
    everything = list(ledger.claims())
    order = [(one.run, one.index) for one in everything]
    assert order == sorted(order)
    since, until = sorted(ends)
    assert list(ledger.claims(since=since, until=until)) == [
        one for one in everything if since <= one.transaction.at < until
    ]
    for one in claims[:2]:
        if one.id:
            assert list(ledger.claims(claim=one.id)) == [other for other in everything if other.id == one.id]
        if one.person:
            assert list(ledger.claims(person=one.person)) == [
                other for other in everything if other.person == one.person
            ]
        assert list(ledger.claims(dispositions={one.disposition})) == [
            other for other in everything if other.disposition is one.disposition
        ]
