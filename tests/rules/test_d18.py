import pytest
from rulecases import bad, check_case, good


def drug(code, dx="O09212", payer="CI"):
    return f"SBR*P*18*******{payer}\nHI*ABK:{dx}\nSV1*HC:96372*30*UN*1***1\nSV1*HC:{code}*700*UN*25***1"


CASES = [
    bad("the brand", drug("J1726"), severity="advise", line="2", place="2400/SV101-02"),
    bad("the brand, whatever the diagnosis", drug("J1726", "C541"), severity="advise"),
    bad("another product in pregnancy", drug("J1729"), severity="advise"),
    bad("after an early birth", drug("J1729", "Z8751"), severity="advise"),
    bad("Medicaid", drug("J1726", payer="MC"), severity="advise"),
    bad("the day of the withdrawal", drug("J1726"), day="20230406"),
    good("the day before", drug("J1726"), day="20230405"),
    good("another product for cancer", drug("J1729", "C541")),
    good("another product without pregnancy", drug("J1729", "N911")),
    good("another drug", drug("J2675")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d18(case):
    check_case("INJ-D18", case)
