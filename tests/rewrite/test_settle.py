"""Passes: to rest, or back to the original bytes; one claim's trouble stays with that claim."""

from dataclasses import replace

import pytest
from fixing import approving, offering, replacing, rule_of, settled, text
from rulecases import SUBJECTS, TABLES

import loops
from scrubber.engine import Engine
from scrubber.errors import GuardError
from scrubber.finding import Edit, Fix, Outcome, Safety, Severity
from scrubber.guide import guide_findings
from scrubber.rewrite.refuse import Family, administration
from scrubber.rewrite.repair import TROUBLE
from scrubber.rewrite.settle import PASSES, settle
from scrubber.rewrite.splice import spliced
from scrubber.rule import Hit

TWO = """
    SV1*HC:96372:kx*30*UN*1***1
    === TEST0002
    SV1*HC:96372:gc:gc*30*UN*1***1
"""
UPPER = replacing("UPPER", b"96372:kx", b"96372:KX")
LOWER = replacing("LOWER", b"96372:KX", b"96372:kx")
OTHER = replacing("OTHER", b":gc:gc", b":gc")


def test_nothing_to_do_gives_the_very_batch_back():
    data = text()
    outcome, out = settled(data, OTHER)
    assert out == data
    assert outcome.changes == outcome.put_off == outcome.trouble == ()


def test_fixes_that_undo_one_another_give_the_claim_its_bytes_back_and_are_named():
    data = text(TWO)
    outcome, out = settled(data, UPPER, LOWER, OTHER)
    assert out == data.replace(b":gc:gc", b":gc")
    assert [change.rule for change in outcome.changes] == ["OTHER"]
    (trouble,) = outcome.trouble
    assert trouble.rule == TROUBLE
    assert (trouble.claim, trouble.outcome, trouble.severity) == ("CLAIM1", Outcome.NO_DATA, Severity.ADVISE)
    assert "LOWER" in trouble.message
    assert "UPPER" in trouble.message
    assert trouble.evidence == {"rules": ["LOWER", "UPPER"]}
    assert {one.by.rule for one in outcome.put_off} == {"UPPER"}


def test_fixes_without_end_give_the_claim_its_bytes_back():
    """Each pass swaps case in a way that comes round only after more than the passes allowed."""
    data = text("SV1*HC:96372:aa:bb:cc:dd*30*UN*1***1\n=== TEST0002\nSV1*HC:96372:gc:gc*30*UN*1***1")
    passes = []

    def count(claim):
        line = claim.lines[0]
        at = line.sv1.raw.find(b"96372:") + 6
        old = line.sv1.raw[at : at + 11]
        if old.upper() != b"AA:BB:CC:DD":
            return []
        passes.append(old)
        letters = [n for n in range(11) if old[n : n + 1] != b":"]
        bits = sum((old[n : n + 1].isupper()) << i for i, n in enumerate(letters)) + 1
        new = bytearray(old.lower())
        for i, n in enumerate(letters):
            if bits >> i & 1:
                new[n] = old[n : n + 1].upper()[0]
        start = line.sv1.start + at
        return [Edit(start, start + 11, old, bytes(new))]

    outcome, out = settled(data, offering("COUNT", count), OTHER)
    assert out == data.replace(b":gc:gc", b":gc")
    assert f"come to rest in {PASSES} passes (COUNT)" in outcome.trouble[0].message
    assert len(passes) == PASSES + 1  # the last is the judgement of the outcome


def test_a_fix_that_does_not_mend_its_fault_is_taken_back():
    useless = rule_of("USELESS", _useless)
    data = text(TWO)
    outcome, out = settled(data, useless, OTHER)
    assert out == data.replace(b":gc:gc", b":gc")
    assert "did not mend what it was for (USELESS)" in outcome.trouble[0].message


def _useless(claim):
    at = claim.lines[0].sv1.raw.find(b":kx")
    if at >= 0 or b":KX" in claim.lines[0].sv1.raw:
        start = claim.lines[0].sv1.start + at
        fix = Fix(Safety.FORMAT, "upper case", (Edit(start, start + 3, b":kx", b":KX"),)) if at >= 0 else None
        yield Hit(claim.lines[0].sv1.spot(1), "always the same", claim.lines[:1], fix=fix)


def test_a_rule_that_breaks_on_one_claim_leaves_the_fixes_of_the_others():
    def breaks(claim):
        if claim.id == "CLAIM1":
            raise ZeroDivisionError
        return []

    data = text(TWO)
    outcome, out = settled(data, rule_of("BREAKS", breaks), OTHER, UPPER)
    assert out == data.replace(b":gc:gc", b":gc").replace(b":kx", b":KX")
    assert [finding.rule for finding in outcome.left] == ["ENG-01"]


def test_fixes_fit_for_themselves_but_not_together_are_taken_back():
    """Of two equal modifiers one fix blanks the first, another the second."""
    data = text("SV1*HC:96372:KX:KX*30*UN*1***1\n=== TEST0002\nSV1*HC:96372:gc:gc*30*UN*1***1")

    def blank(nth):
        def edits(claim):
            raw = claim.lines[0].sv1.raw
            start = claim.lines[0].sv1.start + raw.find(b"KX:KX") + 3 * nth
            return [Edit(start, start + 2, b"KX", b"")] if b"KX:KX" in raw else []

        return edits

    outcome, out = settled(data, offering("FIRST", blank(0)), offering("SECOND", blank(1)), OTHER)
    assert out == data.replace(b":gc:gc", b":gc")
    assert "of fixes made together it would change more than the form" in outcome.trouble[0].message


def test_findings_before_and_after_are_told_apart():
    data = text(TWO)
    outcome, _ = settled(data, OTHER, UPPER)
    assert {finding.rule for finding in outcome.findings} == {"OTHER", "UPPER"}
    assert outcome.left == ()
    assert not outcome.counts


def test_changes_are_told_in_terms_of_the_source():
    data = text(TWO)
    outcome, _ = settled(data, OTHER, UPPER)
    for change in outcome.changes:
        assert data[change.edit.start : change.edit.end] == change.edit.before
    assert [(c.claim, c.claim_index, c.by[0].line) for c in outcome.changes] == [
        ("CLAIM1", 1, "1"),
        ("CLAIM2", 2, "1"),
    ]


def test_a_rewrite_that_loses_a_claim_is_stopped():
    before = loops.read(text(TWO), codes=SUBJECTS)

    def judge(batch):
        return (f for one in Engine(batch, (OTHER,), TABLES).run() for f in one.findings)

    with pytest.raises(GuardError, match="2 claims came in, 1 would go out"):
        settle(before, judge, lambda _: loops.read(text(), codes=SUBJECTS), Family(frozenset(), frozenset()))


def test_a_fix_that_the_guide_would_not_have_is_taken_back_and_the_others_stay():
    """A separator at the end of a segment changes no word of the bill, but the guide forbids it."""
    data = text(TWO.replace("kx", "KX"))
    trailing = replacing("TRAILING", b"96372:KX*30*UN*1***1", b"96372:KX*30*UN*1***1*")
    before = loops.read(data, codes=SUBJECTS)

    def judge(batch):
        rules = (f for one in Engine(batch, (trailing, OTHER), TABLES).run() for f in one.findings)
        return [*rules, *guide_findings(batch)]

    def render(edits):
        return loops.read(spliced(data, edits), codes=SUBJECTS)

    outcome = settle(before, judge, render, administration(TABLES), keep=True)
    assert bytes(outcome.after.source.data[:]) == data.replace(b":gc:gc", b":gc")
    (trouble,) = outcome.trouble
    assert trouble.claim == "CLAIM1"
    assert "a new problem of the guide, X12-SEG-TRAILING (TRAILING)" in trouble.message


def test_a_problem_that_the_guide_had_before_is_none_of_ours():
    data = text("SV1*HC:96372:gc:gc*30*UN*1***1*")
    before = loops.read(data, codes=SUBJECTS)

    def judge(batch):
        rules = (f for one in Engine(batch, (OTHER,), TABLES).run() for f in one.findings)
        return [*rules, *guide_findings(batch)]

    outcome = settle(
        before,
        judge,
        lambda edits: loops.read(spliced(data, edits), codes=SUBJECTS),
        administration(TABLES),
        keep=True,
    )
    assert "X12-SEG-TRAILING" in {one.rule for one in outcome.left}
    assert bytes(outcome.after.source.data[:]) == data.replace(b":gc:gc", b":gc")


def test_a_suggested_fix_waits_where_another_writes_what_it_relied_on():
    """Two fixes of one line, at spots that do not touch: the one waits for the other, and then is made."""
    data = text("SV1*HC:96372:26*30*MJ*1***1")
    modifier = replacing("FIRST", b":26", b"", Safety.SUGGESTED)
    basis = replacing("SECOND", b"*MJ*", b"*UN*", Safety.SUGGESTED)
    passes = []
    outcome, out = settled(data, modifier, _counting(basis, passes), approvals=approving("FIRST", "SECOND"))
    assert b"SV1*HC:96372*30*UN*1***1" in out
    assert [change.rule for change in outcome.changes] == ["FIRST", "SECOND"]
    assert len(passes) == 3  # the first, the one for the loser, the judgement of the outcome
    assert not outcome.put_off


def _counting(rule, passes):
    def check(claim, context):
        passes.append(claim.index)
        return rule.check(claim, context)

    return replace(rule, check=check)


def test_an_approved_fix_that_is_put_off_for_good_is_told_with_the_rule_that_was_before_it():
    data = text("SV1*HC:96372:26:50*30*UN*1***1")
    one = replacing("FIRST", b":26", b"", Safety.SUGGESTED)
    other = replacing("SECOND", b":26:50", b"", Safety.SUGGESTED)
    outcome, out = settled(data, one, other, approvals=approving("FIRST", "SECOND"))
    assert b"HC:96372:50*" in out
    assert [(off.by.rule, off.reason) for off in outcome.put_off] == [
        ("SECOND", "deferred: FIRST changes the same bytes")
    ]
