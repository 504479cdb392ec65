from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

# The harness makes its batches on 2026-11-02.
LINES = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1"
REASON = "CLM*C****11:B:1*Y*A*Y*Y***********7\n"


def to(payer, head="", responsibility="P"):
    return f"SBR*{responsibility}*18*******{payer}\n{head}{LINES}"


def payer(days, begun=date(2020, 1, 1), key="timely_days"):
    return Profile("test", habits=(Habit(key, days, begun, None, "a contract", "", "payer"),))


CASES = [
    bad("Medicare, a day late", to("MB"), day="20251101", severity="deny", place="2400/DTP03", line="1"),
    good("Medicare, the last day", to("MB"), day="20251102"),
    bad("Medicaid", to("MC"), day="20251101", severity="deny"),
    bad("TRICARE", to("CH"), day="20250601", severity="deny"),
    bad("commercial, after a year", to("CI"), day="20251101", severity="advise"),
    bad(
        "Medicare second, after another payer",
        to("MB", responsibility="S"),
        day="20251101",
        severity="advise",
    ),
    bad("a contract of 90 days", to("CI"), day="20260803", severity="deny", profile=payer("90")),
    good("a contract of 90 days, the last", to("CI"), day="20260804", profile=payer("90")),
    bad(
        "a contract without date takes nothing back",
        to("MC"),
        day="20251101",
        severity="deny",
        profile=payer("95", None),
    ),
    bad("a contract without date", to("CI"), day="20260601", severity="advise", profile=payer("90", None)),
    bad(
        "a replacement after the payer's term",
        to("CI", "CLM*C****11:B:7*Y*A*Y*Y\nREF*F8*TESTICN1\n"),
        day="20260101",
        severity="advise",
        profile=payer("180", key="corrected_days"),
    ),
    bad("a delay reason answers it", to("MB", REASON), day="20251101", outcome="bypassed"),
    good("a delay reason", to("MB", REASON), day="20251101"),
    good(
        "a replacement has a term of its own",
        to("MB", "CLM*C****11:B:7*Y*A*Y*Y\nREF*F8*TESTICN1\n"),
        day="20251101",
    ),
    good("commercial, within a year", to("CI"), day="20260101"),
    good("the leap day, a year later", to("MB"), day="20260228"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a10(case):
    check_case("INJ-A10", case)
