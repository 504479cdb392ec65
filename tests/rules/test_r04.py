import pytest
from rulecases import bad, check_case, good


def claim(payer, taxonomy="207Q00000X", modifiers=":SA"):
    return f"SBR*P*18*******{payer}\nPRV*PE*PXC*{taxonomy}\nSV1*HC:96372{modifiers}*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1"


CASES = [
    bad("Medicare", claim("MB"), severity="advise", place="2400/SV101-03", line="1"),
    bad("Medicare, second modifier", claim("MB", modifiers=":59:SA"), place="2400/SV101-04"),
    bad("a nurse practitioner's own NPI", claim("BL", "363L00000X"), severity="advise"),
    bad("a physician assistant's own NPI", claim("MC", "363A00000X")),
    good("a physician's NPI", claim("BL")),
    good("no SA", claim("MB", modifiers=":59")),
    good("SA on another line", claim("MB", modifiers="").replace("J3420", "J3420:SA")),
    good("a nurse practitioner without SA", claim("BL", "363L00000X", "")),
    bad("first day of the tables", claim("BL", "363L00000X"), day="20090101"),
    bad("the day before", claim("BL", "363L00000X"), day="20081231", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_r04(case):
    check_case("INJ-R04", case)
