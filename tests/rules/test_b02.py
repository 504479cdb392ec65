import pytest
from rulecases import bad, check_case, good

VACCINE_CODE = "SV1*HC:90471*30*UN*1***1\n"
INJECTION = "SV1*HC:96372*30*UN*1***1\n"
INJECTED = {"suggested:90471": "96372"}
CHILD = "DMG*D8*20180101*F\n"


def drug(code):
    return f"SV1*HC:{code}*60*UN*1***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    *(
        bad(
            f"{one} and a drug",
            VACCINE_CODE.replace("90471", one) + drug("J2315"),
            severity="deny",
            line="1",
            fixed=INJECTED if one == "90471" else {},
        )
        for one in "90471 90472 90473 90474 90480 G0008 G0009 G0010".split()
    ),
    *(
        bad(f"payer {one}", payer(one) + VACCINE_CODE + drug("J2315"), severity="deny", fixed=INJECTED)
        for one in ("MB", "MC", "CI", "16", "ZZ")
    ),
    bad("RSV antibody", VACCINE_CODE + drug("90381"), severity="deny"),
    bad(
        "two such codes are one finding",
        VACCINE_CODE + VACCINE_CODE.replace("90471", "90472") + drug("J2315"),
    ),
    bad(
        "the drug has its code, the vaccine is missing",
        VACCINE_CODE + INJECTION + drug("J2315"),
        severity="advise",
    ),
    bad(
        "child: the state may have supplied the vaccine",
        CHILD + VACCINE_CODE + drug("J2315"),
        severity="advise",
    ),
    bad("drug on another claim", VACCINE_CODE + "---\n" + drug("J2315"), severity="advise"),
    bad("18 years old", "DMG*D8*20080302*F\n" + VACCINE_CODE + drug("J2315"), severity="advise"),
    bad(
        "19 years old", "DMG*D8*20070302*F\n" + VACCINE_CODE + drug("J2315"), severity="deny", fixed=INJECTED
    ),
    bad("two drugs", VACCINE_CODE + drug("J2315") + drug("J3420")),
    bad("a drug that may have gone into a vein too", VACCINE_CODE + drug("J1885")),
    bad("a vaccine encounter", "HI*ABK:Z23\n" + VACCINE_CODE + drug("J2315")),
    bad("two units", VACCINE_CODE.replace("UN*1", "UN*2") + drug("J2315")),
    bad("59 speaks of 90471", VACCINE_CODE.replace("90471", "90471:59") + drug("J2315")),
    bad(
        "the day has a visit too",
        "SV1*HC:99213:25*90*UN*1***1\n" + VACCINE_CODE + drug("J2315"),
        fixed=INJECTED,
    ),
    bad(
        "first day of 90480",
        VACCINE_CODE.replace("90471", "90480") + drug("J2315"),
        day="20230911",
        severity="deny",
    ),
    good(
        "the day before it was no code",
        VACCINE_CODE.replace("90471", "90480") + drug("J2315"),
        day="20230910",
    ),
    good("96372", INJECTION + drug("J2315")),
    good("vaccine and drug", VACCINE_CODE + drug("90715") + drug("J2315")),
    good("vaccine alone", VACCINE_CODE + drug("90715")),
    good("no product at all", VACCINE_CODE),
    good("globulins have their own rule", VACCINE_CODE + drug("J2790")),
    good("a drug that the table does not know", VACCINE_CODE + drug("J9998")),
    good("an IV drug says nothing of the vaccine", VACCINE_CODE + drug("J1602")),
    good("drug of another day", VACCINE_CODE + drug("J2315") + "DTP*472*D8*20260301\n"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b02(case):
    check_case("INJ-B02", case)
