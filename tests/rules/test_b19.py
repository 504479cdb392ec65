import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"


def line(code, units=1):
    return f"SV1*HC:{code}*60*UN*{units}***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    *(
        bad(f"{one}", INJECTION + line(one), severity="deny", line="1")
        for one in "J7613 J7620 J7626 J8540 J8610 J8499 J8999 J8501 Q0144 Q0162 Q0181".split()
    ),
    *(
        bad(f"{one}: less well sourced", INJECTION + line(one), severity="advise")
        for one in "J7336 J7308".split()
    ),
    *(
        bad(f"payer {one}", payer(one) + INJECTION + line("J7613"), severity="deny")
        for one in ("MB", "MC", "CI", "ZZ")
    ),
    bad("two such drugs", INJECTION + line("J7613") + line("J8540"), severity="deny"),
    bad("drug on another claim", INJECTION + "---\n" + line("J7613"), severity="advise"),
    bad("first day of a code", INJECTION + line("J7336"), day="20150101"),
    good("the day before", INJECTION + line("J7336"), day="20141231"),
    good("an injectable is on the day", INJECTION + line("J7613") + line("J2919", 8)),
    good("an IV drug has its own rule", INJECTION + line("J7613") + line("J1602")),
    good("no drug has its own rule", INJECTION),
    good("Q codes of IV drugs", INJECTION + line("Q0138", 510) + line("J1200")),
    good("vaccine by mouth has its own rule", INJECTION + line("90681")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b19(case):
    check_case("INJ-B19", case)
