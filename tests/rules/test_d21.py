from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile


def drug(code, charge, units):
    return f"SV1*HC:96372*30*UN*1***1\nSV1*HC:{code}*{charge}*UN*{units}***1"


def payer(value, begun=date(2020, 1, 1)):
    return Profile("test", habits=(Habit("extra_modifiers", value, begun, None, "a manual", "", "state"),))


CASES = [
    bad("no units", drug("J3420", "5", "0"), severity="advise", place="2400/SV104", line="2"),
    bad("blank units", drug("J3420", "5", ""), severity="advise"),
    bad("a tenth of the price", drug("J2315", "14.50", "380"), severity="advise", place="2400/SV102"),
    bad("more than ten times the price", drug("J3420", "1450", "1"), severity="advise"),
    bad("a state's modifier", drug("J1050", "90", "150"), severity="deny", profile=payer("J1050:FP/U1")),
    bad(
        "a state's modifier, undated",
        drug("J1050", "90", "150"),
        severity="advise",
        profile=payer("J1050:FP/U1", None),
    ),
    good("a usual price", drug("J2315", "1450", "380")),
    good("a cheap drug at many times its price", drug("J3420", "12", "1")),
    good("a cheap drug at a cent", drug("J3420", "0.01", "1")),
    good("the state's modifier", drug("J1050:FP", "90", "150"), profile=payer("J1050:FP/U1 J0696:KX/AT")),
    good("another drug", drug("J3420", "5", "1"), profile=payer("J1050:FP/U1")),
    good("the injection", "SV1*HC:96372*3000*UN*1***1"),
    bad("first day of the price list", drug("J2315", "14.50", "380"), day="20260101"),
    bad("the day before", drug("J2315", "14.50", "380"), day="20251231", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d21(case):
    check_case("INJ-D21", case)
