from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

INJECTION = "SV1*HC:96372*30*UN*1***1\n"
OPEN = INJECTION.replace("96372", "96372:59")
TWO_DRUGS = "SV1*HC:J2405*5*UN*4***1\nSV1*HC:J1885*5*UN*2***1\n"
COLUMN_2 = Profile(habits=(Habit("x_column", "col2", date(2025, 1, 1), None, "their manual", "", "payer"),))


def other(code="96374", **more):
    return f"SV1*HC:{code}*80*UN*1***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    *(
        bad(f"{one}", other(one) + INJECTION + TWO_DRUGS, severity="deny", line="2", place="2400/SV101")
        for one in (
            "96360 96365 96369 96374 96409 96413 96416 96420 96422 96425 96440 96446 96450 96542 "
            "96401 96402 96405 96406 G0498"
        ).split()
    ),
    *(
        bad(f"payer {one}", payer(one) + other() + INJECTION + TWO_DRUGS, severity="deny")
        for one in ("MB", "MC", "CI", "16", "HM", "ZZ")
    ),
    bad("76 is no NCCI modifier", other() + INJECTION.replace("96372", "96372:76") + TWO_DRUGS),
    bad("25 opens nothing there", other() + INJECTION.replace("96372", "96372:25") + TWO_DRUGS),
    bad("two of them are one finding", other() + other("96360") + INJECTION + TWO_DRUGS),
    bad("each injection is judged", other() + INJECTION + OPEN + TWO_DRUGS, line="2"),
    bad(
        "on another claim only advises",
        INJECTION + TWO_DRUGS + "---\n" + other(),
        severity="advise",
        line="1",
    ),
    bad(
        "59 on the other line, payer reads column 2",
        other("96374:59") + INJECTION + TWO_DRUGS,
        profile=COLUMN_2,
    ),
    bad(
        "59 on the other line, and a payer said to read column 2",
        other("96374:59") + INJECTION + TWO_DRUGS,
        profile=Profile(habits=(Habit("x_column", "col2", None, None, "a page", "", "secondary"),)),
        outcome="bypassed",
    ),
    bad("59, but one drug", other() + OPEN + "SV1*HC:J1885*5*UN*2***1\n", severity="advise"),
    bad(
        "59, hydration and infusion, but one drug",
        other("96360") + other("96365") + OPEN + "SV1*HC:J1885*5*UN*2***1\n",
        severity="advise",
    ),
    bad("first day of the table", other() + INJECTION + TWO_DRUGS, day="20240701"),
    bad("before the table nothing is judged", other() + INJECTION, day="20240630", outcome="no_data"),
    *(
        bad(
            f"{one} opens the pair",
            other() + INJECTION.replace("96372", f"96372:{one}") + TWO_DRUGS,
            outcome="bypassed",
        )
        for one in "59 XE XS XP XU LT 78 79".split()
    ),
    bad("59 on the other line", payer("MB") + other("96374:59") + INJECTION + TWO_DRUGS, outcome="bypassed"),
    bad("hydration needs no drug", other("96360") + OPEN + "SV1*HC:J1885*5*UN*2***1\n", outcome="bypassed"),
    good("no other administration", INJECTION + TWO_DRUGS),
    *(
        good(f"{one} has no row", other(one) + INJECTION + TWO_DRUGS)
        for one in "96361 96366 96367 96368 96370 96371 96373 96375 96376 96377 96379 96411 96415 96417 96521 96522 96549".split()
    ),
    *(
        good(f"{one} has its own rule", other(one) + INJECTION)
        for one in ("96523", "95115", "90460", "90471")
    ),
    good("infusion the day before", other() + "DTP*472*D8*20260301\n" + INJECTION + TWO_DRUGS),
    good(
        "infusion of another group and specialty",
        other() + "NM1*82*1*TESTCASE*LEE****XX*1003000126\nPRV*PE*PXC*207RC0000X\n" + INJECTION,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_p02(case):
    check_case("INJ-P02", case)
