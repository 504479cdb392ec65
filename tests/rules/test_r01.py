import pytest
from rulecases import bad, check_case, good

LINES = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1"
NOBODY = "NM1*82\n" + LINES
MEDICARE = "SBR*P*18*******MB\n"
SOLO = "NM1*85*1*SAMPLE*PAT****XX*1234567893\n"
ON_LINE = "\nNM1*82*1*SAMPLE*PAT****XX*1245319599"

CASES = [
    bad("nobody, Medicare", MEDICARE + NOBODY, severity="reject", place="2300/CLM01", line="1"),
    bad("nobody, commercial", NOBODY, severity="advise"),
    bad("nobody, Medicaid", "SBR*P*18*******MC\n" + NOBODY, severity="advise"),
    bad(
        "the group renders itself",
        MEDICARE + "NM1*82*2*EXAMPLE CLINIC*****XX*1234567893\n" + LINES,
        severity="reject",
    ),
    bad(
        "one of two injections",
        MEDICARE + "NM1*82\nSV1*HC:96372*30*UN*1***1" + ON_LINE + "\n" + LINES,
        line="2",
    ),
    bad("a primary care clinic", MEDICARE + "PRV*BI*PXC*261QP2300X\n" + NOBODY, severity="reject"),
    good("named on the claim", MEDICARE + LINES),
    good("named on the line", MEDICARE + "NM1*82\nSV1*HC:96372*30*UN*1***1" + ON_LINE),
    good("a solo practitioner", MEDICARE + SOLO + NOBODY),
    good("a surgery centre", MEDICARE + "PRV*BI*PXC*261QA1903X\n" + NOBODY),
    good("a pharmacy", MEDICARE + "PRV*BI*PXC*333600000X\n" + NOBODY),
    good("no injection", MEDICARE + "NM1*82\nSV1*HC:J3420*5*UN*1***1"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_r01(case):
    check_case("INJ-R01", case)
