from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

INJECTION = "SV1*HC:96372*30*UN*1***1\n"


def line(code, units=1):
    return f"SV1*HC:{code}*60*UN*{units}***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


MEDICARE = payer("MB")
LISTED = Profile(
    habits=(Habit("admin_list", "independence-21-3144", date(2022, 4, 26), None, "notice", "", "payer"),)
)

CASES = [
    *(
        bad(
            f"{one} while the list bound",
            MEDICARE + line("96401") + line(one),
            day="20230614",
            severity="deny",
            line="1",
        )
        for one in "J0517 J0638 J0717 J0896 J0897 J1442 J1447 J2182 J2353 J2357 J2506 J2793 J3245 Q5101 Q5108 Q5111 Q5122".split()
    ),
    bad("96402", MEDICARE + line("96402") + line("J0897"), day="20230614", severity="deny"),
    bad("first day of the list", MEDICARE + line("96401") + line("J0897"), day="20210501", severity="deny"),
    good("the day before", MEDICARE + line("96401") + line("J0897"), day="20210430"),
    bad(
        "last day that the list bound",
        MEDICARE + line("96401") + line("J0897"),
        day="20231220",
        severity="deny",
    ),
    bad(
        "the day after CMS told the contractors",
        MEDICARE + line("96401") + line("J0897"),
        day="20231221",
        severity="advise",
    ),
    bad("today", MEDICARE + line("96401") + line("J0897"), severity="advise"),
    *(
        bad(f"payer {one}", payer(one) + line("96401") + line("J2357"), day="20230614", severity="advise")
        for one in ("CI", "MC", "16", "ZZ")
    ),
    bad("payer that follows a list", line("96401") + line("J2357"), profile=LISTED, severity="deny"),
    bad(
        "drug on another claim",
        MEDICARE + line("96401") + "---\n" + MEDICARE + line("J0897"),
        day="20230614",
        severity="advise",
    ),
    bad("neither antineoplastic nor antibody", line("96401") + line("J3420"), severity="advise"),
    bad(
        "a vaccine on the day changes nothing",
        line("96401") + line("J3420") + line("90715"),
        severity="advise",
    ),
    bad("nor does a tablet", line("96401") + line("J3420") + line("J8540"), severity="advise"),
    good("96372", MEDICARE + INJECTION + line("J0897"), day="20230614"),
    good(
        "an antineoplastic is on the day",
        MEDICARE + line("96401") + line("J9041") + line("J0897"),
        day="20230614",
    ),
    good("a hormone is on the day", MEDICARE + line("96402") + line("J9217") + line("J0897"), day="20230614"),
    good("unlisted drug may be anything", line("96401") + line("J3590")),
    good("a drug that the table does not know", line("96401") + line("J9998")),
    good("an antibody that no list names", line("96401") + line("J2356")),
    good("the list names another drug", line("96401") + line("J2356"), profile=LISTED),
    good("lanreotide is undecided", line("96401") + line("J1930")),
    good("a hormone that 96372 gives too", line("96402") + line("J1950")),
    good("an interferon that 96401 gives", line("96401") + line("J9213") + line("J3420")),
    good("no drug at all", line("96401")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b08(case):
    check_case("INJ-B08", case)
