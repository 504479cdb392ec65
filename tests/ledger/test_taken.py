"""What is taken of the bytes of claims is what reading them segment by segment gives, however they are spoilt."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from hmac import digest

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plainclaims import plain_row

import loops
from scrubber.ledger import Submissions, member_key, person_key
from scrubber.payers import Payers
from scrubber.sample.fragment import batch

AT = datetime(2026, 11, 2, 12, 30, tzinfo=UTC)
KEY = b"k" * 32
SPELLINGS = (
    *(("*", ":", "~", ""), ("*", ":", "\n", ""), ("|", ">", "!", ""), ("^", "-", "]", "\r\n")),
    *((".", "/", "~", ""), ("-", ".", '"', " "), ("*", "\\", ".", "\n")),
)
JUNK = b'~*:^ABCLXSV1\n\r "\\0\xe9\x00'
PLAIN = """
    SBR*P*18*******CI
    NM1*IL*1*EXAMPLE*JANE****MI*TEST0001
    CLM*TEST1****11:B:7*Y*A*Y*Y
    HI*ABK:E538*ABF:I10
    NM1*82*1*SAMPLE*DOC****XX*1000000020
    SV1*HC:96372:59:76*30.5*UN*2***2:1
    REF*6R*LINE1
    SV1*HC:J3420*5*UN*1.5*22**1
    LIN**N4*00143961901
"""
ODD = """
    LX LX* LX*X LXX*1 CLM CLM*Z CLM*Z*5***22:B:1*Y SBR SBR*S*18*******MC
    HI HI* HI*BP:1 HI*ABF:J189*ABF::9 HI*BF:E119*BF*BF:1*BF:E119*BF*BF*BF*BF*BF*BF*BF*BF*BF:I10*BF:I11
    NM1 NM1*82 NM1*82*1*A*B****XX*1000000012 NM1*82*1*A*B****MI*1000000012 NM1*IL*1 NM1*QC*1*A*B
    NM1*PR*2*A*****PI*1 NM1*85*2*A*****XX*1 REF REF*D9* REF*D9*T*U REF*F8*Q
    REF*6R REF*6R* REF*6R*L-9*X REF*6R*\xe9 SVD*X SV1 SV1* SV1*HC:1 SV1*HC:99213:25::59:*1.005
    SV1*HC:A*.5*UN*1***12:1:13:0:2 SV1**-3*UN*X*X SV1**0 SV1**7. SV1**12345678*UN SV1**1234567.8*UN****2:3 SV1**5X*
    DTP DTP*472 DTP*472* DTP*472*D8*20260101 DTP*472*RD8*20250101-20270101 DTP*471*D8*20240101
    DTP*472*RD8*20250101 DTP*472*D8*2026 LIN LIN* LIN**N4*1-2 DMG*D8*19700101 N4*A*IL HL*9
""".split()
"""Segments that stand, one or another, where one of a claim is looked for."""


def check(data):
    """Compare every claim of a batch; return how many there are."""
    try:
        opened = loops.read(data, name="sample.837")
    except loops.NotX12Error:
        return 0
    with opened:
        made = Submissions(opened, Payers(), at=AT, key=KEY)
        for number in range(len(opened)):
            ready = made.ready(number)
            taken, plain = ready.row._asdict(), plain_row(opened, number, KEY)
            assert {column: taken[column] for column in plain} == plain
            claim = made.submitted(number)
            assert (claim.id, claim.identity) == (ready.row.claim, ready.identity)
            assert len(claim.lines) == ready.lines
        return len(opened)


def spoilt(data, rng):
    """The batch with some bytes and segments dropped, added, doubled or moved."""
    header, *segments = bytes(data).split(b"~")
    for _ in range(rng.randrange(1, 30)):
        at, other = rng.randrange(len(segments)), rng.randrange(len(segments))
        segment = segments[at]
        place = rng.randrange(len(segment) + 1)
        match rng.randrange(5):
            case 0:
                segments[at] = segment[:place] + segment[place + 1 :]
            case 1:
                segments[at] = segment[:place] + bytes([rng.choice(JUNK)]) + segment[place:]
            case 2:
                segments[at], segments[other] = segments[other], segment
            case 3:
                segments.insert(other, segment)
            case _:
                segments[at] = segment.rpartition(b"*")[0]
    return b"~".join([header, *segments])


def respelled(data, spelling):
    """A batch with other separators."""
    element, component, terminator, after = spelling
    text = data.decode("latin-1").translate({42: element, 58: component, 126: terminator + after})
    return text.encode("latin-1")


def test_a_fixture_and_what_it_may_be_spoilt_to(fixture_file):
    data, rng = fixture_file.read_bytes(), random.Random(fixture_file.name)
    if check(data):
        if b"~" not in data:
            return
        for spelling in SPELLINGS:
            check(respelled(data, spelling))
        for _ in range(8):
            check(spoilt(data, rng))


@pytest.mark.shared
def test_the_corpus_and_what_it_may_be_spoilt_to(shared):
    seen = 0
    for path in sorted((shared / "corpus").rglob("*")):
        if path.is_file() and path.stat().st_size < 1 << 18:
            data, rng = path.read_bytes(), random.Random(path.name)
            seen += check(data)
            if b"~" in data:
                seen += check(spoilt(data, rng))
    assert seen > 150


@given(
    st.lists(st.tuples(st.integers(0, 99), st.sampled_from(ODD), st.booleans()), max_size=12),
    st.sampled_from(SPELLINGS),
)
def test_segments_that_are_missing_or_odd_or_there_again(changes, spelling):
    header, *segments = batch(PLAIN).split("~")
    for place, segment, instead in changes:
        at = place % len(segments)
        segments[at : at + instead] = [segment]
    check(respelled("~".join([header, *segments]).encode("latin-1"), spelling))


@given(st.binary(max_size=100), st.text(max_size=20), st.text(max_size=10), st.text(max_size=10))
def test_the_hash_is_an_hmac(key, member, born, first):
    told = f"person\0{member.strip()}\0{born}\0{first.strip()}".upper()
    who = member.strip() or (first.strip() and born)
    assert person_key(key, member, born, first) == (
        digest(key, told.encode(), "sha256").hex()[:32] if who else ""
    )
    told = f"member\0{member.strip()}".upper()
    assert member_key(key, member) == (
        digest(key, told.encode(), "sha256").hex()[:32] if member.strip() else ""
    )
