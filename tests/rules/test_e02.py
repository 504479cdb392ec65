from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

DRUG = """
    SV1*HC:96372*30*UN*1***1
    SV1*HC:J3420*5*UN*1***1
"""

VISIT = "SV1*HC:99213*100*UN*1***1"


def bundles(value, quality="payer", since=date(2025, 1, 1)):
    return Profile(habits=(Habit("em_bundle", value, since, None, "their manual", "", quality),))


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    *(
        bad(f"{code} without 25", f"SV1*HC:{code}*100*UN*1***1" + DRUG, severity="deny", line="1")
        for code in ("99202 99203 99205 99212 99214 99215 99455 99456 99483 99497 99358 99359 G0463".split())
    ),
    *(
        bad(f"payer {filing}", payer(filing) + VISIT + DRUG, severity="deny")
        for filing in ("MB", "MC", "16", "BL", "HM", "CH", "VA", "WC", "AM", "FI", "ZZ")
    ),
    bad("59 on the injection says nothing of the visit", VISIT + DRUG.replace("96372", "96372:59")),
    bad("one of two visits has it", "SV1*HC:99497:25*80*UN*1***1\n" + VISIT + DRUG, line="2"),
    *(
        bad(
            f"{one} on the visit opens the pair too",
            VISIT.replace("99213", f"99213:{one}") + DRUG,
            outcome="bypassed",
        )
        for one in ("24", "57", "27")
    ),
    bad("25 in the second place", VISIT.replace("99213", "99213:GC:25") + DRUG, outcome="bypassed"),
    bad(
        "payer that never pays both: the injection is denied, with or without 25",
        VISIT.replace("99213", "99213:25") + DRUG,
        profile=bundles("always"),
        severity="deny",
        line="2",
    ),
    bad(
        "the same, read second hand",
        VISIT.replace("99213", "99213:25") + DRUG,
        profile=bundles("always", "secondary"),
        severity="advise",
        line="2",
    ),
    bad(
        "the same, day unknown",
        VISIT.replace("99213", "99213:25") + DRUG,
        profile=bundles("always", since=None),
        severity="advise",
    ),
    bad(
        "what is not sure takes no denial back",
        VISIT + DRUG,
        profile=bundles("always", since=None),
        count=2,
        line="1",
    ),
    bad(
        "no more does an undated word of no edit",
        VISIT + DRUG,
        profile=bundles("none", since=None),
        severity="deny",
    ),
    bad("the habit had not begun", VISIT + DRUG, profile=bundles("always", since=date(2026, 4, 1)), line="1"),
    bad("payer that edits as NCCI", VISIT + DRUG, profile=bundles("ncci_25"), severity="deny", line="1"),
    bad(
        "payer that denies a visit for the injection: 25 answers the edit",
        VISIT.replace("99213", "99213:25") + DRUG,
        profile=bundles("visit_denied_if_purpose"),
        outcome="bypassed",
    ),
    good("payer without the edit", VISIT + DRUG, profile=bundles("none")),
    *(
        good(f"{code} has no pair that makes it column 2", f"SV1*HC:{code}*100*UN*1***1" + DRUG)
        for code in "99242 99385 99401 G0438 G0439 G0402 90834 92012 99281 99284 99221 99341".split()
    ),
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
