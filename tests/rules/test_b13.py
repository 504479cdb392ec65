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
        for one in "J7318 J7320 J7321 J7323 J7324 J7325 J7326 J7327 J3304 J0178 J2778".split()
    ),
    *(
        bad(f"{one}", INJECTION + line(one, 10))
        for one in "J7322 J7332 J3303 J0775 J0177 J2777 J1096 J3300 J0475 J9030 J0665".split()
    ),
    *(
        bad(f"payer {one}", payer(one) + INJECTION + line("J7325", 48), severity="deny")
        for one in ("MB", "MC", "CI", "ZZ")
    ),
    bad("the procedure is there, 96372 has no drug", line("20610") + INJECTION + line("J7325", 48), line="2"),
    bad("product on another claim", INJECTION + "---\n" + line("J7325", 48), severity="advise"),
    bad("two injections are one finding", INJECTION + INJECTION + line("J7325", 48)),
    bad("first day of a code", INJECTION + line("J3304", 32), day="20190101", severity="deny"),
    good("the day before", INJECTION + line("J3304", 32), day="20181231"),
    good("the procedure", line("20610") + line("J7325", 48)),
    good("another drug explains 96372", line("20610") + INJECTION + line("J7325", 48) + line("J1885")),
    good("triamcinolone goes both ways", INJECTION + line("J3301", 4)),
    good("a drug that the table does not know", INJECTION + line("J7325", 48) + line("J9998")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b13(case):
    check_case("INJ-B13", case)
