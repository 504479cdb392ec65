"""Two claims side by side: lines, loops, segments, elements, components."""

from __future__ import annotations

import pytest
from comparing import CLAIM, changed, one, said, whole
from hypothesis import given
from hypothesis import strategies as st
from rulecases import SPELLINGS, spell

import loops
from scrubber.diff import Kind, compare, compare_claims
from scrubber.sample.fragment import batch

LINE = "SV1*HC:96372*30*UN*1***1"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (LINE, "SV1*HC:96372:59*30*UN*1***1", ["line 2: 2400/SV101-03 None -> 59"]),
        ("HC:99213:25*", "HC:99213*", ["line 1: 2400/SV101-03 25 -> None"]),
        (
            "HC:99213:25*",
            "HC:99213::25*",
            ["line 1: 2400/SV101-03 25 -> ", "line 1: 2400/SV101-04 None -> 25"],
        ),
        (LINE, "SV1*HC:96372*30.00*UN*1***1", ["line 2: 2400/SV102 30 -> 30.00"]),
        (LINE, "SV1*HC:96372*30*UN*1*11**1", ["line 2: 2400/SV105  -> 11"]),
        (LINE, LINE + "**Y", ["line 2: 2400/SV108 None -> ", "line 2: 2400/SV109 None -> Y"]),
        (LINE, "SV1*HC:96372*30*UN*1***1:2", ["line 2: 2400/SV107-02 None -> 2"]),
        ("LIN**N4*00143961901", "LIN**N4*00143961910", ["line 3: 2410/LIN03 00143961901 -> 00143961910"]),
        ("CTP****1*ML~", "", ["line 3: removed 2410/CTP CTP****1*ML"]),
        ("HI*ABK:E538", "HI*ABK:D510", ["2300/HI01-02 E538 -> D510"]),
        ("HI*ABK:E538", "HI*ABK:E538*ABF:D510", ["2300/HI02 None -> ABF:D510"]),
        ("HI*ABK:E538", "HI*BK:2662", ["2300/HI01-01 ABK -> BK", "2300/HI01-02 E538 -> 2662"]),
        ("11:B:1*Y", "11:B:7*Y", ["2300/CLM05-03 1 -> 7"]),
        ("HI*ABK", "REF*F8*PAYERICN1~HI*ABK", ["added 2300/REF REF*F8*PAYERICN1"]),
        (
            "NM1*82*1*SAMPLE*PAT****XX*1245319599",
            "NM1*82*1*SAMPLE*PAT****XX*1234567893",
            ["2310B/NM109 1245319599 -> 1234567893"],
        ),
        ("REF*6R*LINE-B~", "REF*6R*LINE-B~NTE*ADD*LOT 1~", ["line 2: added 2400/NTE NTE*ADD*LOT 1"]),
    ],
)
def test_changes_are_told_by_place_and_values(old, new, told):
    assert changed((old, new)) == told


def test_another_kind_of_reference_is_another_segment():
    text = "REF*G1*AUTH1\n" + CLAIM
    assert changed(("REF*G1*AUTH1", "REF*9F*REFER1"), text=text) == [
        "removed 2300/REF REF*G1*AUTH1",
        "added 2300/REF REF*9F*REFER1",
    ]
    assert changed(("REF*G1*AUTH1", "REF*G1*AUTH2"), text=text) == ["2300/REF02 AUTH1 -> AUTH2"]


def test_segments_in_another_order_are_said_to_have_moved():
    text = "REF*G1*AUTH1\nREF*9F*REFER1\n" + CLAIM
    swapped = ("REF*G1*AUTH1~REF*9F*REFER1", "REF*9F*REFER1~REF*G1*AUTH1")
    assert changed(swapped, text=text) in (
        ["moved 2300/REF REF*G1*AUTH1"],
        ["moved 2300/REF REF*9F*REFER1"],
    )


def lines(*services: str) -> bytes:
    """A batch with one claim of these lines: code, charge, and REF*6R if there is a third word."""
    rows = []
    for service in services:
        code, charge, *control = service.split()
        rows += [f"SV1*HC:{code}*{charge}*UN*1***1", *(f"REF*6R*{one}" for one in control)]
    return whole("\n".join(rows))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param(
            ["99213 100 CTL1", "96372 30 CTL2"],
            ["99213 100 CTL1", "96401 30 CTL2"],
            ["line 2: 2400/SV101-02 96372 -> 96401"],
            id="by control number, another code",
        ),
        pytest.param(
            ["99213 100 CTL1", "96372 30 CTL2"],
            ["96372 30 CTL2"],
            ["2300/CLM02 130 -> 30", "removed line 1", "line 2: 2400/LX01 2 -> 1"],
            id="a line left out, the others numbered anew",
        ),
        pytest.param(
            ["99213 100 1", "96372 30 2"],
            ["96372 30 1"],
            [
                "2300/CLM02 130 -> 30",
                "removed line 1",
                "line 2: 2400/LX01 2 -> 1",
                "line 2: 2400/REF02 2 -> 1",
            ],
            id="control numbers that only count the lines",
        ),
        pytest.param(
            ["96372 30 OLD1", "J3420 5 OLD2"],
            ["96372 30 NEW1", "J3420 5 NEW2"],
            ["line 1: 2400/REF02 OLD1 -> NEW1", "line 2: 2400/REF02 OLD2 -> NEW2"],
            id="new control numbers, by code, date and charge",
        ),
        pytest.param(
            ["96372 30", "90471 20"],
            ["90471 30", "90471 20"],
            ["line 1: 2400/SV101-02 96372 -> 90471"],
            id="another code that stands on another line too",
        ),
        pytest.param(
            ["96372 30", "90471 30"],
            ["90471 30", "90471 30"],
            ["line 1: 2400/SV101-02 96372 -> 90471"],
            id="the same, with the same charge",
        ),
        pytest.param(
            ["96372 30", "96372 30"],
            ["96372 30", "96372 30", "96372 30"],
            ["2300/CLM02 60 -> 90", "added line 3"],
            id="a repeat added",
        ),
        pytest.param(
            ["96372 30 SAME", "J3420 5 SAME"],
            ["J3420 5 SAME"],
            ["2300/CLM02 35 -> 5", "removed line 1", "line 2: 2400/LX01 2 -> 1"],
            id="one control number on all lines",
        ),
        pytest.param(
            ["99213 100", "96372 30"],
            ["96372 30", "99213 100"],
            ["line 2: 2400/LX01 2 -> 1", "line 1: 2400/LX01 1 -> 2"],
            id="lines in another order",
        ),
    ],
)
def test_lines_are_put_together(before, after, told):
    assert said(lines(*before), lines(*after)) == told


def test_lines_that_only_changed_places_are_said_to_have_moved():
    data = whole(CLAIM)
    one_, other = data.index(b"LX*1"), data.index(b"LX*2")
    end = data.index(b"LX*3")
    swapped = data[:one_] + data[other:end] + data[one_:other] + data[end:]
    assert len(said(data, swapped)) == 1
    assert "moved 2400/LX" in said(data, swapped)[0]


PAYERS = """
    SBR*P*18*******MB
    AMT*D*20
    OI***Y*P**Y
    NM1*IL*1*DOE*JANE****MI*X1
    NM1*PR*2*EXAMPLE MEDICARE*****PI*TESTMB
    SBR*T*18*******CI
    OI***Y*P**Y
    NM1*IL*1*DOE*JANE****MI*X2
    NM1*PR*2*EXAMPLE PLAN*****PI*TESTCI
"""


def other_payers(data: bytes, text: str = PAYERS) -> bytes:
    rows = "~".join(row.strip() for row in text.strip().splitlines()) + "~"
    return data.replace(b"LX*1~", rows.encode() + b"LX*1~", 1)


def test_other_payers_are_put_together_by_who_they_are():
    data = whole(CLAIM)
    before = other_payers(data)
    paid = other_payers(data, PAYERS.replace("AMT*D*20", "AMT*D*25"))
    assert said(before, paid) == ["2320/AMT02 20 -> 25"]
    last = other_payers(data, PAYERS[PAYERS.index("SBR*T") :].replace("SBR*T", "SBR*P"))
    told = said(before, last)
    assert told[:5] == [f"removed {place}" for place in REMOVED]
    assert told[5:] == ["2320/SBR01 T -> P"]


REMOVED = (
    "2320/SBR SBR*P*18*******MB",
    "2320/AMT AMT*D*20",
    "2320/OI OI***Y*P**Y",
    "2330A/NM1 NM1*IL*1*DOE*JANE****MI*X1",
    "2330B/NM1 NM1*PR*2*EXAMPLE MEDICARE*****PI*TESTMB",
)


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("other", SPELLINGS)
def test_separators_and_line_ends_are_no_change(spelling, other):
    text = batch(CLAIM)
    assert said(spell(text, spelling), spell(text, other)) == []
    edited = text.replace("HC:96372*", "HC:96372:59*")
    assert said(spell(text, spelling), spell(edited, other)) == ["line 2: 2400/SV101-03 None -> 59"]


def test_data_that_looks_like_a_separator_of_the_other_file_is_told():
    text = whole(CLAIM, ("REF*6R*LINE-B", "REF*6R*LINE>B"))
    other = spell(batch(CLAIM).replace("LINE-B", "LINE:B"), "other separators")
    assert said(text, other) == ["line 2: 2400/REF02-01 LINE>B -> LINE", "line 2: 2400/REF02-02 None -> B"]
    stray = whole(CLAIM, ("REF*6R*LINE-B", "REF*6R*LINE\x1fB"))
    assert said(stray, whole(CLAIM, ("LINE-B", "LINE:B"))) == [
        "line 2: 2400/REF02-01 LINE\x1fB -> LINE",
        "line 2: 2400/REF02-02 None -> B",
    ]


def test_a_pair_of_claims_tells_what_changed_above_them():
    before = whole(CLAIM)
    after = whole(
        CLAIM,
        ("MI*TEST0001", "MI*TEST0002"),
        ("XX*1234567893", "XX*1000000012"),
        ("HL*2*1*22*0", "HL*7*1*22*0"),
    )
    with loops.read(before) as first, loops.read(after) as second:
        diff = compare_claims(first.claim(0), second.claim(0))
        assert [one(change) for change in diff.above] == [
            "2010AA/NM109 1234567893 -> 1000000012",
            "2010BA/NM109 TEST0001 -> TEST0002",
        ]
        assert diff.kind is Kind.CHANGED
        assert list(diff.all_changes()) == list(diff.above)
        assert not compare_claims(first.claim(0), first.claim(0))
        assert list(compare(first, second)) == [], "what stands above is told apart"


def test_the_spans_of_a_change_are_where_its_values_stand():
    before, after = whole(CLAIM), whole(CLAIM, ("HC:96372*30", "HC:96372:59*35"), ("HC:99213:25", "HC:99213"))
    with loops.read(before) as first, loops.read(after) as second:
        changes = [change for diff in compare(first, second) for change in diff.all_changes()]
    assert len(changes) == 3
    for change in changes:
        assert before[slice(*change.spot_before[1:])].decode() == (change.before or "")
        assert after[slice(*change.spot_after[1:])].decode() == (change.after or "")


BYTES = whole(CLAIM)
INSIDE = range(BYTES.index(b"CLM*"), BYTES.index(b"SE*"))


@given(
    st.lists(
        st.tuples(st.sampled_from(INSIDE), st.sampled_from([b"", b"A", b"7", b"*", b":", b"~", b"~\r\n"])),
        max_size=6,
    )
)
def test_whatever_is_done_to_the_bytes_of_a_claim_is_told_and_nothing_else(edits):
    """A difference is told exactly when the segments differ, as splitting the bytes tells them."""
    data = bytearray(BYTES)
    for at, new in edits:
        data[at : at + 1] = new
    with loops.read(BYTES) as first, loops.read(bytes(data)) as second:
        if len(second) != 1:
            return
        diff = compare_claims(first.claim(0), second.claim(0))
        assert bool(diff) == (_segments(first) != _segments(second))


def _segments(read: loops.Batch) -> list[bytes]:
    """The segments of the one claim."""
    raw = bytes(read.source.data[read.index.claim_start[0] : read.index.claim_end[0]])
    return [text for piece in raw.split(b"~") if (text := piece.lstrip(b"\r\n \t"))]
