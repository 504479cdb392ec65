import pytest
from rulecases import bad, check_case, good

DRUG = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J0696*5*UN*2***1\n"
OPEN = DRUG.replace("96372", "96372:59")


def vaccine(code="90460"):
    return f"DMG*D8*20180101*F\nSV1*HC:{code}*30*UN*1***1\nSV1*HC:90633*40*UN*1***1\n"


CASES = [
    bad("no modifier", vaccine() + DRUG, severity="deny", line="3"),
    *(
        bad(f"payer {one}", f"SBR*P*18*******{one}\n" + vaccine() + DRUG, severity="deny")
        for one in ("MC", "CI", "BL", "ZZ")
    ),
    bad("25 opens nothing", vaccine() + DRUG.replace("96372", "96372:25"), severity="deny"),
    bad(
        "vaccine on another claim",
        "DMG*D8*20180101*F\n" + DRUG + "---\n" + vaccine(),
        severity="advise",
        line="1",
    ),
    *(
        bad(f"{one} opens it", vaccine() + DRUG.replace("96372", f"96372:{one}"), outcome="bypassed")
        for one in ("59", "XU")
    ),
    bad("59 on the vaccine's line", vaccine("90460:59") + DRUG, outcome="bypassed"),
    *(
        good(f"{one} has no pair", vaccine(one) + DRUG)
        for one in "90471 90472 90473 90474 90480 G0008 G0009 G0010".split()
    ),
    good(
        "vaccine of another day",
        vaccine().replace("\nSV1*HC:90633", "\nDTP*472*D8*20260301\nSV1*HC:90633") + DRUG,
    ),
    good("no vaccine", DRUG),
    bad("first day of the table", vaccine() + DRUG, day="20240701"),
    bad("day before", vaccine() + DRUG, day="20240630", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_p07(case):
    check_case("INJ-P07", case)
