import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"


def line(code, units=1):
    return f"SV1*HC:{code}*60*UN*{units}***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


MIGRAINE = "HI*ABK:G43709\n"
OPEN = INJECTION.replace("96372", "96372:59")

CASES = [
    *(
        bad(f"{one}", MIGRAINE + INJECTION + line(one, 100), severity="deny", line="1")
        for one in "J0585 J0586 J0587 J0588".split()
    ),
    bad("J0589: less well sourced", MIGRAINE + INJECTION + line("J0589", 100)),
    *(
        bad(f"payer {one}", payer(one) + INJECTION + line("J0585", 155), severity="deny")
        for one in ("MB", "MC", "CI", "ZZ")
    ),
    bad(
        "another drug explains 96372, no procedure",
        INJECTION + line("J0585", 155) + line("J1885"),
        severity="advise",
    ),
    bad("toxin on another claim", INJECTION + "---\n" + line("J0585", 155), severity="advise"),
    *(
        bad(f"beside {one}", MIGRAINE + line(one) + INJECTION + line("J0585", 155), severity="deny", line="2")
        for one in "64612 64615 64616 64642 64650".split()
    ),
    bad("beside it, with 59", MIGRAINE + line("64615") + OPEN + line("J0585", 155), severity="advise"),
    bad(
        "first day of the pairs",
        line("64615") + INJECTION + line("J0585", 155),
        day="20240701",
        severity="deny",
    ),
    bad(
        "before it nobody can say that it denies",
        line("64615") + INJECTION + line("J0585", 155),
        day="20240630",
        severity="advise",
    ),
    good("64615", MIGRAINE + line("64615") + line("J0585", 155)),
    good(
        "another drug with 96372 and 59", MIGRAINE + line("64615") + OPEN + line("J0585", 155) + line("J1885")
    ),
    good("no toxin", MIGRAINE + INJECTION + line("J1885")),
    good("toxin of another day", INJECTION + line("J1885") + line("J0585", 155) + "DTP*472*D8*20260301\n"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b11(case):
    check_case("INJ-B11", case)
