import pytest
from rulecases import bad, check_case, good


def claim(code="59400", mark="", drug="J2590", dx="O80", filing="MC"):
    return (
        f"SBR*P*18*******{filing}\nHI*ABK:{dx}\nSV1*HC:{code}*2000*UN*1***1\n"
        f"SV1*HC:96372{mark}*30*UN*1***1\nSV1*HC:{drug}*5*UN*1***1\n"
    )


CASES = [
    *(
        bad(f"{one}", claim(one), severity="deny", line="2")
        for one in "59000 59400 59409 59410 59412 59414 59425 59426 59430 59510 59622 59812 59871".split()
    ),
    *(bad(f"payer {one}", claim(filing=one), severity="deny") for one in ("MB", "MC", "CI", "ZZ")),
    *(bad(f"Rho(D), {one}", claim(drug=one), severity="advise") for one in ("J2790", "J2788", "90384")),
    *(bad(f"for {one}", claim(dx=one), severity="advise") for one in ("O360110", "Z6711", "Z6741", "Z6791")),
    *(bad(f"{one} opens it", claim(mark=f":{one}"), outcome="bypassed") for one in ("59", "XU", "XE")),
    bad("25 opens nothing", claim(mark=":25"), severity="deny"),
    bad(
        "care on another claim",
        "SV1*HC:96372*30*UN*1***1\n---\nSV1*HC:59400*2000*UN*1***1\n",
        severity="advise",
        line="1",
    ),
    good("no pair", claim("59025")),
    good("no maternity", claim("36415")),
    good("another day", claim().replace("SV1*HC:96372", "DTP*472*D8*20260301\nSV1*HC:96372", 1)),
    bad("first day of the table", claim(), day="20240701"),
    bad("day before", claim(), day="20240630", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_p06(case):
    check_case("INJ-P06", case)
