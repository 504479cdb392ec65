import pytest
from rulecases import bad, check_case, good

DRUG = "\nSV1*HC:J3420*5*UN*1***1"


def injection(units):
    return f"SV1*HC:96372*30*UN*{units}***1" + DRUG


CASES = [
    bad("zero", injection("0"), place="2400/SV104", line="1", severity="reject"),
    bad("negative", injection("-1"), severity="reject"),
    bad("fraction", injection("1.5")),
    bad("less than one", injection(".5")),
    bad("blank", injection("")),
    bad("no number", injection("ONE")),
    bad("each line is told", injection("0") + "\nSV1*HC:96372:59*30*UN*0***1", count=2),
    bad("whatever the payer", "SBR*P*18*******MB\n" + injection("0"), severity="reject"),
    good("one", injection("1")),
    good("four", injection("4")),
    good("a whole number written with decimals", injection("1.0")),
    good("the drug line has its own rules", "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1.5***1"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a03(case):
    check_case("INJ-A03", case)
