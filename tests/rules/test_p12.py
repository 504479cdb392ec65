import pytest
from rulecases import bad, check_case, good


def claim(bundle="G2087", mark=":59", more=""):
    first = f"SV1*HC:{bundle}*300*UN*1***1\n" if bundle else ""
    return f"{first}{more}SV1*HC:96372{mark}*30*UN*1***1\nSV1*HC:Q9991*1500*UN*1***1\n"


CASES = [
    *(bad(f"{one}", claim(one), severity="advise", line="2") for one in ("G2086", "G2087", "G2088")),
    *(bad(f"{one}", claim(mark=f":{one}")) for one in ("XE", "XU")),
    *(bad(f"payer {one}", f"SBR*P*18*******{one}\n" + claim()) for one in ("MB", "MC", "CI")),
    good("as it should be", claim(mark="")),
    good("an edit asks for 59", claim(more="SV1*HC:96374*80*UN*1***1\n")),
    good("another service: INJ-P08", claim(more="SV1*HC:36415*5*UN*1***1\n")),
    good("alone: INJ-P11", claim("")),
    good("it tells the second from the first", claim(mark="") + "SV1*HC:96372:59*30*UN*1***1\n"),
    bad("first day of the table", claim(), day="20240701"),
    bad("day before", claim(), day="20240630", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_p12(case):
    check_case("INJ-P12", case)
