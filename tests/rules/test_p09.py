from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile


def claim(*modifiers):
    code = ":".join(("96372", *modifiers))
    return f"SV1*HC:96374*80*UN*1***1\nSV1*HC:{code}*30*UN*1***1\nSV1*HC:J1885*5*UN*2***1\n"


def payer(value, since=date(2015, 1, 1), quality="payer"):
    return Profile(habits=(Habit("x_with_59", value, since, None, "manual", "", quality),))


INDEPENDENCE = "NM1*PR*2*INDEPENDENCE BLUE CROSS*****PI*99999\nSBR*P*18*******BL\n"

CASES = [
    *(
        bad(f"59 and {one}", claim("59", one), severity="advise", line="2", place="2400/SV101-04")
        for one in ("XE", "XS", "XP", "XU")
    ),
    bad("two X", claim("XS", "XU"), severity="advise"),
    *(
        bad(f"payer {one}", f"SBR*P*18*******{one}\n" + claim("59", "XS"), severity="advise")
        for one in ("MB", "MC", "CI")
    ),
    bad("payer that denies", claim("59", "XS"), profile=payer("deny"), severity="deny"),
    bad("payer that denies, bundled", INDEPENDENCE + claim("59", "XS"), severity="deny"),
    bad("payer that warns", claim("59", "XS"), profile=payer("warn"), severity="advise"),
    bad("second hand", claim("59", "XS"), profile=payer("deny", quality="secondary"), severity="advise"),
    bad("undated", claim("59", "XS"), profile=payer("deny", None), severity="advise"),
    bad("first day", claim("59", "XS"), profile=payer("deny", date(2026, 3, 2)), severity="deny"),
    bad(
        "day before",
        claim("59", "XS"),
        profile=payer("deny", date(2026, 3, 2)),
        day="20260301",
        severity="advise",
    ),
    good("59 alone", claim("59")),
    good("an X alone", claim("XS")),
    good("59 and a repeat", claim("59", "76")),
    good("the same twice is INJ-A12", claim("59", "59")),
    good("none", claim()),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_p09(case):
    check_case("INJ-P09", case)
