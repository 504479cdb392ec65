from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

DRUG = "\nSV1*HC:J3420*5*UN*1***1"


def on(value, qualifier="D8", units="1", head=""):
    return f"{head}SV1*HC:96372*30*UN*{units}***1\nDTP*472*{qualifier}*{value}" + DRUG


def payer(value, begun=date(2020, 1, 1)):
    return Profile("test", habits=(Habit("date_span", value, begun, None, "a manual", "", "state"),))


WEEK = "20260302-20260308"
CASES = [
    bad("no such day", on("20260230"), severity="reject", place="2400/DTP03", line="1"),
    bad("too short", on("2026030")),
    bad("empty", on("")),
    bad("after the batch was made", on("20261103"), severity="reject"),
    bad("backwards", on("20260302-20260301", "RD8"), severity="reject"),
    bad(
        "the drug line without a readable date",
        "SV1*HC:96372*30*UN*1***1" + DRUG + "\nDTP*472*D8*0",
        line="2",
    ),
    bad("a week", on(WEEK, "RD8"), severity="deny"),
    bad("a week for a payer of units", on(WEEK, "RD8"), severity="deny", profile=payer("units")),
    bad("a week, VA, one unit", on(WEEK, "RD8", head="SBR*P*18*******VA\n"), severity="deny"),
    bad("a habit without a date", on(WEEK, "RD8"), severity="advise", profile=payer("units", None)),
    bad("before birth", on("19791231"), severity="deny"),
    bad("after death", "SBR*P*18*******CI\nPAT*****D8*20260301\n" + on("20260302"), severity="deny"),
    good("the day the batch was made", on("20261102")),
    good("a period of one day", on("20260302-20260302", "RD8")),
    good("a week for a payer of periods", on(WEEK, "RD8"), profile=payer("any")),
    good("a week with seven units, VA", on(WEEK, "RD8", "7", "SBR*P*18*******VA\n")),
    good("a week with seven units for a payer of units", on(WEEK, "RD8", "7"), profile=payer("units")),
    good("on the day of birth", on("19800101")),
    good("a period on another line", "SV1*HC:96372*30*UN*1***1" + DRUG + f"\nDTP*472*RD8*{WEEK}"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a06(case):
    check_case("INJ-A06", case)
