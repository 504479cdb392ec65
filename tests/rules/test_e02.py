import pytest
from rulecases import bad, check_case, good

DRUG = """
    SV1*HC:96372*30*UN*1***1
    SV1*HC:J3420*5*UN*1***1
"""

CASES = [
    bad("established visit without 25", "SV1*HC:99213*100*UN*1***1" + DRUG, place="2400/SV101", line="1"),
    bad("new patient without 25", "SV1*HC:99204*200*UN*1***1" + DRUG, severity="deny"),
    bad("25 on the injection does not count", "SV1*HC:99213*100*UN*1***1\nSV1*HC:96372:25*30*UN*1***1"),
    bad(
        "visit on another claim of the day only advises",
        "SV1*HC:96372*30*UN*1***1\n---\nSV1*HC:99213*100*UN*1***1",
        severity="advise",
    ),
    bad("25 answers the edit", "SV1*HC:99213:25*100*UN*1***1" + DRUG, outcome="bypassed", severity="deny"),
    good("no visit", DRUG),
    good("visit on another day", "SV1*HC:99213*100*UN*1***1\nDTP*472*D8*20260301" + DRUG),
    good("visit of another patient", DRUG + "=== TEST0009\nSV1*HC:99213*100*UN*1***1"),
    good(
        "visit of another provider and specialty",
        """
        SV1*HC:99213*100*UN*1***1
        NM1*82*1*TESTCASE*LEE****XX*1003000126
        PRV*PE*PXC*207RC0000X
    """
        + DRUG,
    ),
    good("99211 has its own rule", "SV1*HC:99211*20*UN*1***1" + DRUG),
    good("preventive visit has no pair", "SV1*HC:99396*150*UN*1***1" + DRUG),
    bad(
        "before the table begins it is not judged",
        "SV1*HC:99213*100*UN*1***1" + DRUG,
        day="20240630",
        outcome="no_data",
    ),
    bad("first day of the table", "SV1*HC:99213*100*UN*1***1" + DRUG, day="20240701"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_e02(case):
    check_case("INJ-E02", case)
