from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile


def drug(code, payer="MB", injection="96372"):
    return f"SBR*P*18*******{payer}\nSV1*HC:{injection}*30*UN*1***1\nSV1*HC:{code}*1450*UN*380***1"


def payer(value):
    return Profile(
        "test", habits=(Habit("mod_340b", value, date(2020, 1, 1), None, "a manual", "", "state"),)
    )


CASES = [
    bad("both federal marks", drug("J2315:JG:TB", "CI"), severity="advise", line="2", place="2400/SV101-03"),
    bad("JG, Medicare, from 2025", drug("J2315:JG"), day="20250101"),
    good("JG, Medicare, before", drug("J2315:JG"), day="20241231"),
    bad("a mark of states, Medicare", drug("J2315:UD")),
    bad("a federal mark, Medicaid", drug("J2315:JG", "MC")),
    bad("on the injection", drug("J2315", injection="96372:JG"), line="1"),
    bad("another than the payer's", drug("J2315:UD", "MC"), profile=payer("U8")),
    good("TB, Medicare", drug("J2315:TB")),
    good("UD, Medicaid", drug("J2315:UD", "MC")),
    good("the payer's own", drug("J2315:U8", "MC"), profile=payer("U8")),
    good("JG, commercial", drug("J2315:JG", "CI")),
    good("none", drug("J2315")),
    good("a state's UD on the injection", drug("J2315", "MC", "96372:UD")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d19(case):
    check_case("INJ-D19", case)
