"""The batches of fixtures/edi give what their README says: each fault is told, nothing right is called wrong."""

import json
from pathlib import Path

import pytest

from scrubber.checker import Checker
from scrubber.engine import Engine
from scrubber.finding import Outcome, Severity

EDI = Path(__file__).parents[1] / "fixtures" / "edi"
EXPECTED = json.loads((EDI / "expected.json").read_text(encoding="utf-8"))
CHECKER = Checker(guide=False)
KNOWN = {rule.code for rule in CHECKER.rules}


def judged(path):
    with CHECKER.read(path) as batch:
        engine = Engine(batch, CHECKER.rules, CHECKER.tables)
        return {one.claim.id: [f for f in one.findings if f.outcome is Outcome.FAIL] for one in engine.run()}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_faults_are_found_and_right_claims_pass(name):
    found = judged(EDI / name)
    for claim, rules in EXPECTED[name].items():
        told = {finding.rule for finding in found.get(claim, [])}
        missed = {rule for rule in rules if rule in KNOWN} - told
        assert not missed, f"{claim}: {missed} not found"
        if not rules:
            wrong = [f for f in found.get(claim, []) if f.severity is not Severity.ADVISE]
            assert not wrong, f"{claim}: {[(f.rule, f.message) for f in wrong]}"


@pytest.mark.parametrize("path", sorted(EDI.glob("clean-*")), ids=lambda path: path.name)
def test_clean_batches_give_no_reject_and_no_deny(path):
    wrong = [f for found in judged(path).values() for f in found if f.severity is not Severity.ADVISE]
    assert not wrong, [(f.claim, f.rule, f.message) for f in wrong]
