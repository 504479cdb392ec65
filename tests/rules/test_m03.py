from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

FIRST = "SV1*HC:96372*30*UN*1***1\n"
DRUGS = "SV1*HC:J3420*5*UN*1***1\nSV1*HC:J1885*5*UN*2***1\n"
OTHER_RENDERS = "NM1*82*1*TESTCASE*LEE****XX*1003000126\nPRV*PE*PXC*207Q00000X\n"


def again(*modifiers):
    return "".join(f"SV1*HC:96372:{one}*30*UN*1***1\n" if one else FIRST for one in modifiers)


def payer(value, begun=date(2020, 1, 1)):
    return Profile("test", habits=(Habit("second_injection", value, begun, None, "a policy", "", "payer"),))


CASES = [
    bad("nothing on the second", FIRST + again("") + DRUGS, severity="deny", line="2", place="2400/SV101"),
    bad("a modifier that tells nothing apart", FIRST + again("KX") + DRUGS, severity="deny"),
    bad("the third lacks one", FIRST + again("59", "KX") + DRUGS, line="3"),
    bad("two of three lack one", FIRST + again("", "") + DRUGS, count=2),
    bad("Medicare", "SBR*P*18*******MB\n" + FIRST + again("GC") + DRUGS, severity="deny"),
    bad("three lines, two with 76", FIRST + again("76", "76") + DRUGS, severity="advise", line="3"),
    bad("59 for a payer of 76", FIRST + again("59") + DRUGS, severity="deny", profile=payer("lines_76")),
    bad("76 for a payer of 59", FIRST + again("76") + DRUGS, severity="deny", profile=payer("lines_59")),
    bad("59 for a payer of units", FIRST + again("59") + DRUGS, severity="deny", profile=payer("units")),
    bad("a habit without date", FIRST + again("59") + DRUGS, severity="advise", profile=payer("units", None)),
    bad("59 answers it", FIRST + again("59") + DRUGS, outcome="bypassed"),
    *(good(f"{one} on the second", FIRST + again(one) + DRUGS) for one in ("59", "XE", "XS", "XU", "76")),
    bad("76 on both of two lines", again("76", "76") + DRUGS, outcome="bypassed"),
    bad("76 and 59 on three lines", FIRST + again("76", "59") + DRUGS, outcome="bypassed"),
    good("XP and another provider", FIRST + again("XP") + OTHER_RENDERS + DRUGS),
    good("the modifier on the first line", again("59", "") + DRUGS),
    good("one line with units", "SV1*HC:96372*60*UN*2***1\n" + DRUGS),
    good("two days", FIRST + FIRST + "DTP*472*D8*20260303\n" + DRUGS),
    good("76 for a payer of 76", FIRST + again("76") + DRUGS, profile=payer("lines_76")),
    good("no habit before its day", FIRST + again("59") + DRUGS, profile=payer("units", date(2026, 3, 3))),
    bad("the habit on its day", FIRST + again("59") + DRUGS, profile=payer("units", date(2026, 3, 2))),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_m03(case):
    check_case("INJ-M03", case)
