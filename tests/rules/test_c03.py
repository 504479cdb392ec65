import pytest
from rulecases import bad, check_case, findings, good

from scrubber.registry import Selection, find_rule

LINES = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1"

CASES = [
    bad("an injection", LINES, severity="advise", place="2400/SV101", line="1"),
    bad("two injections", LINES + "\nSV1*HC:96372:59*30*UN*1***1", count=2),
    good("chemotherapy", "SV1*HC:96401*90*UN*1***1\nSV1*HC:J9260*5*UN*1***1"),
    good("a drug alone", "SV1*HC:J3420*5*UN*1***1"),
    good("a void", "CLM*C****11:B:8*Y*A*Y*Y\nREF*F8*1\n" + LINES),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_c03(case):
    check_case("INJ-C03", case)


def test_it_is_off_until_somebody_wants_it():
    assert "INJ-C03" not in Selection()
    assert "INJ-C03" in Selection(["INJ", "INJ-C03"])


@pytest.mark.parametrize(("attached", "word"), [("PWK*OZ*EL***AC*TEST1\n", True), ("", False)])
def test_papers_that_are_announced_are_told(attached, word):
    (found,) = findings(find_rule("INJ-C03"), attached + LINES)
    assert ("PWK" in found.message) == word
