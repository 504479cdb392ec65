import pytest
from rulecases import bad, check_case, good

LINES = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1"
SECOND = "SBR*S*18***12****MB\n"
OTHER = "SBR*{}*18*******CI\nAMT*D*20\nOI***Y***Y\nNM1*IL*1*DOE*JANE****MI*TEST9\nNM1*PR*2*EXAMPLE FIRST*****PI*88888\n"
UNPAID = OTHER.replace("AMT*D*20\n", "")
SVD = "\nSVD*88888*20*HC:96372**1\nDTP*573*D8*20260401"

# The harness takes the first SBR and NM1 for the claim's own; those that follow stand where they are.
OWN = "NM1*IL*1*DOE*JANE****MI*TEST1\nNM1*PR*2*EXAMPLE PAYER*****PI*99999\n"

CASES = [
    bad("Medicare second, nobody first", SECOND + LINES, severity="advise", place="2000B/SBR01", line="1"),
    bad("commercial second, nobody first", "SBR*S*18*******CI\n" + LINES),
    bad("no amount", SECOND + OWN + UNPAID.format("P") + LINES),
    bad("no reason", "SBR*S*18*******MB\n" + OWN + OTHER.format("P") + LINES),
    bad("two first payers", "SBR*P*18*******CI\n" + OWN + OTHER.format("P") + LINES),
    bad("third without any", "SBR*T*18*******MC\n" + LINES),
    good("Medicare first", "SBR*P*18*******MB\n" + LINES),
    good("complete", SECOND + OWN + OTHER.format("P") + LINES),
    good("paid by line", SECOND + OWN + UNPAID.format("P") + LINES.replace("\n", SVD + "\n", 1)),
    good("commercial second, without an amount", "SBR*S*18*******CI\n" + OWN + UNPAID.format("P") + LINES),
    good("Medicare first, a supplement after", "SBR*P*18*******MB\n" + OWN + OTHER.format("S") + LINES),
    good("unknown order", "SBR*U*18*******MB\n" + LINES),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_c02(case):
    check_case("INJ-C02", case)
