import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"


def line(code, units=1):
    return f"SV1*HC:{code}*60*UN*{units}***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    *(
        bad(f"{one}", INJECTION + line(one, 100), line="1")
        for one in "J1551 J1555 J1558 J1559 J1575 90284".split()
    ),
    bad("insulin for a pump", INJECTION + line("J1817", 2)),
    *(
        bad(f"payer {one}", payer(one) + INJECTION + line("J1559", 100), severity="deny")
        for one in ("MB", "MC", "CI", "ZZ")
    ),
    bad("the infusion is there, 96372 has no drug", line("96369") + INJECTION + line("J1559", 100), line="2"),
    bad("drug on another claim", INJECTION + "---\n" + line("J1559", 100), severity="advise"),
    bad("first day of a code", INJECTION + line("J1551", 100), day="20220701"),
    good("the day before", INJECTION + line("J1551", 100), day="20220630"),
    good("96369", line("96369") + line("J1559", 100)),
    good("another drug explains 96372", line("96369") + INJECTION + line("J1559", 100) + line("J1200")),
    good("globulin for the muscle", INJECTION + line("J1460")),
    good("globulin for the vein has its own rule", INJECTION + line("J1459", 60)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b17(case):
    check_case("INJ-B17", case)
