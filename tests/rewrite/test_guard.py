"""The guard: each promise, broken on purpose, stops the file."""

import pytest
from fixing import change_of, text

import loops
from loops.source import open_source
from scrubber.errors import GuardError
from scrubber.finding import Edit, Safety
from scrubber.rewrite.guard import prove, prove_bytes
from scrubber.rewrite.recount import off_by, with_counts
from scrubber.rewrite.splice import spliced

DATA = text("SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1\n=== TEST0002\nSV1*HC:96372*40*UN*1***1")


def replaced(old: bytes, new: bytes, data: bytes = DATA) -> Edit:
    at = data.index(old)
    return Edit(at, at + len(old), old, new)


def proven(data: bytes, out: bytes, edits) -> None:
    with loops.read(data) as before, loops.read(out) as after:
        prove(before, after, [change_of(edit) for edit in edits])


def test_what_is_declared_passes():
    edits = [replaced(b"HC:J3420*5", b"HC:J3420:KX*5")]
    proven(DATA, spliced(DATA, edits), edits)
    proven(DATA, DATA, [])


UNDECLARED = [
    ("a byte changed", lambda out: out.replace(b"DOE*JANE", b"DOE*JUNE")),
    ("the line end added", lambda out: out + b"\n"),
    ("the last byte lost", lambda out: out[:-1]),
    ("a byte too many inside", lambda out: out.replace(b"J3420:KX", b"J3420:KX ")),
    ("the edit not made", lambda _: DATA),
]


@pytest.mark.parametrize(("title", "break_"), UNDECLARED, ids=[one[0] for one in UNDECLARED])
def test_a_byte_outside_the_edits_is_noticed(title, break_):
    edits = [replaced(b"HC:J3420*5", b"HC:J3420:KX*5")]
    out = break_(spliced(DATA, edits))
    with pytest.raises(GuardError):
        prove_bytes(open_source(DATA), open_source(out), edits)


DECLARED = [
    ("CLM02", replaced(b"CLM*CLAIM1*35", b"CLM*CLAIM1*36"), "CLM02 of claim 1"),
    ("a line charge", replaced(b"HC:J3420*5", b"HC:J3420*6"), "line or its charge changed in claim 1"),
    ("charges moved between claims", None, "CLM02"),
    ("CLM01", replaced(b"CLAIM2", b"CLAIM9"), "CLM01"),
    ("a line number", replaced(b"LX*2", b"LX*3"), "line"),
    (
        "a line lost",
        replaced(b"LX*2~SV1*HC:J3420*5*UN*1***1~DTP*472*D8*20260302~", b""),
        "line or its charge",
    ),
    ("a claim lost", replaced(b"~CLM*CLAIM2", b"~REF*CLAIM2"), "claims"),
    ("a provider level lost", replaced(b"HL*3*1*22*0", b"HL*3*1*20*0"), "under another"),
    ("the interchange header", replaced(b"*T*:", b"*P*:"), "interchange header"),
    ("the group header", replaced(b"GS*HC*TEST01", b"GS*HC*TEST09"), "group header"),
    ("SE01", replaced(b"SE*43", b"SE*44"), "SE01"),
    ("a segment more and SE01 as it was", replaced(b"SE*43", b"NTE*ADD*X~SE*43"), "SE01"),
    ("the transaction's kind", replaced(b"ST*837", b"ST*835"), "kind"),
]


@pytest.mark.parametrize(("title", "edit", "why"), DECLARED, ids=[one[0] for one in DECLARED])
def test_a_declared_edit_may_not_touch_what_is_promised(title, edit, why):
    edits = (
        [edit]
        if edit
        else [
            replaced(b"CLM*CLAIM1*35", b"CLM*CLAIM1*40"),
            replaced(b"CLM*CLAIM2*40", b"CLM*CLAIM2*35"),
        ]
    )
    with pytest.raises(GuardError, match=why):
        proven(DATA, spliced(DATA, edits), edits)


@pytest.mark.parametrize(
    ("se01", "grown", "becomes"),
    [
        (b"43", 1, b"44"),
        (b"43", 3, b"46"),
        (b"0043", 1, b"0044"),
        (b"99", 1, b"100"),  # wrong on arrival: stays wrong by as much
        (b"44", 1, b"45"),  # and does not become right by accident
        (b"", 1, None),
        (b"4A", 1, None),
        (b"43", 0, None),
    ],
)
def test_se01_moves_with_the_segments_that_we_add(se01, grown, becomes):
    data = DATA.replace(b"SE*43*", b"SE*" + se01 + b"*")
    assert data.count(b"~", data.index(b"~ST*"), data.index(b"~GE*")) == 43
    at = data.index(b"DTP*472")
    note = Edit(at, at, b"", b"NTE*TPO*X~" * grown)
    with loops.read(data) as batch:
        found = recounted(batch, [note])
        assert [edit.after for edit in found] == ([becomes] if becomes else [])
        if becomes:
            with loops.read(spliced(data, [note, *found])) as after:
                assert off_by(batch, 0) == off_by(after, 0) == int(se01) - 43


def test_each_transaction_has_its_own_count():
    body = DATA[DATA.index(b"ST*837") : DATA.index(b"GE*")]
    data = DATA.replace(body, body + body.replace(b"*0001", b"*0002")).replace(b"GE*1", b"GE*2")
    first, second = data.index(b"DTP*472"), data.rindex(b"DTP*472")
    edits = [Edit(first, first, b"", b"NTE*TPO*X~NTE*ADD*Y~"), Edit(second, second, b"", b"NTE*TPO*X~")]
    with loops.read(data) as batch:
        assert [edit.after for edit in recounted(batch, edits)] == [b"45", b"44"]
        assert recounted(batch, [Edit(5, 5, b"", b"~")]) == []


def recounted(batch, edits):
    """The edits of counts that follow from `edits`, and stand behind them."""
    changes = list(with_counts(batch, map(change_of, edits)))
    assert changes == sorted(changes, key=lambda change: change.edit.start)
    assert [change.edit for change in changes if change.claim_index] == edits
    return [change.edit for change in changes if not change.claim_index]


REMOVED = replaced(b"LX*2~SV1*HC:J3420*5*UN*1***1~DTP*472*D8*20260302~", b"")
SEVENTH = Edit(DATA.index(b"LX*1") + 3, DATA.index(b"LX*1") + 4, b"1", b"7")
TOTAL, COUNT = replaced(b"CLM*CLAIM1*35", b"CLM*CLAIM1*30"), replaced(b"SE*43", b"SE*40")


def billed(edits, claim=1, data=DATA):
    """Prove changes that were approved, all of the claim of that ordinal."""
    with loops.read(data) as before, loops.read(spliced(data, edits)) as after:
        prove(before, after, [change_of(edit, claim, Safety.SUGGESTED) for edit in edits])


def test_a_line_that_an_approved_fix_left_out_passes_with_its_money_and_counts():
    billed([TOTAL, REMOVED, COUNT])


@pytest.mark.parametrize(
    ("title", "edits", "why"),
    [
        ("the total as it was", [REMOVED, COUNT], "CLM02 of claim 1 no longer fits"),
        (
            "the total otherwise",
            [replaced(b"CLM*CLAIM1*35", b"CLM*CLAIM1*31"), REMOVED, COUNT],
            "CLM02 of claim 1",
        ),
        ("the count as it was", [TOTAL, REMOVED], "SE01"),
        (
            "another charge too",
            [TOTAL, replaced(b"96372*30", b"96372*31"), REMOVED, COUNT],
            "charge of line 1",
        ),
        ("another line's number", [TOTAL, SEVENTH, REMOVED, COUNT], "one after another"),
        (
            "a line more",
            [replaced(b"LX*2", b"LX*9~SV1*HC:J3420*0*UN*1***1~LX*2")],
            "has 3 service lines, not 1",
        ),
        (
            "a charge and the total",
            [replaced(b"35*", b"36*"), replaced(b"J3420*5", b"J3420*6")],
            "charge of line 2",
        ),
        ("CLM01", [replaced(b"CLAIM1", b"CLAIM9")], "CLM01"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_but_nothing_else_of_its_money(title, edits, why):
    with pytest.raises(GuardError, match=why):
        billed(edits)


def test_nor_in_a_claim_that_no_approved_fix_touched():
    with pytest.raises(GuardError, match="CLM02 of claim 1 changed"):
        billed([TOTAL, REMOVED, COUNT], claim=2)


def test_a_cent_for_a_free_drug_is_added_to_the_total():
    data = DATA.replace(b"J3420*5", b"J3420*0").replace(b"CLAIM1*35", b"CLAIM1*30")
    cent = replaced(b"J3420*0", b"J3420*0.01", data)
    billed([replaced(b"CLAIM1*30", b"CLAIM1*30.01", data), cent], data=data)
    with pytest.raises(GuardError, match="CLM02 of claim 1"):
        billed([cent], data=data)
