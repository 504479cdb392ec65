import pytest
from rulecases import bad, check_case, good


def line(basis, code="96372"):
    return f"SV1*HC:{code}*30*{basis}*1***1\nSV1*HC:J3420*5*UN*1***1"


CASES = [
    bad("minutes", line("MJ"), severity="reject", place="2400/SV103", line="1", fixed={"suggested:MJ": "UN"}),
    bad("days", line("DA"), fixed={"suggested:DA": "UN"}),
    bad("small letters", line("un"), fixed={"suggested:un": "UN"}),
    bad("empty", line(""), fixed={"suggested:": "UN"}),
    bad("a segment that ends before it", "SV1*HC:96372*30\nSV1*HC:J3420*5*UN*1***1"),
    good("units", line("UN")),
    good("two injections", line("UN") + "\nSV1*HC:96372:59*30*UN*1***1"),
    good("minutes of anaesthesia on another line", line("UN") + "\nSV1*HC:00170*90*MJ*30***1"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a02(case):
    check_case("INJ-A02", case)
