"""A month of claims: what is planted is what the rules find, and claims come again as they do in practice."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyx12_verdict import verdict

import loops
import scrubber
from scrubber.sample.answers.behaviour import Behaviour
from scrubber.sample.month import month
from scrubber.sample.people import MORE_CLINICS
from scrubber.sample.scenarios import CORRECT, MENDED, PLAIN, RIGHT, WRONG


@pytest.fixture(scope="module")
def fates(exchanged):
    return {fate.claim.control: fate for fate in exchanged.truth.fates}


def test_the_rules_raise_the_alarms_that_were_planted_and_no_others(exchanged):
    told = defaultdict(set)
    for batch in exchanged.batches:
        for one in scrubber.check(batch.data):
            if one.outcome == "fail" and one.severity != "advise":
                told[one.claim].add(one.rule)
    for claim in exchanged.claims:
        assert told[claim.control] == set(claim.alarms), claim.scenario.title
    assert set(told) == {claim.control for claim in exchanged.claims}
    assert sum(map(bool, told.values())) > 200


def test_it_is_deterministic_and_depends_on_the_seed():
    first, again, other = month(400, 30, 7), month(400, 30, 7), month(400, 30, 8)
    assert (again.batches, again.answers) == (first.batches, first.answers)
    assert again.truth.as_dict() == first.truth.as_dict()
    assert not {file.data for file in other.batches} & {file.data for file in first.batches}


def test_pyx12_calls_every_batch_valid():
    for batch in month(300, 12, 3).batches:
        # What is planted in the form of a claim (a pointer to nothing) is beyond what pyx12 looks at.
        assert verdict(batch.data) == (True, Counter()), batch.name


def test_the_batches_hold_each_claim_where_the_truth_says(exchanged, fates):
    sent = Counter()
    for file in exchanged.batches:
        with loops.read(file.data) as batch:
            for claim in batch.claims():
                envelope = claim.envelope
                place = (file.name, envelope.isa13, envelope.gs06, envelope.st02, claim.index)
                fate = fates[claim.id]
                told = [(one.file, one.isa13, one.gs06, one.st02, one.index) for one in fate.sent]
                assert place in told
                assert claim.charge * 100 == fate.claim.cents
                sent[claim.id] += 1
    assert sent == {control: len(fate.sent) for control, fate in fates.items()}


def test_an_unchanged_claim_comes_again_byte_for_byte_after_its_answer(exchanged, fates):
    bodies = defaultdict(set)
    for file in exchanged.batches:
        for body in re.findall(r"CLM\*.*?(?=HL\*|SE\*)", file.data.decode(), flags=re.DOTALL):
            bodies[body.split("*")[1]].add(body)
    again = [control for control, fate in fates.items() if len(fate.sent) > 1]
    assert again
    assert all(len(bodies[control]) == 1 for control in fates)
    for control in again:
        days = [one.sent for one in fates[control].sent]
        assert days == sorted(set(days))


def test_a_denied_claim_comes_again_corrected_as_a_replacement(exchanged, fates):
    kinds = Counter()
    for fate in fates.values():
        if not fate.claim.mends:
            continue
        old, new = fates[fate.claim.mends], fate.claim
        assert old.state in ("rejected", "denied")
        assert old.outcome.in_scope
        assert old.outcome.day < fate.sent[0].sent
        assert (old.claim.member, old.claim.day, old.claim.clinic) == (new.member, new.day, new.clinic)
        replaces = [row for row in new.body if row.startswith("REF*F8*")]
        assert new.place.endswith(":7" if old.state == "denied" else ":1")
        assert bool(replaces) == (old.state == "denied")
        if replaces:
            number = replaces[0].removeprefix("REF*F8*")
            paid = [file for file in exchanged.answers if f"*{number}*".encode() in file.data]
            assert any(f"CLP*{old.claim.control[:17]}".encode() in file.data for file in paid)
        kinds[old.state] += 1
    assert kinds["rejected"] > 5
    assert kinds["denied"] > 5


def test_every_way_to_write_a_claim_is_there(exchanged):
    claims = exchanged.claims
    text = b"".join(file.data for file in exchanged.batches).decode()
    assert len({claim.payer.id for claim in claims}) == 6
    assert {claim.clinic for claim in claims} == set(MORE_CLINICS)
    assert {claim.scenario.title for claim in claims} == {
        one.title for one in (*PLAIN, *RIGHT, *MENDED, *WRONG)
    }
    assert 0.3 < sum(bool(claim.trace) for claim in claims) / len(claims) < 0.5
    assert 0.8 < sum(bool(claim.lines[0].control) for claim in claims) / len(claims) < 0.97
    assert len({claim.control for claim in claims}) == len(claims)
    assert max(len(claim.control) for claim in claims) == 20
    assert len({claim.control[:17] for claim in claims}) < len(claims)
    assert len({claim.day for claim in claims}) > 20
    assert len(exchanged.batches) == 22  # the working days of September 2026
    assert text.count("REF*D9*") >= sum(bool(claim.trace) for claim in claims)


def test_nobody_in_it_is_real(exchanged):
    text = b"".join(file.data for file in (*exchanged.batches, *exchanged.answers)).decode()
    names = set(re.findall(r"NM1\*(?:IL|QC|82)\*1\*([A-Z]*)\*", text))
    invented = {"DOE", "SAMPLE", "TESTCASE", "EXAMPLE", "PLACEHOLDER", "FICTION", "NOBODY", "SPECIMEN"}
    assert names == invented
    assert all(id_.startswith("TEST") for id_ in re.findall(r"NM1\*(?:IL|QC)\*1\*.*?\*MI\*(\w+)", text))
    assert all(street.endswith("EXAMPLE ST") for street in re.findall(r"N3\*([^~]*)", text))
    assert all(npi.startswith("100000") for npi in re.findall(r"\*XX\*(\d+)", text))


def test_what_a_coder_makes_of_a_wrong_claim_is_right():
    for scenario in WRONG:
        if scenario.mended:
            right = CORRECT[scenario.mended]
            assert set(right.payers) >= set(scenario.payers) or scenario.mended.startswith("push")
        assert set(scenario.advice) <= set(scenario.payers)


@settings(max_examples=25)
@given(count=st.integers(1, 60), days=st.integers(1, 90), seed=st.integers(0, 10**9))
def test_any_count_any_days(count, days, seed):
    made = month(count, days, seed)
    first = [fate for fate in made.truth.fates if not fate.claim.mends]
    assert len(first) == count
    assert all(file.data.startswith(b"ISA") for file in (*made.batches, *made.answers))
    assert len({file.name for file in (*made.batches, *made.answers)}) == len(made.batches) + len(
        made.answers
    )


@pytest.mark.parametrize("days", [0, 91])
def test_days_beyond_the_tables_are_refused(days):
    with pytest.raises(ValueError, match="days must be 1 to 90"):
        month(10, days)


def test_a_share_is_a_share():
    with pytest.raises(ValueError, match="late is a share from 0 to 1"):
        Behaviour(late=1.5)
