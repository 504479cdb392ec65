import pytest
from rulecases import bad, check_case, good

VACCINE_CODE = "SV1*HC:90471*30*UN*1***1\n"
INJECTION = "SV1*HC:96372*30*UN*1***1\n"


def drug(code):
    return f"SV1*HC:{code}*60*UN*1***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    *(
        bad(f"{one}", VACCINE_CODE + drug(one), severity="advise", line="1")
        for one in "J2790 J2788 J2791 J2792 J1460 J1571 J1670 90281 90371 90375 90377 90384 90389 90396 90378".split()
    ),
    *(
        bad(f"{one} is for the vein", VACCINE_CODE + drug(one), severity="advise")
        for one in ("90283", "J1569")
    ),
    bad("90460", VACCINE_CODE.replace("90471", "90460") + drug("90371")),
    *(
        bad(f"payer {one}", payer(one) + VACCINE_CODE + drug("J2790"), severity="advise")
        for one in ("MB", "MC", "ZZ")
    ),
    bad(
        "one vaccine, two such codes",
        VACCINE_CODE + VACCINE_CODE.replace("90471", "90472") + drug("90715") + drug("90389"),
    ),
    bad(
        "one vaccine, two units of its code",
        VACCINE_CODE.replace("UN*1*", "UN*2*") + drug("90715") + drug("90389"),
    ),
    bad("globulin on another claim", VACCINE_CODE + "---\n" + drug("90389")),
    bad("first day of the tables", VACCINE_CODE + drug("J2790"), day="20090101", severity="advise"),
    bad("before it nothing is judged", VACCINE_CODE + drug("J2790"), day="20081231", outcome="no_data"),
    good("96372", INJECTION + drug("J2790")),
    good("both, each with its code", VACCINE_CODE + drug("90675") + INJECTION + drug("90375")),
    good("infused", VACCINE_CODE + drug("90715") + "SV1*HC:96365*90*UN*1***1\n" + drug("J1569")),
    good("the vaccine accounts for the code", VACCINE_CODE + drug("90715") + drug("90389")),
    good(
        "a further component is no further vaccine",
        VACCINE_CODE.replace("90471", "90460")
        + VACCINE_CODE.replace("90471", "90461")
        + drug("90707")
        + drug("90371"),
    ),
    good("vaccine alone", VACCINE_CODE + drug("90715")),
    good("globulin of another day", VACCINE_CODE + drug("90715") + drug("J2790") + "DTP*472*D8*20260301\n"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b03(case):
    check_case("INJ-B03", case)
