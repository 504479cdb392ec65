"""Choosing fixes: total order, touching edits clash, identical ones agree, all or nothing."""

import pytest
from fixing import made, offering, replacing, settled, text
from hypothesis import given
from hypothesis import strategies as st

from scrubber.errors import GuardError
from scrubber.finding import Edit, Safety
from scrubber.rewrite.choose import choose, joined
from scrubber.rewrite.splice import spliced, touch


def codes(offers):
    return [one.finding.rule for one in offers]


def test_the_first_place_wins_and_the_loser_is_told_who_beat_it():
    late, early = made("A", Edit(3, 6, b"def", b"x")), made("B", Edit(1, 4, b"bcd", b"y"))
    choice = choose([late, early])
    assert codes(choice.taken) == ["B"]
    assert [(one.finding.rule, winner.finding.rule) for one, winner in choice.deferred] == [("A", "B")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Edit(1, 3, b"bc", b"x"), Edit(3, 5, b"de", b"y")),
        (Edit(1, 3, b"bc", b"x"), Edit(3, 3, b"", b"y")),
        (Edit(2, 2, b"", b"x"), Edit(2, 2, b"", b"y")),
    ],
)
def test_touching_is_a_clash(one, other):
    choice = choose([made("A", one), made("B", other)])
    assert len(choice.taken) == len(choice.deferred) == 1


def test_safe_fixes_go_before_suggested_ones_wherever_they_stand():
    suggested = made("A", Edit(0, 3, b"abc", b"x"), safety=Safety.SUGGESTED)
    assert codes(choose([suggested, made("B", Edit(2, 4, b"cd", b"y"))]).taken) == ["B"]


def test_identical_edits_agree():
    same = Edit(1, 3, b"bc", b"x")
    choice = choose([made("A", same), made("B", same, Edit(6, 7, b"g", b"y"))])
    assert codes(choice.taken) == ["A", "B"]
    assert not choice.deferred


def test_a_fix_is_made_whole_or_not_at_all():
    first = made("A", Edit(1, 3, b"bc", b"x"))
    second = made("B", Edit(2, 4, b"cd", b"y"), Edit(8, 9, b"i", b"z"))
    assert codes(choose([first, second]).taken) == ["A"]


def test_edits_of_one_fix_side_by_side_are_one():
    assert joined([Edit(3, 5, b"de", b""), Edit(1, 3, b"bc", b"X")]) == (Edit(1, 5, b"bcde", b"X"),)


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(1, 4, b"bcd", b""), Edit(2, 5, b"cde", b"")],
        [Edit(2, 2, b"", b"x"), Edit(2, 2, b"", b"y")],
    ],
)
def test_a_fix_that_contradicts_itself_is_no_offer(edits):
    with pytest.raises(GuardError):
        made("A", *edits)


def test_a_fix_that_changes_nothing_is_no_offer():
    with pytest.raises(GuardError, match="change nothing"):
        made("A", Edit(1, 3, b"bc", b"bc"))


DATA = b"abcdefghijklmnop"


@st.composite
def fixes(draw):
    found = []
    for n in range(draw(st.integers(1, 6))):
        cuts = sorted(draw(st.sets(st.integers(0, len(DATA)), min_size=2, max_size=4)))
        edits = [
            Edit(a, b, DATA[a:b], draw(st.binary(max_size=2)))
            for a, b in zip(cuts[::2], cuts[1::2], strict=False)
        ]
        edits = [edit for edit in edits if edit.before != edit.after]
        if edits:
            found.append(made(f"R{n}", *edits))
    return found


@given(fixes(), st.randoms())
def test_the_choice_depends_on_no_order_and_can_be_made(offers, random):
    choice = choose(offers)
    shuffled = list(offers)
    random.shuffle(shuffled)
    assert choose(shuffled) == choice
    assert len(choice.taken) + len(choice.deferred) == len(offers)
    edits = {edit for one in choice.taken for edit in one.edits}
    spliced(DATA, edits)  # raises when two of them meet
    for one, winner in choice.deferred:
        assert winner in choice.taken
        assert any(touch(a, b) for a in winner.edits for b in one.edits)


def test_the_loser_is_taken_up_in_the_next_pass():
    data = text("SV1*HC:96372:kx:KX*30*UN*1***1")

    def check(old, new):
        def edits(claim):
            at = claim.lines[0].sv1.raw.find(old)
            start = claim.lines[0].sv1.start + at
            return [Edit(start, start + len(old), old, new)] if at >= 0 else []

        return edits

    upper, drop = offering("UPPER", check(b":kx", b":KX")), offering("DROP", check(b":KX:KX", b":KX"))
    outcome, out = settled(data, upper, drop)
    assert b"SV1*HC:96372:KX*30" in out
    assert [change.rule for change in outcome.changes] == ["UPPER,DROP"]
    assert [change.edit.before for change in outcome.changes] == [b":kx:KX"]
    assert not outcome.put_off


def test_the_loser_is_named_when_its_turn_never_comes():
    data = text("SV1*HC:96372:kx:kx*30*UN*1***1")
    first, second = replacing("FIRST", b":kx:kx", b":KX"), replacing("SECOND", b":kx:kx", b":KX:KX")
    outcome, out = settled(data, first, second)
    assert b"SV1*HC:96372:KX*" in out
    assert [(one.by.rule, one.reason) for one in outcome.put_off] == [
        ("SECOND", "deferred: FIRST changes the same bytes")
    ]
