import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"


def line(code, units=1):
    return f"SV1*HC:{code}*60*UN*{units}***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


PROGRAM = payer("MB") + "CLM*C****58:B:1*Y*A*Y*Y\nHI*ABK:F1120\n"

CASES = [
    *(
        bad(f"{one}", PROGRAM + INJECTION + line(one), severity="deny", line="1")
        for one in "J2315 Q9991 Q9992 J0577 J0578".split()
    ),
    bad(
        "the line says 58",
        payer("MB") + INJECTION.replace("UN*1*", "UN*1*58") + line("J2315", 380),
        severity="deny",
    ),
    bad(
        "Medicare Advantage", PROGRAM.replace("MB", "16") + INJECTION + line("J2315", 380), severity="advise"
    ),
    bad(
        "drug on another claim",
        PROGRAM + INJECTION + "---\n" + PROGRAM + line("J2315", 380),
        severity="advise",
    ),
    bad(
        "first day of the benefit", PROGRAM + INJECTION + line("J2315", 380), day="20200101", severity="deny"
    ),
    good("the day before", PROGRAM + INJECTION + line("J2315", 380), day="20191231"),
    good("office", payer("MB") + "HI*ABK:F1120\n" + INJECTION + line("J2315", 380)),
    *(
        good(f"payer {one}", PROGRAM.replace("MB", one) + INJECTION + line("J2315", 380))
        for one in ("MC", "CI", "ZZ")
    ),
    good("another drug", PROGRAM + INJECTION + line("J3420")),
    good("the bundle", PROGRAM + line("G2073")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b20(case):
    check_case("INJ-B20", case)
