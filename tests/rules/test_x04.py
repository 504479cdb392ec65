import pytest
from rulecases import bad, check_case, good

OTHER = "NM1*82*1*TESTCASE*LEE****XX*1003000126\nPRV*PE*PXC*207Q00000X\n"


def line(*modifiers, by=""):
    return f"SV1*HC:{':'.join(('96372', *modifiers))}*30*UN*1***1\n{by}"


DRUG = "SV1*HC:J3420*5*UN*1***1\n"

CASES = [
    bad("77, one practitioner", line() + line("77") + DRUG, severity="deny", line="2", place="2400/SV101-03"),
    bad("76, two practitioners", line(by=OTHER) + line("76") + DRUG, severity="deny", line="2"),
    bad("76 on the other's line", line() + line("76", by=OTHER) + DRUG, severity="deny"),
    *(
        bad(f"payer {one}", f"SBR*P*18*******{one}\n" + line() + line("77") + DRUG, severity="deny")
        for one in ("MB", "MC", "CI")
    ),
    bad("both on one line", line() + line("76", "77") + DRUG, severity="deny", place="2400/SV101-04"),
    *(bad(f"{one} repeats nothing", line(one) + DRUG, severity="advise") for one in ("76", "77")),
    bad("the other on another claim", line("77") + DRUG + "---\n" + line(), severity="advise", line="1"),
    bad("the other day", line() + "DTP*472*D8*20260301\n" + line("76") + DRUG, severity="advise"),
    good("76, one practitioner", line() + line("76") + DRUG),
    good("77, two practitioners", line(by=OTHER) + line("77") + DRUG),
    good("76, of three by two", line() + line(by=OTHER) + line("76") + DRUG),
    good("77, of three by two", line() + line(by=OTHER) + line("77") + DRUG),
    good("none", line() + line() + DRUG),
    good("59", line() + line("59", by=OTHER) + DRUG),
    good("76 on another service", line() + DRUG + "SV1*HC:71046:76*5*UN*1***1\n"),
    good("76, the first on another claim", line("76") + DRUG + "---\n" + line()),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_x04(case):
    check_case("INJ-X04", case)
