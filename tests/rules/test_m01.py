import pytest
from rulecases import bad, check_case, good

DRUG = "SV1*HC:J3420*5*UN*1***1\n"
OTHER_RENDERS = "NM1*82*1*TESTCASE*LEE****XX*1003000126\nPRV*PE*PXC*207Q00000X\n"
MEDICAID = "SBR*P*18*******MC\n"


def injection(units, modifier=""):
    return f"SV1*HC:96372{modifier}*90*UN*{units}***1\n"


CASES = [
    bad("five on a line", injection(5) + DRUG, severity="deny", place="2400/SV104", line="1"),
    bad("a dose for units", "SBR*P*18*******MB\n" + injection(380) + DRUG, severity="deny"),
    bad("split over lines with 76", injection(3) + injection(2, ":76") + DRUG, severity="deny"),
    bad("split over lines with 59", injection(1) + injection(1, ":59") * 4 + DRUG),
    bad("over two claims the later advises", injection(3) + DRUG + "---\n" + injection(2), severity="advise"),
    bad(
        "over one claim beside another: the one",
        injection(1) + DRUG + "---\n" + injection(5),
        severity="deny",
    ),
    good("four", injection(4) + DRUG),
    good("four lines", injection(1) + injection(1, ":59") * 3 + DRUG),
    good("two days", injection(3) + injection(2) + "DTP*472*D8*20260303\n" + DRUG),
    good(
        "a replacement is not counted twice",
        injection(3) + DRUG + "---\nCLM*NEW****11:B:7*Y*A*Y*Y\nREF*F8*TEST1\n" + injection(3),
    ),
    good("two providers", injection(3) + injection(2, ":77") + OTHER_RENDERS + DRUG),
    good("two patients", injection(3) + DRUG + "=== TEST0009\n" + injection(3) + DRUG),
    good("units that cannot be read have their own rule", injection("X") + DRUG),
    bad("first day of the table", injection(5) + DRUG, day="20240701"),
    bad("day before the table", injection(5) + DRUG, day="20240630", outcome="no_data"),
    bad("first day of the Medicaid table", MEDICAID + injection(5) + DRUG, day="20260101", severity="deny"),
    bad("day before the Medicaid table", MEDICAID + injection(5) + DRUG, day="20251231", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_m01(case):
    check_case("INJ-M01", case)
