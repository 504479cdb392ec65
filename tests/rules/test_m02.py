from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

DRUGS = "\nSV1*HC:J3420*5*UN*1***1\nSV1*HC:J1885*5*UN*2***1"


def injection(units, modifier=""):
    return f"SV1*HC:96372{modifier}*60*UN*{units}***1" + DRUGS


def payer(value, begun=date(2020, 1, 1)):
    return Profile("test", habits=(Habit("second_injection", value, begun, None, "a policy", "", "payer"),))


CASES = [
    bad("two", injection(2), severity="advise", place="2400/SV104", line="1"),
    bad("two with 76", injection(2, ":76"), severity="advise"),
    bad("two with 76 for a payer of units", injection(2, ":76"), severity="advise", profile=payer("units")),
    bad("a payer of lines with 76", injection(2), severity="deny", profile=payer("lines_76")),
    bad("a payer of lines with 59", injection(2), severity="deny", profile=payer("lines_59")),
    bad("a payer of lines, undated", injection(2), severity="advise", profile=payer("lines_59", None)),
    good("one", injection(1)),
    good("two lines", injection(1) + "\nSV1*HC:96372:59*30*UN*1***1"),
    good("two for a payer of units", injection(2), profile=payer("units")),
    good("the units of the drug", injection(1)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_m02(case):
    check_case("INJ-M02", case)
