import pytest
from rulecases import bad, check_case, good

VISIT = "SV1*HC:99213*90*UN*1***1\n"


def drug(code="J3420", more=""):
    return f"SV1*HC:{code}*50*UN*1{more}***1\n" if not more else f"SV1*HC:{code}*50*UN*1*{more}**1\n"


CASES = [
    bad("beside a visit", VISIT + drug(), severity="advise", line="2", place="2400/SV101"),
    bad("alone on the claim", drug(), severity="advise"),
    bad("two drugs are told once", VISIT + drug() + drug("J1885")),
    bad("an antineoplastic", VISIT + drug("J9041")),
    bad("the injection on another day", "SV1*HC:96372*30*UN*1***1\nDTP*472*D8*20260303\n" + drug()),
    good("with 96372", "SV1*HC:96372*30*UN*1***1\n" + drug()),
    good("with 96402", "SV1*HC:96402*30*UN*1***1\n" + drug("J9217")),
    good("with 96365", "SV1*HC:96365*30*UN*1***1\n" + drug("J1885")),
    good("96372 on another claim of the day", drug() + "---\nSV1*HC:96372*30*UN*1***1"),
    good("into a joint", "SV1*HC:20610*90*UN*1***1\n" + drug("J3301")),
    good("with a procedure", "SV1*HC:11981*90*UN*1***1\n" + drug("J1885")),
    good("an opioid treatment program", "SV1*HC:G2073*900*UN*1***1\n" + drug("J2315")),
    good("in a hospital, which gives it", VISIT + drug(more="22")),
    good("a free drug has its own rule", VISIT + "SV1*HC:J3420*0.01*UN*1***1"),
    good("what was thrown away", VISIT + drug("J2357:JW")),
    good("not for injection", VISIT + drug("J1745") + "SV1*HC:90471*9*UN*1***1"),
    bad("first day of a code", VISIT + drug("J1010"), day="20240401"),
    good("the day before", VISIT + drug("J1010"), day="20240331"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d03(case):
    check_case("INJ-D03", case)
