"""The guide and the rules side by side: in file order, and one fault told once."""

from pathlib import Path

from scrubber.checker import Checker

EDI = Path(__file__).parents[1] / "fixtures" / "edi"


def told(name, **options):
    checker = Checker(**options)
    with checker.read(EDI / name) as batch:
        return [found for checked in checker.run(batch) for found in checked.findings]


def test_a_fault_of_structure_is_told_once():
    found = told("inj-a05.837")
    rule = {f.byte_start for f in found if f.rule == "INJ-A05"}
    assert rule
    assert not [f.message for f in found if f.rule.startswith("X12-") and f.byte_start in rule]


def test_the_guide_tells_what_no_rule_is_asked_to_tell():
    rules = {f.rule for f in told("inj-a05.837", ignore=("INJ-A05",))}
    assert "X12-POINTER" in rules
    assert "INJ-A05" not in rules


def test_findings_come_in_the_order_of_claims():
    claims = [f.claim_index for f in told("inj-a11.837") if f.claim_index]
    assert claims == sorted(claims)
