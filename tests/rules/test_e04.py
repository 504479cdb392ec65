from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

DRUG = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1\n"


def visit(code="99396"):
    return f"SV1*HC:{code}*150*UN*1***1\n"


def bundles(value, since=date(2025, 1, 1)):
    return Profile(habits=(Habit("em_bundle", value, since, None, "manual", "", "payer"),))


LISTED = "99381 99385 99391 99397 99242 99245 99252 99255 99401 99404 G0402 G0438 G0439".split()

CASES = [
    *(bad(f"{one}", visit(one) + DRUG, severity="advise", line="1") for one in LISTED),
    *(
        bad(f"payer {one}", f"SBR*P*18*******{one}\n" + visit() + DRUG, severity="advise")
        for one in ("MB", "MC", "CI", "16", "ZZ")
    ),
    *(good(f"{one} with 25", visit(f"{one}:25") + DRUG) for one in LISTED),
    bad("on another claim", DRUG + "---\n" + visit(), severity="advise", line="1"),
    bad("two injections are one matter", visit() + DRUG + DRUG.replace("96372", "96372:76")),
    bad("never both, dated", visit("99396:25") + DRUG, profile=bundles("always"), severity="deny", line="2"),
    bad("never both, undated", visit("99396:25") + DRUG, profile=bundles("always", None), severity="advise"),
    good("payer without the edit", visit() + DRUG, profile=bundles("none")),
    *(
        good(f"{one} has a pair or is no such visit", visit(one) + DRUG)
        for one in "99213 99211 99284 90834 99497".split()
    ),
    good("another day", visit() + "DTP*472*D8*20260301\n" + DRUG),
    good("no injection", visit() + "SV1*HC:90471*20*UN*1***1\nSV1*HC:J3420*5*UN*1***1\n"),
    bad("first day of the table", visit() + DRUG, day="20240701"),
    good("visits with 25 need no table", visit("99213:25") + DRUG, day="20240630"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_e04(case):
    check_case("INJ-E04", case)
