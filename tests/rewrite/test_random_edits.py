"""Random fixes, each a set of random edits, through the whole engine: whatever is offered, the promises hold.

PROPERTY_EXAMPLES sets the number of examples; a few hundred when it is not set.
"""

import os
from contextlib import suppress
from dataclasses import dataclass

import pytest
from fixing import approving, made, rule_of, settled, smallest, text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rulecases import SPELLINGS, SUBJECTS

import loops
from scrubber.errors import GuardError
from scrubber.finding import Edit, Fix, Safety
from scrubber.rewrite.choose import choose
from scrubber.rewrite.refuse import NEVER_MODIFIERS
from scrubber.rewrite.splice import composed, in_order, spliced, touch, undoing
from scrubber.rule import Hit

MANY = settings(
    max_examples=int(os.environ.get("PROPERTY_EXAMPLES", "300")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
CLAIMS = """
    HI*ABK:E538*ABF:I10
    SV1*HC:99213*100*UN*1***1
    SV1*HC:96372:kx:kx:25*30.0*UN*1***1:1
    SV1*HC:J3420*5*UN*1***1
    LIN**N4*0517-3125-25
    CTP****1*ML
    SV1*HC:A4208*2*UN*1***2:1
    === TEST0002
    SV1*HC:99211:26*20*UN*1***1
    SV1*HC:96372:GC:59*30*MJ*1***1
    SV1*HC:J1885*9*UN*2***1
"""
BATCHES = {name: text(CLAIMS, name) for name in SPELLINGS}
# What stands in the batch and what a fix may want in its place, in the usual separators. These pass by themselves:
GOOD = [
    [("0517-3125-25", "00517312525")],
    [(":kx:kx", ":KX")],
    [(":kx:kx", ":kx")],
    [(":kx:kx:25", ":KX:25")],
    [(":kx", ":KX")],
    [("*30.0*", "*30*")],
    [("99213*100*", "99213*100.00*")],
    [("*9*UN*2***1", "*9*UN*2***1*")],
    [("***1:1", "***1")],
    [("ABF:I10", "ABF:I1.0")],
    [(":25", "")],
    [(":26", "")],
    [(":GC", "")],
    [(":59", "")],
    [("*MJ*", "*UN*")],
    [(":25", ""), ("HC:99213*", "HC:99213:25*")],
    [("LX*4~SV1*HC:A4208*2*UN*1***2:1~DTP*472*D8*20260302~", ""), ("*137.0*", "*135.0*")],
    [
        ("LX*1~SV1*HC:99211:26*20*UN*1***1~DTP*472*D8*20260302~", ""),
        ("*59*", "*39*"),
        ("LX*2", "LX*1"),
        ("LX*3", "LX*2"),
    ],
]
# These do not, alone or at all.
BAD = [
    (":kx:kx:25", ":25"),
    (":KX", ":kx"),
    ("HC:99213*", "HC:99213:25*"),
    ("HC:J3420*", "HC:J3420:JZ*"),
    ("***2:1", "***2:1:2"),
    ("HC:96372", "HC:90471"),
    ("HC:96372", "HC:96401"),
    ("*UN*2", "*UN*3"),
    ("LX*2", "LX*3"),
    ("LX*3", "LX*2"),
    ("11:B:1", "22:B:1"),
    ("DTP*472*D8*20260302~", ""),
    ("DTP*472*D8*20260302~", "DTP*472*D8*20260302~NTE*ADD*X~"),
    ("LX*4~SV1*HC:A4208*2*UN*1***2:1~DTP*472*D8*20260302~", ""),
]
SMALL = st.text(alphabet="0159KXkx:*~^\r\n .-LCM", max_size=4).map(lambda one: one.encode())


@dataclass(frozen=True)
class Wanted:
    """An edit: `old`, or what stands from `start` to `end` of the claim when that is None, for `new`."""

    new: bytes
    old: bytes | None = None
    nth: int = 0
    start: int = 0
    end: int = 0

    def of(self, claim, data):
        """The edit on the claim as it is; None where it does not apply. `data` is the batch as it came.

        What is told by its place, or stands over several segments, is wanted of a claim as it came.
        """
        segments = _segments(claim)
        if self.old is not None:
            spots = [(one.start, one.raw.find(self.old)) for one in segments]
            found = [start + at for start, at in spots if at >= 0]
            if found:
                at = found[self.nth % len(found)]
                return smallest(Edit(at, at + len(self.old), self.old, self.new))
        shift = claim.start - data.index(claim.clm.raw[:10])
        if any(data[one.start - shift : one.end - shift] != one.raw for one in segments):
            return None
        start = claim.start - shift + self.start
        end = start + self.end
        if self.old is not None:
            start = data.find(self.old, start, segments[-1].end - shift + 3)
            end = start + len(self.old)
        return Edit(start + shift, end + shift, data[start:end], self.new) if start >= 0 else None


def _segments(claim):
    return (*claim.segments, *(one for line in claim.lines for one in line.segments))


def spelled(one, spelling):
    element, component, terminator, line_end = SPELLINGS[spelling]
    table = str.maketrans({"*": element, ":": component, "~": terminator + line_end})
    return one.translate(table).encode()


@st.composite
def wanted(draw, spelling):
    """What a fix wants: one of the good sets of edits, or others, or bytes anywhere."""
    kind = draw(st.sampled_from(["good", "good", "good", "bad", "anywhere"]))
    if kind == "good":
        nth = draw(st.integers(0, 2))
        return [_wish(pair, spelling, nth) for pair in draw(st.sampled_from(GOOD))]
    if kind == "bad":
        return [_wish(draw(st.sampled_from(BAD)), spelling, draw(st.integers(0, 2)))]
    length = draw(st.sampled_from([0, 0, 1, 2, 3, 8, 60]))
    return [Wanted(draw(SMALL), None, 0, draw(st.integers(-3, 420)), length)]


def _wish(pair, spelling, nth=0):
    old, new = (spelled(one, spelling) for one in pair)
    return Wanted(new, old, nth)


@st.composite
def rules_of(draw, spelling):
    """A few rules, each offering one set of edits in each claim in which all of them apply."""
    data, found = BATCHES[spelling], []
    for number in range(draw(st.integers(1, 5))):
        wishes = draw(st.lists(wanted(spelling), min_size=1, max_size=2 if draw(st.booleans()) else 1))
        safety = draw(st.sampled_from(Safety))
        found.append(rule_of(f"R{number}", _check(data, [one for some in wishes for one in some], safety)))
    return found


def _check(data, wishes, safety):
    def check(claim):
        edits = [wish.of(claim, data) for wish in wishes]
        if all(edits):
            spot = claim.lines[0].sv1.spot(1) if claim.lines else claim.clm.spot(1)
            yield Hit(spot, "offered", claim.lines[:2], fix=Fix(safety, "edit", tuple(edits)))

    return check


@MANY
@given(st.data(), st.sampled_from(sorted(SPELLINGS)), st.sets(st.sampled_from([f"R{n}" for n in range(5)])))
def test_whatever_is_offered_the_promises_hold(drawn, spelling, approved):
    data = BATCHES[spelling]
    rules = drawn.draw(rules_of(spelling))
    approvals = approving(*sorted(approved))
    outcome, out = settled(data, *rules, approvals=approvals)  # it proves the outcome by the guard too
    edits = [change.edit for change in outcome.changes]
    _outside_is_as_it_was(data, out, edits)
    assert spliced(out, undoing(in_order(edits))) == data
    again, same = settled(out, *rules, approvals=approvals)
    assert not again.changes
    assert same == out
    _told(outcome, rules, approved)
    _bill_is_as_it_was(data, out, outcome)


def _outside_is_as_it_was(data, out, edits):
    position = shift = 0
    for edit in in_order(edits):
        assert data[edit.start : edit.end] == edit.before
        assert out[edit.start + shift : edit.start + shift + len(edit.after)] == edit.after
        assert data[position : edit.start] == out[position + shift : edit.start + shift]
        position, shift = edit.end, shift + len(edit.after) - len(edit.before)
    assert data[position:] == out[position + shift :]


def _told(outcome, rules, approved):
    """Every change has its rule and its approval, and what was put off its reason; trouble is complete."""
    safe = {rule.code for rule in rules}
    for change in outcome.changes:
        for by in change.by:
            assert by.rule in safe | {"RECOUNT"}
            if by.safety is Safety.SUGGESTED and by.rule != "RECOUNT":
                assert by.rule in approved
                assert by.approval.rule == by.rule
    assert all(one.reason for one in outcome.put_off)
    closed = {one.claim for one in outcome.trouble}
    assert not closed & {change.claim for change in outcome.changes}
    assert all(one.evidence["rules"] for one in outcome.trouble)


def _bill_is_as_it_was(data, out, outcome):
    with loops.read(data, codes=SUBJECTS) as one, loops.read(out, codes=SUBJECTS) as other:
        assert len(one) == len(other)
        billed = {change.claim_index for change in outcome.changes if change.billed}
        for number, (before, after) in enumerate(zip(one.claims(), other.claims(), strict=True)):
            assert before.id == after.id
            assert _diagnoses(before) == _diagnoses(after)
            assert _money(before) == _money(after)
            assert _units(after) <= _units(before)
            assert _never(after) <= _never(before)
            if number + 1 not in billed:
                assert _lines(before) == _lines(after)


def _diagnoses(claim):
    return [dx.code.replace(".", "") for dx in claim.diagnoses]


def _money(claim):
    """CLM02 less the lines, which is nothing."""
    return claim.charge - sum(line.charge for line in claim.lines)


def _units(claim):
    return {
        (line.sv1.text(4), line.drug and line.drug.ndc.replace("-", "").zfill(11)) for line in claim.lines
    }


def _never(claim):
    """The modifiers of the never-list on the claim: moved perhaps, but no new one."""
    return {modifier for line in claim.lines for modifier in line.modifiers} & NEVER_MODIFIERS


def _lines(claim):
    modifiers = [{one.upper().strip() for one in line.modifiers if one.strip()} for line in claim.lines]
    return [
        (
            line.number,
            line.code,
            line.charge,
            line.basis,
            line.units,
            line.first_day,
            line.place_of_service,
            had,
        )
        for line, had in zip(claim.lines, modifiers, strict=True)
    ]


DATA = b"ab\r\ncd~\r\nef~\r\n~gh\nij\rklmnop~\r\n"


@st.composite
def edits_of(draw, data=DATA):
    """One edit anywhere: an empty span inserts; many stand side by side, overlap, or part a CR from its LF."""
    start = draw(st.integers(0, len(data)))
    end = min(start + draw(st.sampled_from([0, 0, 1, 1, 2, 3, 7])), len(data))
    return Edit(start, end, data[start:end], draw(st.sampled_from([b"", b"x", b"\r\n", b"\n", b"yz~"])))


@MANY
@given(st.lists(st.lists(edits_of(), min_size=1, max_size=3), min_size=1, max_size=6), st.randoms())
def test_random_sets_of_edits_are_chosen_whole_in_one_order_and_undone(sets, random):
    offers = []
    for number, edits in enumerate(sets):
        with suppress(GuardError):  # a set that contradicts itself is no offer
            offers.append(made(f"R{number}", *edits))
    choice = choose(offers)
    shuffled = list(offers)
    random.shuffle(shuffled)
    assert choose(shuffled) == choice
    taken = {edit for one in choice.taken for edit in one.edits}
    assert len(choice.taken) + len(choice.deferred) == len(offers)
    out = spliced(DATA, taken)
    assert spliced(out, undoing(in_order(taken))) == DATA
    for loser, winner in choice.deferred:
        assert any(touch(a, b) for a in loser.edits for b in winner.edits)
        assert not set(loser.edits) <= taken


@MANY
@given(st.data())
def test_two_rounds_of_edits_are_one_record(drawn):
    first = _apart(drawn.draw(st.lists(edits_of(), max_size=5)))
    middle = spliced(DATA, first)
    second = _apart(drawn.draw(st.lists(edits_of(middle), max_size=5)))
    joints = composed(DATA, first, second)
    edits = [joint.edit for joint in joints]
    assert spliced(DATA, edits) == spliced(middle, second)
    assert spliced(spliced(middle, second), undoing(edits)) == DATA


def _apart(edits):
    """Those that do not meet an earlier one."""
    kept = []
    for edit in edits:
        if not any(touch(edit, other) for other in kept):
            kept.append(edit)
    return kept


@pytest.mark.parametrize("spelling", sorted(SPELLINGS))
@pytest.mark.parametrize("pairs", GOOD, ids=lambda pairs: pairs[0][0])
def test_the_good_ones_pass_so_that_the_property_is_about_something(pairs, spelling):
    data = BATCHES[spelling]
    rule = rule_of("R0", _check(data, [_wish(pair, spelling) for pair in pairs], Safety.SUGGESTED))
    outcome, out = settled(data, rule, approvals=approving("R0"))
    assert outcome.changes or outcome.trouble, outcome.put_off
    assert (out != data) == (not outcome.trouble)
