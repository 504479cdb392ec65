"""Which claim is which: the same bytes, the same CLM01, the same visit."""

from __future__ import annotations

import pytest
from comparing import CLAIM, said, whole

import loops
from scrubber.diff import compare

LINE = "SV1*HC:96372*30*UN*1***1"
DRUG = "SV1*HC:J3420*5*UN*1***1"
VISIT = "SV1*HC:99213*100*UN*1***1"


def claims(*texts: str) -> bytes:
    """Claims of other patients each: CLM01 (the member id too), then the lines, with | between."""
    named = [text.split("|") for text in texts]
    return whole("\n".join(of_patient(name, name, *rows) for name, *rows in named))


def of_patient(member: str, name: str, *rows: str) -> str:
    return "\n".join([f"=== {member}", f"CLM*{name}", *rows])


def matched(before: bytes, after: bytes) -> list[tuple[int | None, int | None, str]]:
    """Ordinals of the claims that differ, and how they were recognised."""
    with loops.read(before) as one, loops.read(after) as other:
        return [
            (diff.before and diff.before.index, diff.after and diff.after.index, diff.matched)
            for diff in compare(one, other)
        ]


def test_claims_that_say_the_same_are_recognised_wherever_they_stand():
    texts = (f"A|{LINE}", f"B|{LINE}", f"D|{VISIT}")
    assert matched(claims(*texts), claims(*texts)) == []
    assert matched(claims(*texts), claims(*texts[1:])) == [(1, None, "")]
    assert matched(claims(*texts[1:]), claims(*texts)) == [(None, 1, "")]


def test_by_claim_number_when_the_rest_changed():
    before, after = claims(f"A|{LINE}", f"B|{LINE}"), claims(f"B|{VISIT}", f"A|{LINE}|{DRUG}")
    assert matched(before, after) == [(2, 1, "claim"), (1, 2, "claim")]


def test_a_number_given_twice_is_told_apart_by_charge_and_date():
    other_day = LINE + "\nDTP*472*D8*20260401"
    before = claims(f"A|{LINE}", f"A|{other_day}", f"A|{VISIT}")
    after = claims(f"A|{VISIT}*Y", f"A|{other_day}*Y".replace("1***1", "1***1:2"), f"A|{LINE}**Y")
    told = matched(before, after)
    assert [pair[2] for pair in told] == ["claim"] * 3
    assert {pair[:2] for pair in told} == {(3, 1), (2, 2), (1, 3)}


def test_a_number_given_twice_with_all_the_same_goes_by_position():
    before = whole(f"=== M1\nCLM*A\n{LINE}\n=== M1\nCLM*A\n{LINE}")
    after = whole(f"=== M1\nCLM*A\n{LINE}**Y\n=== M1\nCLM*A\n{LINE}**Y")
    assert matched(before, after) == [(1, 1, "claim"), (2, 2, "claim")]
    assert matched(before, whole(f"=== M1\nCLM*A\n{LINE}")) == [(2, None, "")]


def test_copies_of_a_claim_are_told_apart_by_their_patient():
    before = whole(f"=== M1\nCLM*A\n{LINE}\n=== M2\nCLM*A\n{LINE}")
    after = whole(f"=== M2\nCLM*A\n{LINE}")
    assert matched(before, after) == [(1, None, "")]


def test_the_same_number_with_nothing_else_in_common_is_another_claim():
    before = whole(f"=== M1\nCLM*1\n{LINE}")
    after = whole(f"=== M2\nCLM*1\n{VISIT}\nDTP*472*D8*20260401", ("XX*1234567893", "XX*1000000012"))
    assert matched(before, after) == [(1, None, ""), (None, 1, "")]


@pytest.mark.parametrize(
    ("again", "how"),
    [
        pytest.param(["X*30***11:B:7*Y*A*Y*Y", "REF*F8*ICN1", LINE], "patient", id="replacement"),
        pytest.param(
            ["X*30***11:B:1*Y*A*Y*Y", "REF*F8*ICN1", VISIT], "patient", id="with the payer's number"
        ),
        pytest.param(["X*30***11:B:7*Y*A*Y*Y", VISIT], "patient", id="replaced by another service"),
        pytest.param(["X*35***11:B:1*Y*A*Y*Y", LINE, DRUG], "patient", id="a service in common"),
        pytest.param(["X*100***11:B:1*Y*A*Y*Y", VISIT], "", id="nothing in common but the visit"),
    ],
)
def test_what_is_sent_again_under_another_number(again, how):
    before = whole(of_patient("M1", "A*30***11:B:1*Y*A*Y*Y", LINE))
    told = matched(before, whole(of_patient("M1", *again)))
    assert told == ([(1, 1, how)] if how else [(1, None, ""), (None, 1, "")])


def test_another_patient_or_day_is_not_sent_again():
    before = whole(of_patient("M1", "A*30***11:B:1*Y*A*Y*Y", LINE))
    for other in (
        of_patient("M2", "X*30***11:B:7", LINE),
        of_patient("M1", "X*30***11:B:7", LINE, "DTP*472*D8*20260401"),
    ):
        assert matched(before, whole(other)) == [(1, None, ""), (None, 1, "")]


def test_of_two_claims_of_a_visit_the_one_with_more_in_common():
    first, second = of_patient("M1", "A", VISIT), of_patient("M1", "B", LINE, DRUG)
    again = of_patient("M1", "X*35***11:B:7*Y*A*Y*Y", LINE, DRUG)
    assert matched(whole(f"{first}\n{second}"), whole(again)) == [(1, None, ""), (2, 1, "patient")]


def test_two_batches_in_a_file_and_one_of_each():
    one, other = whole(CLAIM), whole(CLAIM, ("CLM*CLAIM1", "CLM*CLAIM2"), ("MI*TEST0001", "MI*TEST0002"))
    assert said(one + other, one + other) == []
    assert said(one + other, other) == ["removed claim CLAIM1"]
    assert said(one, one + other) == ["added claim CLAIM2"]
