"""What the simulated payers say of a planted fault is what the rules say the rejection will be."""

from __future__ import annotations

import pytest

from scrubber.registry import find_rule
from scrubber.sample.answers.causes import DENIED_ELSEWHERE, FORESEEN, POLICIES, REFUSED_ELSEWHERE
from scrubber.sample.answers.payers import TRAITS
from scrubber.sample.people import MORE_PAYERS
from scrubber.sample.scenarios import WRONG


def test_every_planted_fault_is_answered():
    assert {fault for scenario in WRONG for fault in scenario.faults} == set(FORESEEN)


@pytest.mark.parametrize("code", sorted(FORESEEN))
def test_a_rule_expects_what_comes(code):
    expected = find_rule(code).expected
    for cause in FORESEEN[code]:
        assert cause.coding
        if cause.group:
            assert cause.code in expected.carc
            assert set(cause.remarks) <= set(expected.rarc)
        else:
            assert cause.code in expected.status


def test_every_planted_cause_is_about_a_line_of_the_claim():
    for scenario in WRONG:
        for fault in scenario.faults:
            for cause in FORESEEN[fault]:
                assert not cause.at or any(
                    row.strip().split(":")[1].split("*")[0].startswith(cause.at)
                    for row in scenario.text.splitlines()
                    if row.strip().startswith("SV1")
                ), (scenario.title, cause)


def test_what_is_elsewhere_is_out_of_scope():
    assert not any(cause.coding for cause in (*REFUSED_ELSEWHERE, *DENIED_ELSEWHERE))
    assert all(policy.cause.coding for policy in POLICIES)
    assert {policy.payer for policy in POLICIES} <= set(TRAITS)
    assert set(TRAITS) == {payer.id for payers in MORE_PAYERS.values() for payer in payers}
