import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"


def line(code, units=1):
    return f"SV1*HC:{code}*60*UN*{units}***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CEFTRIAXONE = line("J0696", 4)

CASES = [
    *(
        bad(f"{one}", INJECTION + CEFTRIAXONE + line(one, 20), severity="deny", line="3")
        for one in "J2001 J2003 J2004 S0020".split()
    ),
    *(
        bad(f"payer {one}", payer(one) + INJECTION + CEFTRIAXONE + line("J2003", 20), severity="deny")
        for one in ("MB", "MC", "CI", "ZZ")
    ),
    bad("injected twice", INJECTION + INJECTION + CEFTRIAXONE + line("J2003", 20), severity="deny"),
    bad(
        "antibiotic on another claim",
        INJECTION + line("J2003", 20) + "---\n" + CEFTRIAXONE,
        severity="advise",
    ),
    bad(
        "first day of the tables",
        INJECTION + CEFTRIAXONE + line("J2001", 20),
        day="20090101",
        severity="deny",
    ),
    bad(
        "before them nothing is judged",
        INJECTION + CEFTRIAXONE + line("J2001", 20),
        day="20081231",
        outcome="no_data",
        count=3,
    ),
    good("no diluent", INJECTION + CEFTRIAXONE),
    good("into the vein", line("96374") + CEFTRIAXONE + line("J2003", 20)),
    good("both ways", line("96365") + INJECTION + CEFTRIAXONE + line("J2003", 20)),
    good("lidocaine of another day", INJECTION + CEFTRIAXONE + line("J2003", 20) + "DTP*472*D8*20260301\n"),
    good(
        "lidocaine without the antibiotic", line("20610") + line("J3301", 4) + INJECTION + line("J2003", 20)
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b21(case):
    check_case("INJ-B21", case)
