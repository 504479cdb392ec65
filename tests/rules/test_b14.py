import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"


def line(code, units=1):
    return f"SV1*HC:{code}*60*UN*{units}***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    *(
        bad(f"{one} is confirmed", INJECTION + line(one, 10), severity="deny", line="1")
        for one in "J1602 J3358 J3380 J1459 J1745 J3489 J1756 J9271".split()
    ),
    *(
        bad(f"{one}", INJECTION + line(one, 10))
        for one in "J1561 J1569 Q5103 J2323 J2350 J1439 Q0138 J2916 J0256 J9312".split()
    ),
    *(
        bad(f"payer {one}", payer(one) + INJECTION + line("J1745", 40), severity="deny")
        for one in ("MB", "MC", "CI", "ZZ")
    ),
    bad(
        "the infusion is there, 96372 has no drug",
        line("96365") + INJECTION + line("J1745", 40),
        severity="deny",
        line="2",
    ),
    bad("drug on another claim", INJECTION + "---\n" + line("J1745", 40), severity="advise"),
    bad("first day of a code", INJECTION + line("J1602", 150), day="20140101", severity="deny"),
    good("the day before", INJECTION + line("J1602", 150), day="20131231"),
    good("a vaccine is on the day: INJ-B01 says it", INJECTION + line("J1745", 40) + line("90715")),
    good("infusion", line("96365") + line("J1745", 40)),
    good("another drug explains 96372", line("96365") + INJECTION + line("J1745", 40) + line("J1200")),
    *(
        good(f"{one} goes both ways", INJECTION + line(one))
        for one in "J0696 J1885 J2405 J3262 J0129".split()
    ),
    good("a drug that the table does not know", INJECTION + line("J1745", 40) + line("J7040")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b14(case):
    check_case("INJ-B14", case)
