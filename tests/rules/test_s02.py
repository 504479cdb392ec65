import pytest
from rulecases import bad, check_case, good

DRUG = "SV1*HC:J3420*5*UN*1***1\n"
INJECTION = "SV1*HC:96372*30*UN*1***1\n"


def at(place):
    return f"CLM*C****{place}:B:1*Y*A*Y*Y\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    bad("place 02", at("02") + INJECTION + DRUG, severity="deny", place="2300/CLM05-01", line="1"),
    bad("place 10", at("10") + INJECTION + DRUG, severity="deny"),
    bad("the line says 10", INJECTION.replace("UN*1*", "UN*1*10") + DRUG, place="2400/SV105"),
    *(
        bad(
            f"{one} on the injection",
            INJECTION.replace("96372", f"96372:{one}") + DRUG,
            severity="deny",
            place="2400/SV101-03",
            fixed={"suggested::95": ""} if one == "95" else {},
        )
        for one in ("95", "93", "GT", "GQ", "FQ", "G0")
    ),
    bad(
        "95 beside another modifier",
        INJECTION.replace("96372", "96372:GC:95") + DRUG,
        place="2400/SV101-04",
        fixed={"suggested::95": ""},
    ),
    bad("two signs of telehealth", INJECTION.replace("96372", "96372:95:GT") + DRUG, count=2),
    bad(
        "95 on the injection, a visit on another claim",
        INJECTION.replace("96372", "96372:95") + DRUG + "---\nSV1*HC:99213*90*UN*1***1",
    ),
    bad("place and modifier", at("02") + INJECTION.replace("96372", "96372:95") + DRUG, count=2),
    *(
        bad(f"payer {one}", payer(one) + at("02") + INJECTION, severity="deny")
        for one in ("MB", "MC", "CI", "16", "ZZ")
    ),
    bad(
        "telehealth visit, injection in the office",
        "SV1*HC:99213:95*90*UN*1*10**1\n" + INJECTION + DRUG,
        severity="advise",
        line="2",
    ),
    bad(
        "telehealth visit and 95 on the injection are one finding",
        "SV1*HC:99213:95*90*UN*1***1\n" + INJECTION.replace("96372", "96372:95"),
        severity="deny",
    ),
    bad("by place alone", "SV1*HC:99213:25*90*UN*1*02**1\n" + INJECTION + DRUG, severity="advise"),
    bad(
        "visit on another claim",
        INJECTION + DRUG + "---\nSV1*HC:99213:95*90*UN*1***1",
        severity="advise",
        line="1",
    ),
    good("all in the office", "SV1*HC:99213:25*90*UN*1***1\n" + INJECTION + DRUG),
    good("telehealth visit the day before", "SV1*HC:99213:95*90*UN*1***1\nDTP*472*D8*20260301\n" + INJECTION),
    good(
        "claim at 10, injection line in the office", at("10") + INJECTION.replace("UN*1*", "UN*1*11") + DRUG
    ),
    good("telehealth visit alone", "SV1*HC:99213:95*90*UN*1*10**1\nSV1*HC:90471*9*UN*1***1\n"),
    good("95 on a service that is no visit", "SV1*HC:97110:95*90*UN*1***1\n" + INJECTION),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_s02(case):
    check_case("INJ-S02", case)
