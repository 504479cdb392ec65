import pytest
from rulecases import bad, check_case, good


def drug(code, units):
    return f"SV1*HC:96372*30*UN*1***1\nSV1*HC:{code}*20*UN*{units}***1"


CASES = [
    bad("half a unit too much", drug("J1885", "1.5"), severity="deny", place="2400/SV104", line="2"),
    bad("less than a unit", drug("J1200", "0.5"), severity="deny"),
    bad("a Q code", drug("Q9991", ".75"), severity="deny"),
    good("whole units", drug("J1885", "2")),
    good("written with decimals", drug("J1885", "2.0")),
    good("a fraction of the NDC", drug("J0696", "1") + "\nLIN**N4*00143985725\nCTP****0.25*UN"),
    good("the injection has its own rule", "SV1*HC:96372*30*UN*1.5***1\nSV1*HC:J3420*5*UN*1***1"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d09(case):
    check_case("INJ-D09", case)
