import pytest
from rulecases import bad, check_case, good


def line(*modifiers, units=1):
    return f"SBR*P*18*******MB\nSV1*HC:{':'.join(('96372', *modifiers))}*30*UN*{units}***1\nSV1*HC:J3420*5*UN*1***1\n"


PUSH = "SV1*HC:96374*80*UN*1***1\n"

CASES = [
    *(
        bad(f"{one} and {two}", line(one, two), severity="deny", line="1")
        for one, two in (("GA", "GZ"), ("GZ", "GA"), ("GY", "GA"), ("GA", "GX"), ("GX", "GZ"), ("GY", "GZ"))
    ),
    bad("GX and GY may go together", line("GX", "GY"), severity="advise"),
    bad("GA beside an unanswered pair", line("GA") + PUSH, severity="advise"),
    bad(
        "GA beside a pair that nothing opens",
        line("GA", "59") + "SV1*HC:00400*400*UN*1***1\n",
        severity="advise",
    ),
    bad("GA on too many units", line("GA", units=5), severity="advise"),
    bad(
        "GA on too many units of two lines",
        line("GA", units=3) + "SV1*HC:96372:76*30*UN*2***1\n",
        severity="advise",
    ),
    *(good(f"{one} alone", line(one)) for one in ("GA", "GX", "GY", "GZ")),
    good("GA beside an answered pair", line("GA", "59") + PUSH),
    good("GA on four units", line("GA", units=4)),
    good("none, beside a pair", line() + PUSH),
    good("on the drug", line().replace("J3420", "J3420:GA:GZ")),
    good("a visit without 25 is no denial of the injection", line("GA") + "SV1*HC:99213*100*UN*1***1\n"),
    bad("first day of the tables", line("GA") + PUSH, day="20240701"),
    bad("day before", line("GA") + PUSH, day="20240630", outcome="no_data", count=2),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_x05(case):
    check_case("INJ-X05", case)
