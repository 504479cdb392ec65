import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"
CHILD = "DMG*D8*20180101*F\n"


def product(code, units=1):
    return f"SV1*HC:{code}*60*UN*{units}***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


def to(code):
    return {"suggested:96372": code}


CASES = [
    bad("adult, commercial", product("90715") + INJECTION, severity="deny", fixed=to("90471"), line="2"),
    *(
        bad(
            f"adult, payer {one}",
            payer(one) + product("90715") + INJECTION,
            severity="deny",
            fixed=to("90471"),
        )
        for one in ("MC", "BL", "CH", "VA", "WC", "FI")
    ),
    *(
        bad(f"payer {one}: no suggestion", payer(one) + product("90715") + INJECTION, severity="deny")
        for one in ("16", "ZZ", "MB")
    ),
    bad(
        "Medicare, influenza", payer("MB") + product("90662") + INJECTION, severity="deny", fixed=to("G0008")
    ),
    bad("Medicare, influenza by Q code", payer("MB") + product("Q2039") + INJECTION, fixed=to("G0008")),
    bad("Medicare, pneumococcal", payer("MB") + product("90677") + INJECTION, fixed=to("G0009")),
    bad("Medicare, hepatitis B", payer("MB") + product("90746") + INJECTION, fixed=to("G0010")),
    bad("Medicare Advantage, influenza", payer("16") + product("90662") + INJECTION),
    bad("COVID-19", product("91320") + INJECTION, fixed=to("90480")),
    bad("COVID-19, child", CHILD + product("91320") + INJECTION, fixed=to("90480")),
    bad(
        "COVID-19, first day of 90480 in place of the others",
        product("91320") + INJECTION,
        day="20231101",
        fixed=to("90480"),
    ),
    bad("COVID-19, the day before", product("91320") + INJECTION, day="20231031"),
    bad("RSV vaccine", product("90678") + INJECTION, fixed=to("90471")),
    bad("child: a coder decides", CHILD + product("90707") + INJECTION, severity="deny"),
    bad("18 years and 364 days", "DMG*D8*20070303*F\n" + product("90715") + INJECTION),
    bad("19th birthday", "DMG*D8*20070302*F\n" + product("90715") + INJECTION, fixed=to("90471")),
    bad("no birth date", "DMG*D8**F\n" + product("90715") + INJECTION),
    bad("vaccine by mouth", product("90681") + INJECTION),
    bad("vaccine by nose", product("90672") + INJECTION),
    bad("an IV drug is on the day: nobody can tell", product("90715") + product("J1459") + INJECTION),
    bad("unlisted vaccine", product("90749") + INJECTION),
    bad("two vaccines", product("90715") + product("90746") + INJECTION),
    bad("two units of 96372", product("90715") + INJECTION.replace("UN*1", "UN*2")),
    bad("two lines of 96372", product("90715") + INJECTION + INJECTION, count=2),
    bad("90471 is there already", product("90715") + "SV1*HC:90471*30*UN*1***1\n" + INJECTION, line="3"),
    bad("vaccine on another claim only advises", INJECTION + "---\n" + product("90715"), severity="advise"),
    bad(
        "a vaccine code that the table does not know",
        product("91300") + INJECTION,
        day="20210401",
        severity="deny",
    ),
    bad(
        "drug explains 96372, vaccine without administration",
        product("90715") + INJECTION + product("J1885"),
        severity="advise",
        line="1",
    ),
    bad(
        "96372 points at Z23, no vaccine",
        "HI*ABK:Z23\n" + INJECTION + product("J3420"),
        severity="advise",
        place="2300/HI01-02",
    ),
    bad("first day of a Q code", product("Q2039") + INJECTION, day="20110101", fixed=to("90471")),
    good("the day before it could be any drug", product("Q2039") + INJECTION, day="20101231"),
    good("90471", product("90715") + "SV1*HC:90471*30*UN*1***1\n"),
    good(
        "vaccine and drug, each with its code",
        product("90715") + "SV1*HC:90471*30*UN*1***1\n" + INJECTION + product("J1885"),
    ),
    good(
        "a drug that the table does not know may explain 96372",
        product("90715") + "SV1*HC:90471*30*UN*1***1\n" + INJECTION + product("J9998"),
    ),
    good("90480 is an administration code", "SV1*HC:90480*60*UN*1***1\n" + product("J3420") + INJECTION),
    *(
        good(f"{one} is no vaccine", product(one) + INJECTION)
        for one in "90281 90371 90375 90378 90384 90389 90396 90381".split()
    ),
    good("Z23 that 96372 does not point at", "HI*ABK:E538*ABF:Z23\n" + INJECTION + product("J3420")),
    good("vaccine the day before", product("90715") + "DTP*472*D8*20260301\n" + INJECTION + product("J3420")),
    good("vaccine of another patient", INJECTION + product("J3420") + "=== TEST0009\n" + product("90715")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b01(case):
    check_case("INJ-B01", case)
