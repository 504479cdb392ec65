from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile


def payer(key, value, begun=date(2020, 1, 1), quality="payer"):
    return Profile("test", "va", habits=(Habit(key, value, begun, None, "a manual", "", quality),))


LINES = "SV1*HC:96372*30*UN*1***1\nSV1*HC:Q9991*1500*UN*1***1"
AUTH = payer("prior_auth", "Q9991 Q9992")
PATTERN = payer("referral_pattern", "VA[0-9]{7}")
NEVADA = "SBR*P*18*******MC\nNM1*PR*2*ANTHEM BLUE CROSS MEDICAID NEVADA*****PI*99999\n"
TRIWEST = "SBR*P*18*******VA\nNM1*PR*2*TRIWEST HEALTHCARE ALLIANCE*****PI*99999\n"

CASES = [
    bad("no authorisation", LINES, severity="advise", line="2", place="2400/SV101-02", profile=AUTH),
    bad("an empty number", "REF*G1*\n" + LINES, profile=AUTH),
    bad("no authorisation, Nevada", NEVADA + LINES, severity="advise", line="2"),
    bad(
        "a prefix word",
        "REF*9F*REF VA0012345\n" + LINES,
        severity="deny",
        place="2300/REF02",
        profile=PATTERN,
    ),
    bad("a lost digit", "REF*G1*VA012345\n" + LINES, severity="deny", profile=PATTERN),
    bad("a form of unknown day", TRIWEST + "REF*9F*VA 0012345\n" + LINES, severity="advise"),
    bad("no referral at all", LINES, severity="advise", place="2300/CLM01", profile=PATTERN),
    good("the number on the claim", "REF*G1*A1\n" + LINES, profile=AUTH),
    good("the number on the line", LINES + "\nREF*G1*A1", profile=AUTH),
    good("another drug", LINES.replace("Q9991", "J3420"), profile=AUTH),
    good("nothing is known of the payer", LINES),
    good("the referral as it is", "REF*9F*VA0012345\n" + LINES, profile=PATTERN),
    good("the referral as authorisation", "REF*G1*VA0012345\n" + LINES, profile=PATTERN),
    good("urgent care", "CLM*C****20:B:1*Y*A*Y*Y\n" + LINES, profile=PATTERN),
    good("no injection", "REF*9F*X\nSV1*HC:J3420*5*UN*1***1", profile=PATTERN),
    bad("first day of the demand", NEVADA + LINES, day="20190401"),
    good("the day before", NEVADA + LINES, day="20190331"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_n07(case):
    check_case("INJ-N07", case)
