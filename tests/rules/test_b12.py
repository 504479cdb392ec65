import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"


def line(code, units=1):
    return f"SV1*HC:{code}*60*UN*{units}***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


OPEN = INJECTION.replace("96372", "96372:59")

CASES = [
    *(
        bad(f"{one}", line(one) + INJECTION + line("J3301", 4), severity="deny", line="2")
        for one in (
            "20526 20550 20551 20552 20553 20560 20600 20604 20605 20606 20610 20611 20612 11900 11901 "
            "62321 62323 64400 64405 64450 64483 64490 64493"
        ).split()
    ),
    *(
        bad(f"payer {one}", payer(one) + line("20610") + INJECTION + line("J3301", 4), severity="deny")
        for one in ("MB", "MC", "CI", "ZZ")
    ),
    bad("side of the joint opens nothing", line("20610:RT") + INJECTION + line("J3301", 4), severity="deny"),
    bad("with 59, but no drug left", line("20610") + OPEN + line("J3301", 4), severity="advise"),
    bad("59 on the procedure", line("20610:59") + INJECTION + line("J3301", 4), severity="advise"),
    bad(
        "two joints, two drugs",
        line("20610") + line("20605") + INJECTION + line("J3301", 4) + line("J0702", 2),
        severity="deny",
    ),
    bad(
        "the anaesthetic is no drug for 96372",
        line("20610") + INJECTION + line("J3301", 4) + line("J2003", 20),
        severity="deny",
    ),
    bad("no drug on the claim", line("20610") + INJECTION, severity="deny"),
    bad(
        "procedure on another claim",
        INJECTION + line("J3301", 4) + "---\n" + line("20610"),
        severity="advise",
    ),
    bad("toxin procedure without a toxin", line("64615") + INJECTION, severity="deny"),
    bad(
        "first day of the pairs",
        line("20610") + INJECTION + line("J3301", 4),
        day="20240701",
        severity="deny",
    ),
    bad(
        "before it nobody can say that it denies",
        line("20610") + INJECTION + line("J3301", 4),
        day="20240630",
        severity="advise",
    ),
    bad("a drug for muscle, no modifier", line("20610") + INJECTION + line("J3420"), severity="deny"),
    good("a drug for muscle, with 59", line("20610") + OPEN + line("J3420")),
    good("a drug with every route but the joint, with 59", line("20610") + OPEN + line("J1610")),
    good(
        "two joints, one steroid, one antibiotic, with 59",
        line("20610") + line("20605") + OPEN + line("J3301", 4) + line("J0696", 4),
    ),
    good("two drugs", line("20610") + OPEN + line("J3301", 4) + line("J1885", 2)),
    good(
        "two drugs, no modifier: that is INJ-P01",
        line("20610") + INJECTION + line("J3301", 4) + line("J1885", 2),
    ),
    good("no procedure", INJECTION + line("J3301", 4)),
    good("no 96372", line("20610") + line("J3301", 4)),
    good("hyaluronan has its own rule", line("20610") + INJECTION + line("J7325", 48)),
    good("toxin has its own rule", line("64615") + INJECTION + line("J0585", 155)),
    good("implant is no such procedure", line("11981") + INJECTION + line("J1050", 150)),
    good("procedure of another day", line("20610") + "DTP*472*D8*20260301\n" + INJECTION + line("J3301", 4)),
    good(
        "procedure of another group and specialty",
        line("20610")
        + "NM1*82*1*TESTCASE*LEE****XX*1003000126\nPRV*PE*PXC*207X00000X\n"
        + INJECTION
        + line("J3301", 4),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b12(case):
    check_case("INJ-B12", case)
