import pytest
from rulecases import bad, check_case, good


def claim(dialysis="90935", mark="", drug="J1885", place="11", filing="MB"):
    first = f"SV1*HC:{dialysis}*120*UN*1***1\n" if dialysis else ""
    return (
        f"SBR*P*18*******{filing}\nCLM*C****{place}:B:1*Y*A*Y*Y\n{first}"
        f"SV1*HC:96372{mark}*30*UN*1***1\nSV1*HC:{drug}*5*UN*2***1\n"
    )


def bundled(drug, **more):
    return claim("", drug=drug, place="65", **more)


CASES = [
    *(
        bad(f"{one}", claim(one), severity="deny", line="2")
        for one in ("90935", "90937", "90940", "90945", "90947")
    ),
    *(bad(f"{one} with 59", claim(one, ":59"), outcome="bypassed") for one in ("90935", "90945")),
    *(bad(f"payer {one}", claim(filing=one), severity="deny") for one in ("MC", "CI", "ZZ")),
    *(bad(f"{one} in the facility", bundled(one), severity="deny", line="1") for one in ("Q4081", "J0882")),
    *(
        bad(f"{one}: in the bundle by general knowledge", bundled(one), severity="advise")
        for one in ("J1756", "J2501", "J1270")
    ),
    bad(
        "dialysis on another claim",
        claim("") + "---\nSBR*P*18*******MB\nSV1*HC:90935*120*UN*1***1\n",
        severity="advise",
    ),
    good("another drug in the facility", bundled("J1885")),
    good("AY: not for the kidney disease", bundled("J0882:AY")),
    good("the drug in the office", claim("", drug="Q4081")),
    good("a monthly service has no row", claim("90960")),
    good("dialysis of another day", claim().replace("SV1*HC:96372", "DTP*472*D8*20260301\nSV1*HC:96372", 1)),
    bad("first day of the table", claim(), day="20240701"),
    bad("day before", claim(), day="20240630", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_p13(case):
    check_case("INJ-P13", case)
