from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

DRUGS = "SV1*HC:J2405*5*UN*4***1\nSV1*HC:J1885*5*UN*2***1\n"
MOVED = {"suggested:": ":59", "suggested::59": ""}


def claim(other="96374:59", injection="96372", more=""):
    return f"SV1*HC:{other}*80*UN*1***1\n{more}SV1*HC:{injection}*30*UN*1***1\n{DRUGS}"


def payer(value):
    return Profile(habits=(Habit("x_column", value, date(2025, 1, 1), None, "manual", "", "payer"),))


CASES = [
    bad("59 on the push", claim(), severity="advise", line="1", place="2400/SV101-03", fixed=MOVED),
    bad("payer that reads column 2", claim(), profile=payer("col2"), severity="advise", fixed=MOVED),
    bad("even Medicare, if it were so", "SBR*P*18*******MB\n" + claim(), profile=payer("col2"), fixed=MOVED),
    *(
        bad(f"{one}", claim(f"96374:{one}"), fixed={"suggested:": f":{one}", f"suggested::{one}": ""})
        for one in ("XE", "XS", "XP", "XU")
    ),
    bad("59 on the procedure", claim("11042:59"), fixed=MOVED),
    bad("two pairs: which one is meant", claim(more="SV1*HC:11042*100*UN*1***1\n")),
    bad("two injections: which one is meant", claim() + "SV1*HC:96372:76*30*UN*1***1\n", count=2),
    bad("no place left", claim(injection="96372:GC:KX:Q5:CR")),
    good("Medicare reads both lines", "SBR*P*18*******MB\n" + claim()),
    good("payer that reads both lines", claim(), profile=payer("either")),
    good("on the injection", claim("96374", "96372:59")),
    good("on both", claim("96374:59", "96372:59")),
    good("on neither it is INJ-P02", claim("96374")),
    good("no pair", claim("36415:59")),
    good("on a visit it is INJ-E06", claim("99284:59")),
    good("nothing opens it", claim("00400:59")),
    bad("first day of the table", claim(), day="20240701", fixed=MOVED),
    bad("day before", claim(), day="20240630", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_p10(case):
    check_case("INJ-P10", case)
