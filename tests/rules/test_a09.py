from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

LINES = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1"
OLD = "REF*F8*TESTICN1\n"


def claim(code, rest="", payer="CI"):
    return f"SBR*P*18*******{payer}\nCLM*C****11:B:{code}*Y*A*Y*Y\n{rest}{LINES}"


def payer(value, begun=date(2020, 1, 1)):
    return Profile("test", habits=(Habit("freq7", value, begun, None, "a manual", "", "payer"),))


CASES = [
    bad("a replacement without number", claim("7"), severity="reject", place="2300/CLM05-03"),
    bad("a void without number", claim("8"), severity="reject"),
    bad("an empty number", claim("7", "REF*F8*\n"), severity="reject"),
    bad("a code of institutions", claim("6", OLD), severity="reject"),
    bad("no code", claim(""), severity="reject"),
    bad("new, with an old number", claim("1", OLD), severity="advise", place="2300/REF"),
    bad("Medicare", claim("7", OLD, "MB"), severity="advise"),
    bad("a payer without replacements", claim("7", OLD), severity="reject", profile=payer("no")),
    bad("the same, undated", claim("7", OLD), severity="advise", profile=payer("no", None)),
    bad("a payer of allowed claims only", claim("7", OLD), severity="advise", profile=payer("allowed_only")),
    good("new", claim("1")),
    good("a replacement", claim("7", OLD)),
    good("a void", claim("8", OLD)),
    good("a payer with replacements", claim("7", OLD, "MB"), profile=payer("yes")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a09(case):
    check_case("INJ-A09", case)
