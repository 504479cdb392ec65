import pytest
from rulecases import bad, check_case, good

LINES = "\nSV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1"


def to(filing, payer="EXAMPLE PAYER"):
    return f"SBR*P*18*******{filing}\nNM1*PR*2*{payer}*****PI*99999{LINES}"


CASES = [
    bad("ZZ", to("ZZ"), severity="advise", place="2000B/SBR09", line="1"),
    bad("absent", "SBR*P*18" + LINES, place="2000B/SBR09"),
    bad("Part A", to("MA")),
    bad("TRICARE's payer as Medicare", to("MB", "TRICARE EAST"), severity="advise"),
    bad("the VA as Medicare", to("MB", "DEPARTMENT VETERANS AFFAIRS")),
    *(good(f"SBR09 {filing}", to(filing)) for filing in ("MB", "MC", "16", "CI", "BL", "CH", "VA", "WC")),
    good("ZZ, but a payer that is known", to("ZZ", "TRICARE EAST")),
    good("a payer of several lines under CI", to("CI", "AETNA")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_c01(case):
    check_case("INJ-C01", case)
