from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

INJECTION = "SV1*HC:96372*30*UN*1***1\n"
INFUSION = "SV1*HC:96365*90*UN*1***1\n"


def drug(code="J3262", payer="CI"):
    return f"SV1*HC:{code}*900*UN*162***1\n"


def to_medicare(text, state="OH"):
    return f"SBR*P*18*******MB\nN4*SPRINGFIELD*{state}*450010001\n{text}"


def payer(value, begun=date(2020, 1, 1)):
    return Profile("test", habits=(Habit("ja_jb", value, begun, None, "a policy", "", "payer"),))


CASES = [
    bad(
        "JA beside 96372 alone",
        INJECTION + drug("J3262:JA"),
        severity="deny",
        line="2",
        place="2400/SV101-03",
    ),
    bad("JB beside an infusion alone", INFUSION + drug("J3262:JB"), severity="deny"),
    bad("both", INJECTION + INFUSION + drug("J3262:JA:JB") + drug("J3420"), severity="deny"),
    bad("a payer that wants it", INJECTION + drug(), severity="deny", profile=payer("all_multiroute")),
    bad(
        "a payer that wants it, undated",
        INJECTION + drug(),
        severity="advise",
        profile=payer("all_multiroute", None),
    ),
    bad(
        "Medicare, on the list of the contractor",
        to_medicare(INJECTION + drug("J0129")),
        day="20260614",
        severity="advise",
    ),
    good("the day before it lists it", to_medicare(INJECTION + drug("J0129")), day="20260613"),
    bad("before all lists", to_medicare(INJECTION + drug("J0129")), day="20260612", outcome="no_data"),
    good("JB beside 96372", INJECTION + drug("J3262:JB")),
    good("JA beside an infusion", INFUSION + drug("J3262:JA")),
    good("JA, and another drug was injected", INJECTION + INFUSION + drug("J3262:JA") + drug("J3420")),
    good("JB beside an injection and an infusion", INJECTION + INFUSION + drug("J3262:JB") + drug("J1745")),
    good("commercial", INJECTION + drug()),
    good(
        "Medicare, a contractor that does not list it",
        to_medicare(INJECTION + drug("J0129"), "NY"),
        day="20260701",
    ),
    good("a drug with one route", INJECTION + drug("J3420"), profile=payer("all_multiroute")),
    good(
        "a payer that wants none",
        to_medicare(INJECTION + drug("J0129")),
        day="20260701",
        profile=payer("none"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d15(case):
    check_case("INJ-D15", case)
