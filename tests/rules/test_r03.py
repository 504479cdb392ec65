import pytest
from rulecases import bad, check_case, good


def by(taxonomy, payer="MB", name="EXAMPLE PAYER"):
    return (
        f"SBR*P*18*******{payer}\nNM1*PR*2*{name}*****PI*99999\nPRV*PE*PXC*{taxonomy}\n"
        "SV1*HC:96372*30*UN*1***1\nSV1*HC:J2426*900*UN*156***1"
    )


NEW_YORK = ("183500000X", "MC", "NEW YORK MEDICAID")

CASES = [
    bad("a chiropractor, Medicare", by("111N00000X"), severity="deny", place="2310B/PRV03", line="1"),
    bad("a chiropractor, commercial", by("111N00000X", "CI"), severity="advise"),
    bad("a social worker, from an unsure row", by("1041C0700X"), severity="advise"),
    bad("a physical therapist", by("225100000X", "MC"), severity="advise"),
    bad("a dentist", by("122300000X", "CI"), severity="advise"),
    bad("a pharmacist, commercial", by("183500000X", "CI"), severity="advise"),
    bad("a pharmacist, Medicare", by("183500000X"), severity="advise"),
    bad("a pharmacist, another Medicaid", by("183500000X", "MC", "OHIO MEDICAID"), severity="advise"),
    bad("a chiropractor, New York", by("111N00000X", "MC", "NEW YORK MEDICAID"), severity="advise"),
    bad("a pharmacist, New York, before", by(*NEW_YORK), day="20240331"),
    good("a pharmacist, New York, first day", by(*NEW_YORK), day="20240401"),
    good("a physician", by("207Q00000X")),
    good("a podiatrist", by("213E00000X")),
    good("a nurse is for another rule", by("163W00000X")),
    good("no taxonomy", "PRV*PE\nSV1*HC:96372*30*UN*1***1"),
    bad("first day of the tables", by("111N00000X"), day="20090101"),
    bad("the day before", by("111N00000X"), day="20081231", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_r03(case):
    check_case("INJ-R03", case)
