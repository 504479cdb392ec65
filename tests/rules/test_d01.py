from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

INJECTION = "SV1*HC:96372*30*UN*1***1\n"
MEDICARE = "SBR*P*18*******MB\n"


def payer(value, begun=date(2020, 1, 1), quality="payer"):
    return Profile("test", habits=(Habit("drug_line", value, begun, None, "a policy", "", quality),))


CASES = [
    bad("Medicare", MEDICARE + INJECTION, severity="deny", place="2400/SV101", line="1"),
    bad("commercial only advises", INJECTION, severity="advise"),
    bad("Medicaid only advises", "SBR*P*18*******MC\n" + INJECTION, severity="advise"),
    bad("a visit is no drug", "SV1*HC:99213:25*90*UN*1***1\n" + INJECTION, line="2"),
    bad("the drug on another day", MEDICARE + INJECTION + "SV1*HC:J3420*5*UN*1***1\nDTP*472*D8*20260303"),
    bad("an administration of a vaccine is no drug", INJECTION + "SV1*HC:90480*30*UN*1***1"),
    bad("two injections are told once", INJECTION + "SV1*HC:96372:59*30*UN*1***1"),
    bad("a payer that wants the line", INJECTION, severity="deny", profile=payer("required")),
    bad("a payer that wants one cent", INJECTION, severity="deny", profile=payer("required_0.01")),
    bad("a habit without a date", INJECTION, severity="advise", profile=payer("required", None)),
    bad(
        "a habit read in a blog takes nothing back from Medicare",
        MEDICARE + INJECTION,
        severity="deny",
        profile=payer("required", quality="secondary"),
    ),
    bad(
        "a payer that forbids the line and wants a note",
        INJECTION,
        severity="advise",
        profile=payer("forbidden_if_not_supplied"),
    ),
    good("a J code", MEDICARE + INJECTION + "SV1*HC:J3420*5*UN*1***1"),
    good("a Q code", MEDICARE + INJECTION + "SV1*HC:Q9991*1700*UN*1***1"),
    good("an immune globulin", MEDICARE + INJECTION + "SV1*HC:90384*125*UN*1***1"),
    good("a vaccine has a rule of its own", MEDICARE + INJECTION + "SV1*HC:90715*40*UN*1***1"),
    good("an unlisted drug", MEDICARE + INJECTION + "SV1*HC:J3490*9*UN*1***1"),
    good("a drug at one cent", MEDICARE + INJECTION + "SV1*HC:J3420*0.01*UN*1***1"),
    good("the drug on another claim of the day", INJECTION + "---\nSV1*HC:J3420*5*UN*1***1"),
    good("a payer that takes it alone", INJECTION, profile=payer("optional")),
    good(
        "a payer that forbids the line, with a note",
        INJECTION + "NTE*ADD*TESTDRUGUMAB 10 MG FROM PHARMACY",
        profile=payer("forbidden_if_not_supplied"),
    ),
    bad(
        "the day before the habit begins",
        INJECTION,
        severity="advise",
        day="20251231",
        profile=payer("required", date(2026, 1, 1)),
    ),
    bad(
        "the day the habit begins",
        INJECTION,
        severity="deny",
        day="20260101",
        profile=payer("required", date(2026, 1, 1)),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d01(case):
    check_case("INJ-D01", case)
