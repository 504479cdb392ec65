"""The never-list: refused even when offered, in every form, with or without approval."""

import pytest
from fixing import approving, offering, replacing, settled, smallest, text
from hypothesis import given
from hypothesis import strategies as st
from rulecases import SUBJECTS

import loops
from scrubber.finding import Edit, Safety
from scrubber.rewrite.refuse import NEVER_MODIFIERS

CLAIM = """
    HI*ABK:E538*ABF:I10
    SV1*HC:99213*100*UN*1***1
    SV1*HC:96372*30*UN*1***1
    SV1*HC:J3420*5*UN*1***1
    LIN**N4*00517-3125-25
    CTP****1*ML
    SV1*HC:J1885:kx:kx*9*UN*2***1:2:1
    LIN**N4*0409-3795-01
    CTP****1*ML
"""
ASKED = ["25", "59", "XE", "XS", "XP", "XU", "76", "77", "JW", "JZ", "EA", "EB", "EC", "JA", "JB"]


def refused(rule, claims=CLAIM):
    """The reason for which a rule's fix was put off, after asserting that nothing was made of it."""
    data = text(claims)
    outcome, out = settled(data, rule, approvals=approving(rule.code))
    assert out == data
    assert not outcome.changes
    reasons = {one.reason for one in outcome.put_off}
    assert len(reasons) == 1, reasons
    return reasons.pop()


def test_every_modifier_that_was_asked_for_is_on_the_list():
    assert set(ASKED) <= NEVER_MODIFIERS


@pytest.mark.parametrize("safety", Safety)
@pytest.mark.parametrize("modifier", sorted(NEVER_MODIFIERS))
@pytest.mark.parametrize("code", [b"99213", b"96372", b"J3420"])
def test_a_modifier_of_the_list_is_never_added(modifier, code, safety):
    added = code + b":" + modifier.encode()
    assert refused(replacing("T01", code + b"*", added + b"*", safety)) == (
        f"refused: it would add modifier {modifier} to {code.decode()}"
    )


@pytest.mark.parametrize("safety", Safety)
def test_nor_in_small_letters_nor_in_place_of_another(safety):
    assert "modifier JZ" in refused(replacing("T01", b"J3420*", b"J3420:jz*", safety))
    assert "modifier 59" in refused(replacing("T01", b":kx:kx", b":kx:59", safety))


FORBIDDEN = [
    ("a diagnosis", b"E538", b"E538*ABF:Z23", "add a diagnosis"),
    ("another diagnosis", b"ABF:I10", b"ABF:I11", "add a diagnosis"),
    (
        "a pointer to another listed diagnosis",
        b"96372*30*UN*1***1",
        b"96372*30*UN*1***1:2",
        "another diagnosis",
    ),
    ("a drug code", b"J3420", b"J3301", "add the code J3301"),
    ("a drug line", b"LX*3", b"LX*9~SV1*HC:J3301*0.01*UN*1***1~LX*3", "add line 9"),
    ("another line of the same code", b"LX*3", b"LX*9~SV1*HC:J3420*0.01*UN*1***1~LX*3", "add line 9"),
    ("another injection", b"LX*3", b"LX*9~SV1*HC:96372*0.01*UN*1***1~LX*3", "add line 9"),
    ("chemotherapy administration", b"96372", b"96401", "add the code 96401"),
    ("units", b"J1885:kx:kx*9*UN*2", b"J1885:kx:kx*9*UN*3", "units or the dose of line 4"),
    ("a dose", b"CTP****1*ML", b"CTP****2*ML", "units or the dose of line 3"),
    ("the unit of a dose", b"CTP****1*ML", b"CTP****1*UN", "units or the dose of line 3"),
    ("an NDC", b"LIN**N4*00517-3125-25", b"LIN**N4*00517-3125-26", "NDC"),
    ("an NDC guessed from ten digits", b"LIN**N4*0409-3795-01", b"LIN**N4*04093795010", "NDC"),
    ("a description", b"HC:J3420*", b"HC:J3420:::::VITAMIN B12*", "description"),
    ("a note", b"LX*3", b"NTE*ADD*LEFT DELTOID~LX*3", "note"),
]


@pytest.mark.parametrize("safety", Safety)
@pytest.mark.parametrize(("title", "old", "new", "why"), FORBIDDEN, ids=[one[0] for one in FORBIDDEN])
def test_what_only_the_record_can_tell_is_never_invented(title, old, new, why, safety):
    assert why in refused(_anywhere(old, new, safety))


def _anywhere(old, new, safety):
    def edits(claim):
        at = text(CLAIM).index(old, claim.start)
        yield smallest(Edit(at, at + len(old), old, new))

    return offering("T01", edits, safety)


BILLED = [
    ("the charge", b"96372*30*", b"96372*31*"),
    ("the unit basis", b"96372*30*UN", b"96372*30*MJ"),
    ("another administration code", b"96372", b"90471"),
    ("a modifier dropped", b"J1885:kx:kx", b"J1885"),
    ("a harmless modifier added", b"96372*", b"96372:KX*"),
    ("a pointer dropped", b"2***1:2:1", b"2***1"),
    ("the order of pointers", b"2***1:2:1", b"2***2:1"),
    ("the date", b"DTP*472*D8*20260302", b"DTP*472*D8*20260303"),
    ("the place of service", b"11:B:1", b"22:B:1"),
    ("the total", b"CLM*CLAIM1*144", b"CLM*CLAIM1*145"),
    ("the provider", b"1245319599", b"1003000126"),
    ("a segment removed", b"CTP****1*ML~", b""),
]


@pytest.mark.parametrize(("title", "old", "new"), BILLED, ids=[one[0] for one in BILLED])
def test_a_format_fix_changes_nothing_that_is_billed(title, old, new):
    reason = refused(_anywhere(old, new, Safety.FORMAT))
    assert reason.startswith("refused: it would"), reason


ALLOWED = [
    ("hyphens of an NDC", b"00517-3125-25", b"00517312525"),
    ("a hyphened NDC padded", b"0409-3795-01", b"00409379501"),
    ("a repeated modifier", b":kx:kx", b":kx"),
    ("case of a modifier", b":kx:kx", b":KX:KX"),
    ("a repeated pointer", b"1:2:1", b"1:2"),
    ("the point of a diagnosis", b"E538", b"E53.8"),
    ("the spelling of a number", b"*30*UN*1*", b"*30.00*UN*1.0*"),
]


@pytest.mark.parametrize(("title", "old", "new"), ALLOWED, ids=[one[0] for one in ALLOWED])
def test_the_form_alone_may_change(title, old, new):
    data = text(CLAIM)
    at = data.index(old)

    def edits(claim):
        now = claim.lines[0].sv1.start and data[at : at + len(old)]
        if claim.end == _end(data):  # offered once, before the bytes moved or changed
            yield Edit(at, at + len(old), now, new)

    outcome, out = settled(data, _once(offering("T01", edits), data))
    assert out == data.replace(old, new, 1), outcome.put_off
    assert [change.rule for change in outcome.changes] == ["T01"]


def _end(data):
    return data.index(b"~SE*")


def _once(rule, data):
    """The rule, silent once its fix is made."""
    check = rule.check
    calls = []

    def first(claim, context):
        calls.append(1)
        return list(check(claim, context)) if len(calls) == 1 else []

    return type(rule)(
        *(first if name == "check" else getattr(rule, name) for name in rule.__dataclass_fields__)
    )


def test_a_fact_moved_is_not_a_fact_made_when_a_person_approves():
    claim = "SV1*HC:99213*100*UN*1***1\nSV1*HC:96372:25*30*UN*1***1"
    data = text(claim)
    visit, injection = data.index(b"99213") + 5, data.index(b":25*30")

    def edits(_claim):
        return [Edit(visit, visit, b"", b":25"), Edit(injection, injection + 3, b":25", b"")]

    suggested = _once(offering("T01", edits, Safety.SUGGESTED), data)
    _, out = settled(data, suggested, approvals=approving("T01"))
    assert b"HC:99213:25*" in out
    assert b"HC:96372*" in out
    asked = offering("T01", edits, Safety.FORMAT)
    assert "more than the form" in refused(asked, claim)
    unasked, same = settled(data, offering("T01", edits, Safety.SUGGESTED))
    assert same == data
    assert [one.reason for one in unasked.put_off] == ["it changes what is billed: it needs a named approval"]


def test_a_fix_must_stay_in_its_claim():
    def edits(claim):
        yield Edit(claim.start - 1, claim.start, b"~", b"|")

    assert "outside the claim" in refused(offering("T01", edits))


def test_a_fix_on_other_bytes_than_it_says_is_refused():
    def edits(claim):
        yield Edit(claim.start, claim.start + 3, b"LMC", b"CLM")

    assert "other bytes" in refused(offering("T01", edits))


@given(st.binary(min_size=1, max_size=4), st.integers(0, 200), st.integers(0, 6))
def test_whatever_is_written_anywhere_a_format_fix_leaves_the_bill_alone(new, at, length):
    data = text(CLAIM)
    start = data.index(b"CLM*") + at % (data.index(b"~SE*") - data.index(b"CLM*"))
    old = data[start : start + length]

    def edits(_claim):
        yield Edit(start, start + len(old), old, new)

    _, out = settled(data, _once(offering("T01", edits), data))
    assert _bill(out) == _bill(data)


def _bill(data):
    with loops.read(data, codes=SUBJECTS) as batch:
        claim = batch.claim(0)
        return [
            (claim.id, claim.charge, [one.code.replace(".", "") for one in claim.diagnoses]),
            *(
                (
                    line.code,
                    line.charge,
                    line.units,
                    line.basis,
                    {m.upper().replace(" ", "") for m in line.modifiers if m},
                    line.first_day,
                    list(dict.fromkeys(p for p in line.pointers if p)),
                    line.drug and (line.drug.quantity, line.drug.unit),
                )
                for line in claim.lines
            ),
        ]
