import pytest
from rulecases import bad, check_case, good


def drug(code, payer="MB", place=""):
    return f"SBR*P*18*******{payer}\nSV1*HC:96372*30*UN*1***1\nSV1*HC:{code}*90*UN*1*{place}**1"


CASES = [
    bad("an S code", drug("S0189"), severity="reject", place="2400/SV101-02", line="2"),
    bad("an S code of a drug", drug("S0077"), severity="reject"),
    bad("a C code in the office", drug("C9399"), severity="reject"),
    bad("a C code in a hospital, by the practitioner", drug("C9399", place="22"), severity="reject"),
    good("an S code, commercial", drug("S0189", "CI")),
    good("an S code, Medicaid", drug("S0189", "MC")),
    good("an S code, Medicare Advantage", drug("S0189", "16")),
    good("a C code in a surgery center", drug("C9399", place="24")),
    good("a J code", drug("J3490")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d13(case):
    check_case("INJ-D13", case)
