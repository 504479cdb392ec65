import pytest
from rulecases import bad, check_case, good

from scrubber.registry import Selection


def to(filing, code="96372"):
    return f"SBR*P*18*******{filing}\nSV1*HC:{code}*30*UN*1***1\nSV1*HC:J1885*5*UN*2***1"


CASES = [
    bad("workers' compensation", to("WC"), severity="advise", place="2400/SV101", line="1"),
    bad("auto", to("AM"), severity="advise"),
    good("commercial", to("CI")),
    good("Medicare", to("MB")),
    good("no injection", to("WC", "99213")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_c06(case):
    check_case("INJ-C06", case)


def test_it_is_off():
    assert "INJ-C06" not in Selection(["INJ-C"])
