import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"


def line(code, units=1):
    return f"SV1*HC:{code}*60*UN*{units}***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    *(
        bad(f"{one} is confirmed", INJECTION + line(one), severity="deny", line="1")
        for one in "J7307 S0189 J9225 J9226".split()
    ),
    *(bad(f"{one}", INJECTION + line(one)) for one in "J7306 J1073 J0570".split()),
    *(
        bad(f"payer {one}", payer(one) + INJECTION + line("S0189", 6), severity="deny")
        for one in ("MB", "MC", "CI", "ZZ")
    ),
    bad("the insertion is there, 96372 has no drug", line("11981") + INJECTION + line("J7307"), line="2"),
    bad("implant on another claim", INJECTION + "---\n" + line("S0189", 6), severity="advise"),
    bad("first day of a code", INJECTION + line("J1073", 6), day="20260101"),
    good("the day before", INJECTION + line("J1073", 6), day="20251231"),
    good("11980", line("11980") + line("S0189", 6)),
    good("another drug explains 96372", line("11981") + INJECTION + line("J7307") + line("J1885")),
    good("goserelin has its own rule", INJECTION + line("J9202")),
    good("buprenorphine under the skin is no implant", INJECTION + line("Q9991")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b18(case):
    check_case("INJ-B18", case)
