"""Claims taken out of a batch by hand: what stays, what goes with them, what is written anew."""

from __future__ import annotations

import re
from dataclasses import astuple

import pytest
from parting import claims, envelope_faults, made, parts, segments, written

import loops
from scrubber.batch.split import Numbers, fresh_numbers, hold_all, split

ISA = "ISA*00*          *00*          *ZZ*TESTSENDER     *ZZ*TESTRECEIVER   *261102*1200*^*00501*{}*0*T*:"
BILLING = ["NM1*85*2*EXAMPLE CLINIC*****XX*1000000012"]
OWN = ["SBR*P*18*GRP1******CI", "NM1*IL*1*DOE*JANE****MI*TEST0001"]
OTHERS = ["SBR*P**GRP1******CI", "NM1*IL*1*DOE*JANE****MI*TEST0002"]
CHILD = ["PAT*19", "NM1*QC*1*DOE*JOHN"]


def claim(name: str) -> list[str]:
    return [f"CLM*{name}*10***11:B:1", "LX*1", "SV1*HC:96372*10*UN*1***1"]


def transaction(*body: list[str], st: str = "0001", count: int | None = None) -> list[str]:
    inner = [one for part in body for one in part]
    return [f"ST*837*{st}*005010X222A1", f"BHT*0019*00*REF{st}", *inner, f"SE*{count or len(inner) + 3}*{st}"]


def group(*sets: list[str], number: str = "7") -> list[str]:
    head = f"GS*HC*TESTSENDER*TESTRECEIVER*20261102*1200*{number}*X*005010X222A1"
    return [head, *(one for part in sets for one in part), f"GE*{len(sets)}*{number}"]


def interchange(*groups: list[str], number: str = "000000005") -> list[str]:
    inner = [one for part in groups for one in part]
    return [ISA.format(number), *inner, f"IEA*{len(groups)}*{number}"]


def text(rows: list[str], end: str = "~\n") -> bytes:
    return "".join(row + end for row in rows).encode("ascii")


FAMILY = transaction(
    ["HL*1**20*1"], BILLING,
    ["HL*2*1*22*0"], OWN, claim("A"), claim("B"),
    ["HL*3*1*22*1"], OTHERS,
    ["HL*4*3*23*0"], CHILD, claim("C"),
    ["HL*5*3*23*0"], CHILD, claim("D"),
    ["HL*6**20*1"], BILLING,
    ["HL*7*6*22*0"], OWN, claim("E"),
)  # fmt: skip


def levels(data: bytes | None) -> list[str]:
    assert data is not None
    assert not envelope_faults(data)
    return ["*".join(one[1:]) for one in segments(data) if one[0] == "HL"]


def names(data: bytes | None) -> list[str]:
    return [one.split(b"*")[1].decode() for one in claims(data)]


@pytest.mark.parametrize(
    ("hold", "released", "held"),
    [
        ({0}, ["1**20*1", "2*1*22*0", "3*1*22*1", "4*3*23*0", "5*3*23*0", "6**20*1", "7*6*22*0"],
              ["1**20*1", "2*1*22*0"]),
        ({0, 1}, ["1**20*1", "2*1*22*1", "3*2*23*0", "4*2*23*0", "5**20*1", "6*5*22*0"],
                 ["1**20*1", "2*1*22*0"]),
        ({2}, ["1**20*1", "2*1*22*0", "3*1*22*1", "4*3*23*0", "5**20*1", "6*5*22*0"],
              ["1**20*1", "2*1*22*1", "3*2*23*0"]),
        ({2, 3}, ["1**20*1", "2*1*22*0", "3**20*1", "4*3*22*0"],
                 ["1**20*1", "2*1*22*1", "3*2*23*0", "4*2*23*0"]),
        ({0, 1, 2, 3}, ["1**20*1", "2*1*22*0"],
                       ["1**20*1", "2*1*22*0", "3*1*22*1", "4*3*23*0", "5*3*23*0"]),
        ({3, 4}, ["1**20*1", "2*1*22*0", "3*1*22*1", "4*3*23*0"],
                 ["1**20*1", "2*1*22*1", "3*2*23*0", "4**20*1", "5*4*22*0"]),
    ],
)  # fmt: skip
def test_empty_levels_go_and_the_others_are_numbered_anew(hold, released, held):
    parted, one, other = parts(text(interchange(group(FAMILY))), hold)
    assert levels(one) == released
    assert levels(other) == held
    assert names(one) == [name for n, name in enumerate("ABCDE") if n not in hold]
    assert names(other) == [name for n, name in enumerate("ABCDE") if n in hold]
    assert not parted.added
    assert parted.removed.claims == len(hold)
    assert parted.removed.levels == 7 - len(released)


def test_nothing_to_hold_is_the_input():
    data = made(1)
    parted, released, held = parts(data, set())
    assert released == data
    assert held is parted.held is None
    assert list(parted.held_claims()) == []
    assert sum(astuple(parted.removed)) == 0


def test_all_to_hold_leaves_nothing_to_release():
    data = made(1)
    count = len(claims(data))
    parted, released, held = parts(data, set(range(count)))
    assert released is parted.released is None
    assert claims(held) == claims(data)
    assert list(parted.released_sets) == []
    assert parted.removed.claims == count


def test_a_claim_that_is_not_there_is_an_error():
    data = text(interchange(group(FAMILY)))
    for wrong in (5, -1):
        with pytest.raises(IndexError):
            parts(data, {wrong})


def test_sets_groups_and_interchanges_without_claims_go():
    one = transaction(["HL*1**20*1"], BILLING, ["HL*2*1*22*0"], OWN, claim("X"))
    two = [row.replace("0001", "0002") for row in one]
    rows = [
        *interchange(group(one, two), group(one, number="8")),
        *interchange(group(one), number="000000006"),
    ]
    parted, released, held = parts(text(rows), {0, 2})
    assert [row[:3] for row in map("*".join, segments(released))].count("GS*") == 2
    assert b"GE*1*7~" in released
    assert b"IEA*1*000000005~" in released
    assert b"*8~" not in released
    assert not envelope_faults(released)
    assert not envelope_faults(held)
    assert list(parted.released_sets) == [1, 3]
    assert list(parted.held_sets) == [0, 2]
    assert astuple(parted.removed) == (2, 4, 2, 1, 0, 0)
    parted, released, held = parts(text(rows), {3})
    assert released == text(rows[: -len(interchange(group(one)))])
    assert astuple(parted.removed) == (1, 2, 1, 1, 1, 0)


def other_kind(st: str = "0009") -> list[str]:
    return [f"ST*837*{st}*005010X223A2", "HL*1**20*1", "CLM*HOSPITAL*99", f"SE*4*{st}"]


def test_transactions_of_other_kinds_are_released():
    mine = transaction(["HL*1**20*1"], BILLING, ["HL*2*1*22*0"], OWN, claim("X"))
    data = text(interchange(group(mine, other_kind())))
    parted, released, held = parts(data, {0})
    assert released == text(interchange(group(other_kind())))
    assert names(held) == ["X"]
    assert b"HOSPITAL" not in held
    assert list(parted.released_sets) == [1]
    assert list(parted.held_sets) == [0]


def test_a_set_that_came_without_claims_is_released():
    mine = transaction(["HL*1**20*1"], BILLING, ["HL*2*1*22*0"], OWN, claim("X"))
    empty = transaction(["HL*1**20*1"], BILLING, st="0002")
    _, released, held = parts(text(interchange(group(mine, empty))), {0})
    assert released == text(interchange(group(empty)))
    assert names(held) == ["X"]


def test_a_level_that_came_empty_is_released():
    body = [["HL*1**20*1"], BILLING, ["HL*2*1*22*0"], OWN, ["HL*3*1*22*0"], OWN, claim("X"), claim("Y")]
    _, released, held = parts(text(interchange(group(transaction(*body)))), {0})
    assert levels(released) == ["1**20*1", "2*1*22*0", "3*1*22*0"]
    assert levels(held) == ["1**20*1", "2*1*22*0"]


def test_the_held_file_has_new_numbers_and_the_released_one_keeps_its_own():
    data = text(interchange(group(FAMILY)))
    with loops.read(data) as batch:
        numbers = Numbers((b"000000077",), (b"88",), (b"9999",), (b"NEW66",))
        parted = split(batch, {0}, numbers)
        held = written(batch, parted.held)
    _, released, _ = parts(data, {0})
    assert [released.count(one) for one in (b"*000000005", b"*7~", b"*0001", b"REF0001")] == [2, 1, 2, 1]
    assert [held.count(one) for one in (b"*000000077", b"*88", b"*9999", b"*NEW66~")] == [2, 2, 2, 1]
    assert not any(one in held for one in (b"000000005", b"REF0001"))
    assert not envelope_faults(held)
    (renewed,) = parted.renewed
    assert renewed.old == ("000000005", "7", "0001", "REF0001")
    assert renewed.new == ("000000077", "88", "9999", "NEW66")


def test_fresh_numbers_follow_from_the_input_and_are_like_no_other():
    data = made(5)
    with loops.read(data) as batch:
        one, other = fresh_numbers(batch, "aa"), fresh_numbers(batch, "ab")
        assert one == fresh_numbers(batch, "aa")
        old = [batch.envelope(number) for number in range(len(batch.index.set_start))]
    assert len(one.isa13) > 1
    assert all(re.fullmatch(b"[0-9]{9}", number) for number in one.isa13 + one.gs06 + one.st02)
    assert all(re.fullmatch(b"[0-9]{15}", number) for number in one.bht03)
    for new in (one.isa13, one.gs06, one.st02, one.bht03):
        assert len({*new}) == len(new)
    assert not {*one.isa13} & {*other.isa13}
    assert not {number.decode() for number in one.isa13} & {one.isa13 for one in old}
    assert not {number.decode() for number in one.st02} & {one.st02 for one in old}


@pytest.mark.parametrize(("width", "count"), [(1, 4), (2, 30), (3, 1)])
def test_a_number_of_another_width_keeps_it(width, count):
    one = transaction(["HL*1**20*1"], BILLING, ["HL*2*1*22*0"], OWN, claim("X"))
    rows = [row for n in range(count) for row in interchange(group(one), number=str(n + 1).zfill(width))]
    with loops.read(text(rows)) as batch:
        numbers = fresh_numbers(batch, "aa").isa13
    assert {len(number) for number in numbers} == {width}
    assert len({*numbers}) == count
    assert not {*numbers} & {str(n + 1).zfill(width).encode() for n in range(count)}


def test_a_trailer_that_repeats_another_number_keeps_it():
    data = text(interchange(group(FAMILY))).replace(b"GE*1*7~", b"GE*1*9~")
    _, _, held = parts(data, {0})
    assert b"GE*1*9~" in held


def test_a_wrong_count_stays_wrong_by_as_much():
    wrong = [*FAMILY[:-1], f"SE*{len(FAMILY) + 5}*0001"]
    data = text(interchange(group(wrong))).replace(b"IEA*1*", b"IEA*4*")
    for output in parts(data, {0, 4})[1:]:
        rows = segments(output)
        start = next(n for n, row in enumerate(rows) if row[0] == "ST")
        end = next(n for n, row in enumerate(rows) if row[0] == "SE")
        assert int(rows[end][1]) == end - start + 1 + 5
        assert b"IEA*4*" in output


@pytest.mark.parametrize(
    ("told", "count"), [("0023", "0014"), ("99", "90"), ("1", "0"), ("", ""), ("X", "X")]
)
def test_a_count_keeps_its_form(told, count):
    body = [["HL*1**20*1"], BILLING, ["HL*2*1*22*0"], OWN, claim("X"), ["HL*3*1*22*0"], OWN, claim("Y")]
    body.append(claim("Z"))
    rows = transaction(*body)
    data = text(interchange(group([*rows[:-1], f"SE*{told}*0001"])))
    _, released, _ = parts(data, {0, 1})
    assert f"SE*{count}*0001~".encode() in released


def test_empty_segments_are_not_counted():
    data = text(interchange(group(FAMILY))).replace(
        b"SV1*HC:96372*10*UN*1***1~\n", b"SV1*HC:96372*10*UN*1***1~\n~\n~", 1
    )
    _, released, _ = parts(data, {0})
    assert released == parts(text(interchange(group(FAMILY))), {0})[1]


def test_hl04_that_came_wrong_is_not_mended_in_passing():
    data = text(interchange(group(FAMILY))).replace(b"HL*2*1*22*0", b"HL*2*1*22*1")
    _, released, held = parts(data, {4})
    assert b"HL*2*1*22*1" in released
    assert b"HL*2*1*22*0~" in held  # its claims are not held: another subscriber is number 2 here


BROKEN = {
    "HL number 3": (b"HL*3*1*22*1", b"HL*4*1*22*1"),
    "HL number 2": (b"HL*2*1*22*0", b"HL*2**22*0"),
    "HL number 6": (b"HL*6**20*1", b"HL*6*1*20*1"),
    "HL number 4": (b"HL*4*3*23*0", b"HL*4*2*23*0"),
    "HL number 5": (b"HL*5*3*23*0", b"HL*5*3*XX*0"),
    "HL number 7": (b"HL*7*6*22*0", b"HL*7*6"),
    "HL number 1": (b"HL*1**20*1", b"HL*X**20*1"),
    "under no subscriber": (b"HL*2*1*22*0", b"CLM*STRAY*1~\nHL*2*1*22*0"),
    "no SE": (b"SE*37*0001~\n", b""),
}


@pytest.mark.parametrize("why", BROKEN)
def test_a_set_that_cannot_be_taken_apart_is_held_whole(why):
    before, after = BROKEN[why]
    good = [row.replace("0001", "0002") for row in FAMILY]
    data = text(interchange(group(FAMILY, good)))
    assert before in data
    parted, released, held = parts(data.replace(before, after, 1), {1})
    assert why in parted.added[0].reason
    assert {one.reason for one in parted.added} == {parted.added[0].reason}
    assert [one.claim for one in parted.added] == [n for n in range(len(parted.added) + 1) if n != 1]
    assert claims(released) == claims(text(interchange(group(good))))
    assert after.split(b"~")[0] in held


MIXED = transaction(
    ["HL*1**20*1"], BILLING,
    ["HL*2*1*22*1"], OWN, claim("A"), claim("B"),
    ["HL*3*2*23*0"], CHILD, claim("C"), claim("D"),
    ["HL*4*2*23*0"], CHILD, claim("E"),
    ["HL*5*1*22*0"], OWN, claim("F"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("hold", "held"),
    [
        ({0}, "A"),
        ({0, 1}, "ABCDE"),  # the dependents would be released without the subscriber's own claims
        ({2}, "ABCDE"),  # a dependent would be held without them
        ({0, 2}, "AC"),
        ({0, 1, 2, 3}, "ABCDE"),
        ({2, 3, 4}, "ABCDE"),
        ({0, 2, 3, 4}, "ACDE"),
        ({5}, "F"),
        ({0, 1, 5}, "ABCDEF"),
    ],
)
def test_a_subscriber_who_is_patient_too_is_not_torn_from_the_dependents(hold, held):
    parted, released, other = parts(text(interchange(group(MIXED))), hold)
    assert "".join(names(other)) == held
    assert "".join(names(released)) == "".join(name for name in "ABCDEF" if name not in held)
    assert {one.claim for one in parted.added} == {"ABCDEF".index(name) for name in held} - hold
    assert all("subscriber" in one.reason for one in parted.added)


def test_what_stands_outside_of_transactions_is_released():
    stray = b"text nobody asked for\n"
    data = b"\xef\xbb\xbf" + text(interchange(["TA1*000000001*261102*1200*A*000"], group(FAMILY)))
    data = data.replace(b"IEA*2", b"IEA*1") + stray + text(interchange(group(FAMILY), number="000000006"))
    _, released, held = parts(data, {0, 1, 2, 3, 4})
    assert stray in released
    assert b"TA1*" in released
    assert b"TA1*" not in held
    assert stray not in held
    assert released.startswith(b"\xef\xbb\xbfISA")
    assert held.startswith(b"\xef\xbb\xbfISA")
    _, released, held = parts(data, set(range(10)))
    assert released is None
    assert stray in held
    assert b"TA1*" in held


def test_bytes_after_the_last_iea_are_kept():
    data = text(interchange(group(FAMILY))) + b"\r\n\x1a"
    for output in parts(data, {0})[1:]:
        assert output.endswith(b"~\n\r\n\x1a")


def test_a_batch_held_as_a_whole_keeps_every_byte():
    data = made(5)
    with loops.read(data) as batch:
        parted = hold_all(batch, "why not")
        assert len(parted.held) == 0
        assert parted.released is None
        assert list(parted.held_claims()) == list(range(len(batch)))
        assert all(one.old == one.new for one in parted.renewed)
