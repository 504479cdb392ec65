from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

INJECTION = "SV1*HC:96372*30*UN*1***1\n"


def drug(charge, code="J3420"):
    return f"SV1*HC:{code}*{charge}*UN*1***1\n"


def payer(value, begun=date(2020, 1, 1)):
    return Profile("test", habits=(Habit("drug_line", value, begun, None, "a policy", "", "payer"),))


CASES = [
    bad("zero", INJECTION + drug("0"), severity="advise", place="2400/SV102", line="2"),
    bad("zero, Medicare", "SBR*P*18*******MB\n" + INJECTION + drug("0"), severity="advise"),
    bad(
        "a payer that wants the cent",
        INJECTION + drug("0"),
        profile=payer("required_0.01"),
        fixed={"suggested:0": "0.01", "suggested:30": "30.01"},
    ),
    bad("a payer that wants the line, at no stated cent", INJECTION + drug("0"), profile=payer("required")),
    bad(
        "a payer that wants no line",
        INJECTION + drug("0.01"),
        severity="deny",
        profile=payer("forbidden_if_not_supplied"),
    ),
    bad(
        "a payer that wants no line, undated",
        INJECTION + drug("0"),
        severity="advise",
        profile=payer("forbidden_if_not_supplied", None),
    ),
    bad("one cent and nothing that gave it", drug("0.01"), severity="advise", line="1"),
    good("one cent beside its injection", INJECTION + drug("0.01")),
    good("one cent, the injection on another claim of the day", drug("0.01") + "---\n" + INJECTION),
    good("one cent, by infusion", "SV1*HC:96365*30*UN*1***1\n" + drug("0.01", "J1745")),
    good("a drug that was bought", INJECTION + drug("5")),
    good("the injection at zero has its own rule", "SV1*HC:96372*0*UN*1***1\n" + drug("5")),
    good("a payer that wants the cent has it", INJECTION + drug("0.01"), profile=payer("required_0.01")),
    good("one cent on the first day of 96372", INJECTION + drug("0.01"), day="20090101"),
    bad("before it nobody can tell", INJECTION + drug("0.01"), day="20081231", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d02(case):
    check_case("INJ-D02", case)
