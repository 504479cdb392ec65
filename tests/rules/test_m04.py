import pytest
from rulecases import bad, check_case, good


def day(units, *drugs, more=""):
    lines = "".join(f"SV1*HC:{code}*9*UN*1***1\n" for code in drugs)
    return f"SV1*HC:96372*30*UN*{units}***1\n{lines}{more}"


CASES = [
    bad("two injections, one drug", day(2, "J3420"), severity="advise", place="2400/SV104", line="1"),
    bad("one injection, two drugs", day(1, "J3420", "J1885"), severity="advise"),
    bad("three injections, two drugs", day(3, "J3420", "J1885")),
    bad("over two claims the later is told", day(1, "J3420") + "---\n" + day(1), severity="advise"),
    bad("one drug on two lines is one drug", day(2, "J1885", "J1885:59")),
    good("as many", day(2, "J3420", "J1885")),
    good("one", day(1, "J3420")),
    good("what was thrown away is no drug", day(1, "J2357", "J2357:JW")),
    good("two syringes by the label", day(2, "J0741")),
    good("one of two syringes", day(1, "J0561")),
    good("into a joint perhaps", day(1, "J1010", "J1885", more="SV1*HC:20610:RT*90*UN*1***1")),
    good(
        "a replacement is not counted twice",
        day(1, "J3420") + "---\nCLM*NEW****11:B:7*Y*A*Y*Y\nREF*F8*TEST1\n" + day(1, "J3420"),
    ),
    good("no drug has its own rule", day(2)),
    good("a drug that went into a vein perhaps", day(1, "J1885", "J2405", more="SV1*HC:96374*60*UN*1***1")),
    good("a drug for a joint perhaps", day(1, "J3420", "J3304")),
    good("a vaccine has its own administration", day(1, "J3420", "90715", more="SV1*HC:90471*20*UN*1***1")),
    good("units that cannot be read have their own rule", day("X", "J3420", "J1885")),
    good("a drug that the table does not know", day(1, "J3420", "J9998")),
    bad("the first day of a code", day(1, "J3420", "J1010"), day="20240401"),
    good("the day before", day(1, "J3420", "J1010"), day="20240331"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_m04(case):
    check_case("INJ-M04", case)
