"""What is recorded comes back equal, from both databases."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from ledgercases import as_recorded, counts, record, sha

from scrubber.ledger import (
    Alarm,
    Artefact,
    Disposition,
    Run,
    SubmittedClaim,
    SubmittedLine,
    Transaction,
    open_ledger,
)

SETTINGS = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


# What a control number, a code, a hash may be; quotes, per cents and colons are nasty to databases.
controls = st.text(
    st.characters(codec="latin-1", categories=("L", "N", "P", "S"), include_characters=" "), max_size=20
)
codes = st.text("AZ09", min_size=1, max_size=3)
EACH = itertools.count()  # no two claims have the same bytes: the second of them would be held before
digits = st.text("0189", max_size=4)
hashes = st.integers(0, 2**256 - 1).map(lambda number: f"{number:064x}")
keys = st.one_of(st.just(""), hashes.map(lambda text: text[:32]))
days = st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31))
cents = st.none() | st.integers(-(10**18) + 1, 10**18 - 1)
moments = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
units = st.none() | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9)
facts = st.one_of(st.booleans(), st.integers(-(10**6), 10**6), codes, st.lists(codes, max_size=3))

lines = st.builds(
    SubmittedLine,
    number=digits,
    control=controls,
    code=codes | st.just(""),
    modifiers=st.lists(codes | st.just(""), max_size=3).map(lambda found: (*found, "25") if found else ()),
    units=units,
    cents=cents,
    first_day=days,
    last_day=days,
    place=codes,
    diagnoses=st.lists(codes, max_size=4).map(tuple),
    ndc=digits,
)
alarms = st.builds(
    Alarm,
    rule=codes,
    severity=st.sampled_from(("reject", "deny", "advise")),
    outcome=st.sampled_from(("fail", "bypassed", "no_data")),
    lines=st.lists(codes, max_size=3).map(tuple),
    place=codes,
    cents=st.integers(0, 10**12),
    evidence=st.dictionaries(codes, facts, max_size=3),
    disposition=st.sampled_from(("pass", "fixed", "annotated", "hold")),
)


@st.composite
def batches(draw: st.DrawFn) -> tuple[Run, list[SubmittedClaim]]:
    """Any run with any claims, in the order of the file."""
    at, file = draw(moments), draw(controls)
    claims: list[SubmittedClaim] = []
    for number in range(draw(st.integers(0, 3))):
        of = Transaction(
            file,
            draw(controls),
            draw(controls),
            f"{number:04}",
            draw(controls),
            draw(controls),
            at,
            draw(days),
        )
        made = st.builds(
            SubmittedClaim,
            transaction=st.just(of),
            index=st.just(0),
            id=controls,
            frequency=codes | st.just(""),
            trace=controls,
            payer_control=controls,
            sha256=st.just(""),
            cents=cents,
            first_day=days,
            last_day=days,
            billing_npi=codes,
            rendering_npi=codes,
            payer_id=codes,
            payer_class=codes,
            filing=codes,
            person=keys,
            member=keys,
            disposition=st.sampled_from(list(Disposition)),
            lines=st.lists(lines, max_size=3).map(tuple),
            alarms=st.lists(alarms, max_size=2).map(tuple),
            timely=days,
        )
        claims += draw(st.lists(made, max_size=4))
    claims = [replace(one, index=n, sha256=sha(f"claim {next(EACH)}")) for n, one in enumerate(claims, 1)]
    run = Run(
        sha256=draw(hashes),
        name=file,
        at=at,
        policy=draw(codes),
        outcome=draw(codes),
        received=counts(claims),
        released=counts([one for one in claims if one.sent]),
        held=counts([one for one in claims if not one.sent]),
        select=draw(st.lists(codes, max_size=2).map(tuple)),
        ignore=draw(st.lists(codes, max_size=2).map(tuple)),
        profile=draw(controls),
        tables=draw(st.lists(st.tuples(codes, controls), max_size=2).map(tuple)),
        rules=draw(codes),
        software=draw(codes),
        artefacts=draw(
            st.lists(st.builds(Artefact, codes, hashes), max_size=3, unique_by=lambda one: one.name).map(
                lambda found: tuple(sorted(found, key=lambda one: one.name))
            )
        ),
    )
    return run, claims


@pytest.fixture
def ledger(where):
    with open_ledger(where) as opened:
        yield opened


@SETTINGS
@given(batch=batches())
def test_any_run_comes_back_as_it_went_in(ledger, batch):
    run, claims = batch
    assume(ledger.seen(run.sha256) is None)  # no hash of an example before
    id_ = record(ledger, run, iter(claims))
    found = ledger.seen(run.sha256)
    assert found == replace(run, id=id_)
    assert [one for one in ledger.runs() if one.id == id_] == [found]
    assert list(ledger.claims(run=id_)) == as_recorded(claims, id_)


@SETTINGS
@given(batch=batches(), ends=st.tuples(moments, moments))
def test_what_is_asked_for_is_what_comes(ledger, batch, ends):
    run, claims = batch
    assume(ledger.seen(run.sha256) is None)
    record(ledger, run, iter(claims))
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
        assert list(ledger.claims(dispositions={one.disposition})) == [
            other for other in everything if other.disposition is one.disposition
        ]
