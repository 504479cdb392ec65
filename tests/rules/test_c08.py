import pytest
from rulecases import bad, check_case, good


def claim(visit=":25:GW", injection="", drug="", payer="MB", code="96372"):
    return (
        f"SBR*P*18*******{payer}\nSV1*HC:99213{visit}*100*UN*1***1\n"
        f"SV1*HC:{code}{injection}*30*UN*1***1\nSV1*HC:J3420{drug}*5*UN*1***1"
    )


CASES = [
    bad("neither injection nor drug", claim(), severity="advise", place="2400/SV101", line="2", count=2),
    bad("the drug alone is unmarked", claim(injection=":GW"), line="3"),
    bad("custody", claim(":25:QJ", drug=":QJ"), line="2"),
    bad("GV and GW on one line", claim(":25:GV", ":GV:GW", ":GV"), line="2"),
    good("all of them", claim(injection=":GW", drug=":GW")),
    good("related and unrelated lines", claim(":25:GV", ":GW", ":GW")),
    good("no hospice", claim(":25")),
    good("commercial", claim(payer="CI")),
    good("the visit of another day", claim().replace("SV1*HC:96372", "DTP*472*D8*20260303\nSV1*HC:96372", 1)),
    good("no injection", claim(code="36415")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_c08(case):
    check_case("INJ-C08", case)
