import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"


def line(code, units=1):
    return f"SV1*HC:{code}*60*UN*{units}***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    bad("pegfilgrastim", line("96377") + INJECTION + line("J2506", 12), severity="deny", line="2"),
    bad("biosimilar", line("96377") + INJECTION + line("Q5111", 12), severity="deny"),
    *(
        bad(f"payer {one}", payer(one) + line("96377") + INJECTION + line("J2506", 12), severity="deny")
        for one in ("MB", "MC", "CI", "ZZ")
    ),
    bad(
        "injector on another claim",
        INJECTION + line("J2506", 12) + "---\n" + line("96377"),
        severity="advise",
    ),
    bad("two injections are one finding", line("96377") + INJECTION + INJECTION + line("J2506", 12)),
    bad("first day of 96377", line("96377") + INJECTION + line("J2506", 12), day="20170101", severity="deny"),
    good("the day before it was no code", line("96377") + INJECTION + line("J2506", 12), day="20161231"),
    good("injector", line("96377") + line("J2506", 12)),
    good("syringe", INJECTION + line("J2506", 12)),
    good("another drug explains 96372", line("96377") + INJECTION + line("J2506", 12) + line("J0897", 120)),
    good("both products", line("96377") + INJECTION + line("J2506", 12) + line("Q5111", 12)),
    good("no drug line", line("96377") + INJECTION),
    good("a pegfilgrastim without injector", line("96377") + INJECTION + line("Q5108", 12)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b16(case):
    check_case("INJ-B16", case)
