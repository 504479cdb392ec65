import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"
OTHER_RENDERS = "NM1*82*1*TESTCASE*LEE****XX*1003000126\nPRV*PE*PXC*207Q00000X\n"


def drug(code, units):
    return f"SV1*HC:{code}*20*UN*{units}***1\n"


CASES = [
    bad("B12 in micrograms", INJECTION + drug("J3420", 1000), severity="deny", place="2400/SV104", line="2"),
    bad("two units of B12", INJECTION + drug("J3420", 2), severity="deny"),
    bad("naltrexone twice", "SBR*P*18*******MB\n" + INJECTION + drug("J2315", 760), severity="deny"),
    bad(
        "Medicaid has values of its own",
        "SBR*P*18*******MC\n" + INJECTION + drug("J2315", 381),
        severity="deny",
    ),
    bad("over two lines", INJECTION + drug("J1885", 5) + drug("J1885:59", 4)),
    bad("what was thrown away counts", INJECTION + drug("J2357", 100) + drug("J2357:JW", 21)),
    bad(
        "over two claims the later advises",
        INJECTION + drug("J3420", 1) + "---\n" + drug("J3420", 1),
        severity="advise",
    ),
    bad("a limit of the line", INJECTION + drug("J7178", 7701), severity="deny"),
    good("a limit of the line, over two lines", INJECTION + drug("J7178", 7000) + drug("J7178:59", 7000)),
    good("at the limit", INJECTION + drug("J1885", 8)),
    good("one unit of B12", INJECTION + drug("J3420", 1)),
    good("two days", INJECTION + drug("J3420", 1) + drug("J3420", 1) + "DTP*472*D8*20260303\n"),
    good(
        "a replacement is not counted twice",
        INJECTION + drug("J3420", 1) + "---\nCLM*NEW****11:B:7*Y*A*Y*Y\nREF*F8*TEST1\n" + drug("J3420", 1),
    ),
    good("two providers", INJECTION + drug("J3420", 1) + drug("J3420", 1) + OTHER_RENDERS),
    bad(
        "a code that Medicare takes in no number",
        "SBR*P*18*******MB\n" + INJECTION + drug("90384", 1),
        severity="deny",
    ),
    good("the same, commercial", INJECTION + drug("90384", 1)),
    good("an unlisted drug has no limit", INJECTION + drug("J3490", 999)),
    good("the injection has its own rule", "SV1*HC:96372*30*UN*9***1\n" + drug("J3420", 1)),
    bad("first day of the table", INJECTION + drug("J3420", 2), day="20240701"),
    bad("the day before", INJECTION + drug("J3420", 2), day="20240630", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d08(case):
    check_case("INJ-D08", case)
