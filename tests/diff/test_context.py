"""What stands above claims is told once; numbering, separators and order are notes on the file."""

from __future__ import annotations

import pytest
from comparing import CLAIM, one, whole
from hypothesis import given
from hypothesis import strategies as st
from rulecases import spell

import loops
from scrubber.diff import Comparison, Note
from scrubber.sample.batch import sample
from scrubber.sample.fragment import batch

TWO = f"{CLAIM}\n=== TEST0002\n{CLAIM}".replace("LINE-A", "LINE-D", 1)


def context(before: bytes, after: bytes) -> list[tuple[str, int, list[str]]]:
    with loops.read(before) as first, loops.read(after) as second:
        return [
            (diff.level, diff.claims, [one(change) for change in diff.changes])
            for diff in Comparison(first, second).context()
        ]


def notes(before: bytes, after: bytes) -> list[Note]:
    with loops.read(before) as first, loops.read(after) as second:
        return Comparison(first, second).notes()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("000000001*0*T", "000000002*0*T", ("interchange", 2, ["ISA13 000000001 -> 000000002"])),
        ("261102*1200", "261103*1200", ("interchange", 2, ["ISA09 261102 -> 261103"])),
        ("IEA*1*", "IEA*2*", ("interchange", 2, ["IEA01 1 -> 2"])),
        ("GS*HC*TEST01", "GS*HC*TEST03", ("group", 2, ["GS02 TEST01 -> TEST03"])),
        ("GE*1*1", "GE*1*2", ("group", 2, ["GE02 1 -> 2"])),
        ("ST*837*0001", "ST*837*0002", ("transaction", 2, ["ST02 0001 -> 0002"])),
        ("TESTBATCH", "TESTBATCX", ("transaction", 2, ["BHT03 TESTBATCH -> TESTBATCX"])),
        ("EXAMPLE RECEIVER", "OTHER RECEIVER", ("transaction", 2, ["1000B/NM103 EXAMPLE RECEIVER -> OTHER RECEIVER"])),
        ("*0001~GE", "*0003~GE", ("transaction", 2, ["SE02 0001 -> 0003"])),
        ("XX*1234567893", "XX*1000000012", ("billing", 2, ["2010AA/NM109 1234567893 -> 1000000012"])),
        ("PRV*BI*PXC*207Q00000X~", "", ("billing", 2, ["removed 2000A/PRV PRV*BI*PXC*207Q00000X"])),
        ("MI*TEST0001", "MI*TEST0009", ("subscriber", 1, ["2010BA/NM109 TEST0001 -> TEST0009"])),
        ("SBR*P*18", "SBR*S*18", ("subscriber", 1, ["2000B/SBR01 P -> S"])),
    ],
)  # fmt: skip
def test_each_is_told_once_with_the_claims_below(old, new, told):
    assert context(whole(TWO), whole(TWO, (old, new))) == [told]
    assert notes(whole(TWO), whole(TWO, (old, new))) == []


DEPENDENT = (
    "HL*3*2*23*0~PAT*19~NM1*QC*1*DOE*CHILD~N3*1 EXAMPLE ST~N4*SPRINGFIELD*IL*627010001~DMG*D8*20150101*M~CLM*"
)


def test_a_patient_of_his_own():
    told = context(whole(CLAIM), whole(CLAIM, ("CLM*", DEPENDENT)))
    assert [(level, claims) for level, claims, _ in told] == [("patient", 1)]
    assert told[0][2][:3] == [
        "added 2000C/HL HL*3*2*23*0",
        "added 2000C/PAT PAT*19",
        "added 2010CA/NM1 NM1*QC*1*DOE*CHILD",
    ]


def test_numbers_of_hl_segments_are_a_note():
    before = whole(TWO)
    after = whole(TWO, ("HL*3*1*22*0", "HL*4*1*22*0"))
    assert context(before, after) == []
    assert notes(before, after) == [Note("hl-numbering", 1)]


def test_a_claim_left_out_leaves_no_trace_above_it():
    before, after = whole(TWO), whole(CLAIM, ("CLAIM1", "CLAIM2"), ("TEST0001", "TEST0002"))
    told = context(before, after)
    assert [level for level, _, _ in told] == ["transaction"]  # SE01
    assert notes(before, after) == [Note("hl-numbering", 1)]


EMPTY = (
    "HL*9*1*22*0~SBR*P*18*******CI~NM1*IL*1*NOBODY*NEVER****MI*TEST0099~NM1*PR*2*EXAMPLE PAYER*****PI*99999~"
)


def test_a_subscriber_without_claims():
    before, after = whole(CLAIM), whole(CLAIM, ("SE*", EMPTY + "SE*"))
    told = context(before, after)
    assert [(level, claims, len(changes)) for level, claims, changes in told] == [("subscriber", 0, 4)]
    assert context(after, after) == []
    changed = whole(CLAIM, ("SE*", EMPTY.replace("TEST0099", "TEST0098") + "SE*"))
    assert context(after, changed) == [("subscriber", 0, ["2010BA/NM109 TEST0099 -> TEST0098"])]


def test_the_block_of_a_claim_taken_out_may_stay_behind():
    before = whole(TWO)
    after = before[: before.index(b"CLM*CLAIM2")] + before[before.index(b"SE*") :]
    assert context(before, after) == []


def test_one_subscriber_written_twice_is_no_change():
    block = (
        "HL*2*1*22*0~SBR*P*18*******CI~NM1*IL*1*DOE*JANE****MI*TEST0001~NM1*PR*2*EXAMPLE PAYER*****PI*99999~"
    )
    start = whole(CLAIM)
    head, claims, tail = (
        start[: start.index(b"HL*2*")],
        start[start.index(b"CLM*") : start.index(b"SE*")],
        start[start.index(b"SE*") :],
    )
    other = claims.replace(b"CLAIM1", b"CLAIM2")
    once, twice = block.encode(), block.replace("HL*2", "HL*3").encode()
    assert context(head + once + claims + other + tail, head + once + claims + twice + other + tail) == []


def test_separators_and_line_ends_are_notes():
    text = batch(CLAIM)
    usual = spell(text, "usual")
    assert notes(usual, spell(text, "crlf")) == [Note("line-ends", before="none", after="CR LF")]
    assert notes(usual, spell(text, "other separators")) == [
        Note("separators", before="* : ^ ~", after="| > ^ !")
    ]
    assert notes(usual, spell(text, "newline")) == [Note("separators", before="* : ^ ~", after="* : ^ 0x0a")]
    assert context(usual, spell(text, "other separators")) == [("interchange", 1, ["ISA16 : -> >"])]


def test_blanks_between_segments_are_told_when_nothing_else_is():
    before = whole(CLAIM)
    assert notes(before, before.replace(b"~SV1*", b"~\r\n SV1*")) == [Note("spacing")]
    assert notes(before, before + b"\r\n") == [Note("spacing")]
    assert notes(before, before.replace(b"~SV1*HC:96372*30", b"~ SV1*HC:96372*35")) == []


def test_claims_in_another_order():
    data = whole(f"{CLAIM}\n=== M2\n{CLAIM}\n=== M3\n{CLAIM}")
    starts = [data.index(b"HL*%d*1*22" % n) for n in (2, 3, 4)]
    blocks = [data[a:b] for a, b in zip(starts, [*starts[1:], data.index(b"SE*")], strict=True)]
    swapped = data[: starts[0]] + blocks[2] + blocks[0] + blocks[1] + data[data.index(b"SE*") :]
    assert notes(data, swapped) == [Note("claim-order", 1)]


GENERATED = "".join(f"{segment}~" for piece, _ in sample(60, 3) for segment in piece).encode()
SEGMENTS = GENERATED.split(b"~")


@given(
    st.sets(st.integers(1, len(SEGMENTS) - 2), max_size=3),
    st.binary(min_size=1, max_size=2).filter(bytes.isalnum),
)
def test_whatever_segment_changes_something_is_told(numbers, text):
    """An element more at the end of any segment of a file, the envelope too, is a difference somewhere."""
    changed = [segment + b"*" + text if n in numbers else segment for n, segment in enumerate(SEGMENTS)]
    with loops.read(GENERATED) as first, loops.read(b"~".join(changed)) as second:
        comparison = Comparison(first, second)
        told = [change for diff in comparison.context() for change in diff.changes]
        told += [change for diff in comparison.claims() for change in diff.all_changes()]
        assert len(told) == len(numbers)
        assert sorted(change.segment_before.raw for change in told) == sorted(SEGMENTS[n] for n in numbers)
        assert all(change.after == text.decode() for change in told)
