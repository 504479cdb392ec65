from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

DRUG = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1\n"


def visit(code="99213:25"):
    return f"SBR*P*18*******MC\nSV1*HC:{code}*100*UN*1***1\n"


def bundles(value="visit_denied_if_purpose", since=None):
    return Profile(habits=(Habit("em_bundle", value, since, None, "manual", "", "secondary"),))


CASES = [
    bad("visit with 25", visit() + DRUG, profile=bundles(), severity="advise", line="1"),
    bad("a visit that needs no 25", visit("99396") + DRUG, profile=bundles(), severity="advise"),
    bad(
        "visit on another claim",
        "SBR*P*18*******MC\n" + DRUG + "---\n" + visit(),
        profile=bundles(),
        line="1",
    ),
    bad(
        "two injections are one matter", visit() + DRUG + DRUG.replace("96372", "96372:76"), profile=bundles()
    ),
    bad("first day of the habit", visit() + DRUG, profile=bundles(since=date(2026, 3, 2))),
    good("day before", visit() + DRUG, profile=bundles(since=date(2026, 3, 2)), day="20260301"),
    good("without 25 it is INJ-E02", visit("99213") + DRUG, profile=bundles()),
    *(
        good(f"payer of habit {one}", visit() + DRUG, profile=bundles(one))
        for one in ("none", "ncci_25", "always")
    ),
    good("a payer of whom nothing is known", visit() + DRUG),
    good("no visit", "SBR*P*18*******MC\n" + DRUG, profile=bundles()),
    good("visit of another day", visit() + "DTP*472*D8*20260301\n" + DRUG, profile=bundles()),
    good(
        "before the pairs nobody can say what 25 answers",
        visit("99213") + DRUG,
        profile=bundles(),
        day="20240701",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_e09(case):
    check_case("INJ-E09", case)
