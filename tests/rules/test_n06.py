import pytest
from rulecases import bad, check_case, good


def claim(drug, born="19800101", sex="F", dx="M545", payer="CI", units=1):
    return f"""
        SBR*P*18*******{payer}
        DMG*D8*{born}*{sex}
        HI*ABK:{dx}
        SV1*HC:96372*30*UN*1***1
        SV1*HC:{drug}*90*UN*{units}***1"""


CASES = [
    bad("testosterone for a woman", claim("J1071"), severity="advise", line="2", place="2400/SV101-02"),
    bad("testosterone for a woman, Medicaid", claim("J1071", payer="MC"), severity="deny"),
    bad("the same from an unsure source, Medicaid", claim("J3121", payer="MC"), severity="advise"),
    bad("medroxyprogesterone for a man", claim("J1050", sex="M"), severity="advise"),
    bad("naltrexone before 18", claim("J2315", born="20080303"), severity="advise"),
    bad("naltrexone before 18, Medicaid", claim("J2315", born="20080303", payer="MC"), severity="deny"),
    bad("palivizumab after two years", claim("90378", born="20240202"), severity="advise"),
    bad("promethazine before two years", claim("J2550", born="20240303", payer="MC"), severity="deny"),
    bad("leuprolide for early puberty at 13", claim("J1950", born="20130101", dx="E301")),
    bad("medroxyprogesterone at 61", claim("J1050", born="19650101")),
    bad("medroxyprogesterone at 9", claim("J1050", born="20160401")),
    bad("sex first, age not as well", claim("J3145", born="20160401"), count=1),
    bad("KX on testosterone", claim("J1071:KX"), outcome="bypassed"),
    bad("condition code 45", claim("J1071", dx="M545\nHI*BG:45"), outcome="bypassed"),
    good("testosterone for a man", claim("J1071", sex="M")),
    good("testosterone and gender", claim("J1071", dx="F640")),
    good("sex unknown", claim("J1071", sex="U")),
    good("naltrexone on the birthday", claim("J2315", born="20080302")),
    good("palivizumab at 24 months", claim("90378", born="20240203")),
    good("leuprolide for a grown woman", claim("J1950", dx="N809")),
    good("Rh globulin for a man", claim("J2790", sex="M")),
    good("medroxyprogesterone at 60", claim("J1050", born="19650303")),
    good("born after the service", claim("J2315", born="20270101")),
    good("an injection alone", "DMG*D8*20240101*M\nSV1*HC:96372*30*UN*1***1"),
    bad("KX does not change an age", claim("J2315:KX", born="20080303")),
    bad("first day of the tables", claim("J1071"), day="20090101"),
    bad("the day before", claim("J1071"), day="20081231", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_n06(case):
    check_case("INJ-N06", case)
