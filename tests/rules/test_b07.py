from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

INJECTION = "SV1*HC:96372*30*UN*1***1\n"
PROSTATE = "HI*ABK:C61\n"
LISTED = Profile(
    habits=(Habit("admin_list", "independence-21-3144", date(2022, 4, 26), None, "notice", "", "payer"),)
)


def drug(code):
    return f"SV1*HC:{code}*500*UN*1***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    *(
        bad(f"{one} for a tumour", PROSTATE + INJECTION + drug(one), severity="deny", line="1")
        for one in "J9217 J9395 J9155 J1950 J1952".split()
    ),
    *(
        bad(f"{one}: class or code not confirmed", PROSTATE + INJECTION + drug(one), severity="advise")
        for one in "J1954 J3315".split()
    ),
    *(
        bad(f"payer {one}", payer(one) + PROSTATE + INJECTION + drug("J9217"), severity="deny")
        for one in ("MB", "MC", "CI", "16", "ZZ")
    ),
    bad("benign, but not a fibroid", "HI*ABK:D352\n" + INJECTION + drug("J9217")),
    bad(
        "tumour and fibroid", "HI*ABK:D259*ABF:C50911\n" + INJECTION.replace("***1", "***1:2") + drug("J1950")
    ),
    bad(
        "another drug explains 96372", PROSTATE + INJECTION + drug("J9217") + drug("J3420"), severity="advise"
    ),
    bad("on another claim", PROSTATE + INJECTION + "---\n" + PROSTATE + drug("J9217"), severity="advise"),
    bad("list of another drug", PROSTATE + INJECTION + drug("J9217"), profile=LISTED, severity="deny"),
    bad("first day of a code", PROSTATE + INJECTION + drug("J1952"), day="20220101", severity="deny"),
    good("the day before its code was unknown", PROSTATE + INJECTION + drug("J1952"), day="20211231"),
    good(
        "payer that keeps the drug out of 96401 to 96459",
        PROSTATE + INJECTION + drug("J1950"),
        profile=LISTED,
    ),
    *(
        good(f"{dx} is no neoplasm treatment", f"HI*ABK:{dx}\n" + INJECTION + drug("J1950"))
        for dx in "N809 D259 D250 E301 Z30013 F640".split()
    ),
    good("96402", PROSTATE + "SV1*HC:96402*60*UN*1***1\n" + drug("J9217")),
    good(
        "96402 and another drug with 96372",
        PROSTATE + "SV1*HC:96402*60*UN*1***1\n" + INJECTION + drug("J9217") + drug("J3420"),
    ),
    good("implant has its own rule", PROSTATE + INJECTION + drug("J9226")),
    good("lanreotide is undecided", "HI*ABK:C7A8\n" + INJECTION + drug("J1930")),
    good("Depo-Provera is no hormone in this sense", "HI*ABK:C541\n" + INJECTION + drug("J1050")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b07(case):
    check_case("INJ-B07", case)
