from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

LINES = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1"


def at(place, payer="CI", lines=LINES):
    return f"SBR*P*18*******{payer}\nCLM*C****{place}:B:1*Y*A*Y*Y\n{lines}"


def payer(value, begun=date(2020, 1, 1), quality="payer", **more):
    habits = {"pos_deny": value, **more}
    return Profile(
        "test", habits=tuple(Habit(key, one, begun, None, "", "", quality) for key, one in habits.items())
    )


CASES = [
    *(
        bad(f"hospital, {place}, Medicare", at(place, "MB"), severity="deny")
        for place in ("19", "21", "22", "23")
    ),
    *(
        bad(f"hospital, {place}, commercial", at(place), severity="deny")
        for place in ("19", "21", "22", "23")
    ),
    *(
        bad(f"{place}, where payers differ", at(place), severity="advise")
        for place in ("24", "26", "31", "34", "51", "52", "53", "56", "61")
    ),
    bad("place of the claim", at("22"), place="2300/CLM05-01", line="1"),
    bad("place of the line", at("11", lines="SV1*HC:96372*30*UN*1*22**1"), place="2400/SV105", line="1"),
    bad("a payer's own list", at("24"), severity="deny", profile=payer("21 22 24")),
    bad("a place that only this payer lists", at("32"), severity="deny", profile=payer("32")),
    bad("a list without date", at("32"), severity="advise", profile=payer("32", None)),
    bad("a list read in a blog", at("32"), severity="advise", profile=payer("32", quality="secondary")),
    bad("a list without date takes nothing back", at("22"), severity="deny", profile=payer("22", None)),
    good("office", at("11")),
    good("urgent care", at("20")),
    good("nursing facility is no one's but a payer's", at("32")),
    good("office on the line, hospital on the claim", at("22", lines="SV1*HC:96372*30*UN*1*11**1")),
    good("a payer whose list lacks it", at("19"), profile=payer("21 22 23")),
    good(
        "a kind of provider that the payer exempts",
        "PRV*PE*PXC*261QA1903X\n" + at("24"),
        profile=payer("24", pos_exempt_provider_type="261QA"),
    ),
    good("the drug alone", at("22", lines="SV1*HC:J3420*5*UN*1***1\nSV1*HC:96365*30*UN*1***1")),
    bad("first day of the table", at("22"), day="20240701", severity="deny"),
    bad("day before", at("22"), day="20240630", outcome="no_data"),
    good("an office before the table asks nothing", at("11"), day="20240630"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_s01(case):
    check_case("INJ-S01", case)
