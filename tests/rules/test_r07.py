import pytest
from rulecases import bad, check_case, good

LINES = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1"
MEDICAID = "SBR*P*18*******MC\n"
ON_LINE = "SV1*HC:96372*30*UN*1***1\nNM1*82*1*SAMPLE*PAT****XX*1245319599"

CASES = [
    bad("rendering without", MEDICAID + "PRV*PE\n" + LINES, severity="reject", place="2310B/NM109", line="1"),
    bad("rendering of the line without", MEDICAID + ON_LINE, severity="reject", place="2420A/NM109"),
    bad("billing without", MEDICAID + "PRV*BI\n" + LINES, severity="advise", place="2010AA/NM109"),
    bad("billing renders, without", MEDICAID + "PRV*BI\nNM1*82\n" + LINES, severity="reject"),
    bad("both without", MEDICAID + "PRV*BI\nPRV*PE\n" + LINES, count=2),
    bad("two injections by one", MEDICAID + "PRV*PE\n" + LINES + "\nSV1*HC:96372:59*30*UN*1***1", count=1),
    good("both with", MEDICAID + LINES),
    good("Medicare", "SBR*P*18*******MB\nPRV*PE\n" + LINES),
    good("commercial", "PRV*PE\nPRV*BI\n" + LINES),
    good("on the line, with", MEDICAID + ON_LINE + "\nPRV*PE*PXC*207Q00000X"),
    good("no injection", MEDICAID + "PRV*PE\nSV1*HC:J3420*5*UN*1***1"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_r07(case):
    check_case("INJ-R07", case)
