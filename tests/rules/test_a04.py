import pytest
from rulecases import bad, check_case, good


def lines(charge, drug="5", head=""):
    return f"{head}SV1*HC:96372*{charge}*UN*1***1\nSV1*HC:J3420*{drug}*UN*1***1"


CASES = [
    bad("blank", lines(""), severity="reject", place="2400/SV102", line="1"),
    bad("negative", lines("-30"), severity="reject", line="1"),
    bad("no amount", lines("FREE"), severity="reject"),
    bad("blank on the drug line", lines("30", ""), severity="reject", line="2"),
    bad("the injection at zero", lines("0"), severity="deny", place="2400/SV102"),
    bad(
        "the claim says more",
        lines("30", head="CLM*C*40***11:B:1*Y*A*Y*Y\n"),
        severity="reject",
        place="2300/CLM02",
    ),
    bad("the claim says less by a cent", lines("30", head="CLM*C*34.99***11:B:1*Y*A*Y*Y\n")),
    bad("the claim says nothing readable", lines("30", head="CLM*C*TOTAL***11:B:1*Y*A*Y*Y\n")),
    good("in balance", lines("30")),
    good("in balance with cents", lines("30.25", "4.75", head="CLM*C*35***11:B:1*Y*A*Y*Y\n")),
    good("a free drug at zero", lines("30", "0")),
    good("a free drug at one cent", lines("30", "0.01")),
    good("supplied by the state", "SV1*HC:96372:SL*0*UN*1***1\nSV1*HC:J3420*5*UN*1***1"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a04(case):
    check_case("INJ-A04", case)
