from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

INJECTION = "SV1*HC:96372*30*UN*1***1\n"
OTHER_RENDERS = "NM1*82*1*TESTCASE*LEE****XX*1003000126\nPRV*PE*PXC*207Q00000X\n"


def drug(code, ndc=""):
    return f"SV1*HC:{code}*9*UN*1***1\n" + (f"LIN**N4*{ndc}\nCTP****1*ML\n" if ndc else "")


def payer(value, begun=date(2022, 7, 26)):
    return Profile("test", habits=(Habit("drug_lines_per_day", value, begun, None, "a policy", "", "payer"),))


A, B = "00338007225", "00404999601"

CASES = [
    bad(
        "nothing tells them apart",
        INJECTION + drug("J1885") * 2,
        severity="deny",
        line="3",
        place="2400/SV101",
    ),
    bad("the same NDC", INJECTION + drug("J1885", A) * 2, severity="deny"),
    bad("a modifier that tells nothing apart", INJECTION + drug("J1885") + drug("J1885:JZ"), severity="deny"),
    bad("three lines", INJECTION + drug("J1885") * 3, count=2),
    bad(
        "one line for a code, whatever the NDC",
        INJECTION + drug("J1885", A) + drug("J1885", B),
        profile=payer("one_per_code"),
    ),
    bad(
        "59 is no answer there",
        INJECTION + drug("J1885") + drug("J1885:59"),
        severity="deny",
        profile=payer("one_per_code"),
    ),
    bad(
        "the same, undated",
        INJECTION + drug("J1885", A) + drug("J1885", B),
        severity="advise",
        profile=payer("one_per_code", None),
    ),
    good("thrown away", INJECTION + drug("J2357") + drug("J2357:JW")),
    good("thrown away, told first", INJECTION + drug("J2357:JW") + drug("J2357")),
    good("given apart", INJECTION + drug("J1885") + drug("J1885:59")),
    good("repeated", INJECTION + drug("J1885") + drug("J1885:76")),
    good("another package", INJECTION + drug("J1885", A) + drug("J1885", B)),
    good("the other side", INJECTION + drug("J3301:RT") + drug("J3301:LT")),
    good("another day", INJECTION + drug("J1885") + drug("J1885") + "DTP*472*D8*20260303\n"),
    good("another provider", INJECTION + drug("J1885") + drug("J1885") + OTHER_RENDERS),
    good("a payer that takes any", INJECTION + drug("J1885") * 2, profile=payer("any")),
    good("two drugs", INJECTION + drug("J1885") + drug("J3420")),
    good(
        "the habit on the day before it begins",
        INJECTION + drug("J1885", A) + drug("J1885", B),
        day="20220725",
        profile=payer("one_per_code"),
    ),
    bad(
        "the habit on its first day",
        INJECTION + drug("J1885", A) + drug("J1885", B),
        day="20220726",
        profile=payer("one_per_code"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_m05(case):
    check_case("INJ-M05", case)
