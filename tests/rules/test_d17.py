import pytest
from rulecases import bad, check_case, good

TEST = "\nMEA*TR*R1*9.8"


def drug(code, payer="MB", test=TEST):
    return f"SBR*P*18*******{payer}\nSV1*HC:96372*30*UN*1***1\nSV1*HC:{code}*900*UN*40***1{test}"


CASES = [
    bad("no modifier", drug("J0885"), severity="reject", line="2", place="2400/SV101"),
    bad("two modifiers", drug("J0881:EA:EC"), severity="reject"),
    bad("no test", drug("Q5106:EC", test=""), severity="reject", place="2400/SV1"),
    bad(
        "a test without number",
        drug("J0885:EC", test="\nMEA*TR*R1*LOW"),
        severity="reject",
        place="2400/MEA03",
    ),
    bad("another measurement is no test", drug("J0885:EC", test="\nMEA*OG*HT*70"), severity="reject"),
    bad("neither", drug("J0885", test=""), count=2),
    bad("an ESA with a modifier of route only", drug("J0885:JB"), severity="reject"),
    good("haemoglobin", drug("J0885:EC")),
    good("haematocrit", drug("J0881:EA", test="\nMEA*TR*R2*28.0")),
    good("radiotherapy", drug("Q5106:EB")),
    good("what was thrown away", drug("J0881:EA") + "\nSV1*HC:J0881:JW*90*UN*4***1"),
    good("in dialysis", drug("J0882", test="")),
    good("commercial", drug("J0885", "CI", "")),
    good("Medicaid", drug("J0885", "MC", "")),
    good("another drug", drug("J3420", test="")),
    bad("the first day of the rule", drug("J0885"), day="20080101", severity="reject"),
    good("the day before", drug("J0885"), day="20071231"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d17(case):
    check_case("INJ-D17", case)
