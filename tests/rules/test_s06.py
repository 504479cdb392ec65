import pytest
from rulecases import bad, check_case, good

DRUG = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1\n"
NAMED = "NM1*77*2*EXAMPLE FACILITY*****XX*1003000126\nN3*5 SAMPLE ST\nN4*SPRINGFIELD*IL*627010001\n"


def claim(place, more=""):
    return f"CLM*C****{place}:B:1*Y*A*Y*Y\n{more}{DRUG}"


CASES = [
    *(
        bad(f"place {one}", claim(one), severity="advise", place="2300/CLM05-01")
        for one in ("19", "21", "22", "23", "24", "31", "32", "34", "03", "09", "13", "61")
    ),
    *(
        bad(f"payer {one}", f"SBR*P*18*******{one}\n" + claim("22"), severity="advise")
        for one in ("MB", "MC", "CI")
    ),
    bad("two injections are one matter", claim("22") + DRUG.replace("96372", "96372:76")),
    bad("place of the line", claim("11").replace("UN*1***1", "UN*1*31**1", 1), place="2400/SV105"),
    *(good(f"place {one} with its name", claim(one, NAMED)) for one in ("22", "31", "09")),
    *(
        good(f"place {one}", claim(one))
        for one in ("11", "12", "02", "10", "20", "49", "50", "71", "72", "99")
    ),
    good("named for the line", claim("22").replace("SV1*HC:J3420", NAMED + "SV1*HC:J3420")),
    good("no injection", "CLM*C****22:B:1*Y*A*Y*Y\nSV1*HC:90471*30*UN*1***1\n"),
    bad("first day of 19", claim("19"), day="20160101"),
    good("day before", claim("19"), day="20151231"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_s06(case):
    check_case("INJ-S06", case)
