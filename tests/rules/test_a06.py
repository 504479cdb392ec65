from datetime import date

import pytest
from rulecases import SUBJECTS, TABLES, bad, batch, check_case, good

import loops
from scrubber.engine import Engine
from scrubber.payers import Habit, Profile
from scrubber.registry import find_rule

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
    bad("seven units over a week, commercial", on(WEEK, "RD8", "7"), severity="deny"),
    good("on the day of death", "SBR*P*18*******CI\nPAT*****D8*20260302\n" + on("20260302")),
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


def test_a_line_without_any_date_is_refused():
    data = batch("SV1*HC:96372*30*UN*1***1" + DRUG).replace("DTP*472*D8*20260302~", "", 1).encode()
    with loops.read(data, name="case.837", codes=SUBJECTS) as read:
        (judged,) = Engine(read, (find_rule("INJ-A06"),), TABLES).run()
    (found,) = judged.findings
    assert (found.severity, found.place, found.line) == ("reject", "2400/SV1", "1")
    assert "no date of service" in found.message
