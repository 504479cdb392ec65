import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"


def line(code, units=1):
    return f"SV1*HC:{code}*60*UN*{units}***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    *(
        bad(f"{one}", line("96374") + line(one, 10), severity="deny", line="1")
        for one in "J2315 J1071 J3121 J2426 J2680 J1631 J0561".split()
    ),
    bad("J1050: its routes are less well sourced", line("96374") + line("J1050", 150)),
    bad("infusion", line("96365") + line("J2315", 380), severity="deny"),
    bad("two such drugs", line("96374") + line("J2315", 380) + line("J3420"), severity="deny"),
    *(
        bad(f"payer {one}", payer(one) + line("96374") + line("J2315", 380), severity="deny")
        for one in ("MB", "MC", "CI", "ZZ")
    ),
    bad("96372 is there for the drug", line("96374") + INJECTION + line("J2315", 380), severity="advise"),
    bad("drug on another claim", line("96374") + "---\n" + line("J2315", 380), severity="advise"),
    bad("first day of a code", line("96374") + line("J2426", 156), day="20110101", severity="deny"),
    good("the day before", line("96374") + line("J2426", 156), day="20101231"),
    bad(
        "a vaccine says nothing of a vein",
        line("96374") + line("J2315", 380) + line("90715"),
        severity="deny",
    ),
    bad("nor does a tablet", line("96374") + line("J2315", 380) + line("J8540"), severity="deny"),
    good("96372", INJECTION + line("J2315", 380)),
    good("an IV drug is on the day", line("96374") + line("J2315", 380) + line("J1756", 100)),
    good("a drug for both ways is on the day", line("96374") + line("J2315", 380) + line("J1885")),
    good("a fluid that the table does not know", line("96365") + line("J2315", 380) + line("J7040")),
    good("unlisted drug may be anything", line("96374") + line("J3490")),
    good("no drug", line("96374")),
    good("hydration", line("96360") + line("J2315", 380)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b15(case):
    check_case("INJ-B15", case)
