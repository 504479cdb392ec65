import pytest
from rulecases import bad, check_case, good


def claim(place, mark="", payer="CI"):
    return f"SBR*P*18*******{payer}\nCLM*C****{place}:B:1*Y*A*Y*Y\nSV1*HC:96372{mark}*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1\n"


CASES = [
    *(
        bad(f"place {one}", claim(one), severity="advise", line="1", place="2300/CLM05-01")
        for one in ("01", "03", "09", "12", "13", "14", "15", "16", "17", "33")
    ),
    *(
        bad(f"vaccination centre, payer {one}", claim("60", payer=one), severity="deny")
        for one in ("MB", "MC", "CI")
    ),
    *(bad(f"at home, payer {one}", claim("12", payer=one), severity="advise") for one in ("MB", "MC", "CI")),
    bad("hospice at Medicare", claim("34", payer="MB"), severity="advise"),
    bad(
        "place of the line",
        claim("11").replace("UN*1***1", "UN*1*60**1", 1),
        place="2400/SV105",
        severity="deny",
    ),
    *(good(f"hospice with {one}", claim("34", f":{one}", "MB")) for one in ("GV", "GW")),
    good("hospice elsewhere is INJ-S01", claim("34")),
    *(good(f"place {one}", claim(one)) for one in ("11", "20", "22", "49", "50", "71", "72")),
    good("a vaccine there", "CLM*C****60:B:1*Y*A*Y*Y\nSV1*HC:90471*30*UN*1***1\n"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_s04(case):
    check_case("INJ-S04", case)
