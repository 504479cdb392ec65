import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"
OPEN = "SV1*HC:96372:59*30*UN*1***1\n"
DRUG = "SV1*HC:J0696*5*UN*2***1\n"


def line(code, units=1):
    return f"SV1*HC:{code}*150*UN*{units}***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


OFFICE = "10060 11042 11102 11720 12001 16020 17000 17110 29125 51701 54050 58100 69210 30901 31231".split()

CASES = [
    *(bad(f"{one}", line(one) + INJECTION + DRUG, severity="deny", line="2") for one in OFFICE),
    *(bad(f"{one} with 59", line(one) + OPEN + DRUG, outcome="bypassed") for one in OFFICE),
    *(
        bad(f"payer {one}", payer(one) + line("11042") + INJECTION + DRUG, severity="deny")
        for one in ("MB", "MC", "CI", "ZZ")
    ),
    *(
        bad(
            f"{one} opens it",
            line("11042") + INJECTION.replace("96372", f"96372:{one}") + DRUG,
            outcome="bypassed",
        )
        for one in ("XE", "XS", "XP", "XU", "79")
    ),
    *(
        bad(
            f"{one} opens nothing",
            line("11042") + INJECTION.replace("96372", f"96372:{one}") + DRUG,
            severity="deny",
        )
        for one in ("25", "76", "KX")
    ),
    bad("the side of the procedure says nothing", line("11720:RT") + INJECTION + DRUG, severity="deny"),
    bad("59 on the procedure", line("11042:59") + INJECTION + DRUG, outcome="bypassed"),
    bad("two procedures are one finding", line("11042") + line("11720") + INJECTION + DRUG),
    bad(
        "procedure on another claim", INJECTION + DRUG + "---\n" + line("11042"), severity="advise", line="1"
    ),
    bad(
        "joint and another drug, not told by INJ-B12",
        line("20610") + INJECTION + line("J3301", 4) + DRUG,
        severity="deny",
    ),
    bad("the same with 59", line("20610") + OPEN + line("J3301", 4) + DRUG, outcome="bypassed"),
    bad("lens surgery is column 2", line("66987") + INJECTION + DRUG, severity="deny", line="1"),
    bad("59 on the lens surgery", line("66987:59") + INJECTION + DRUG, outcome="bypassed", line="1"),
    bad("a shot for the pain of the operation", line("11042") + OPEN + line("J1885", 2), severity="advise"),
    bad("trimmed nails hurt nobody", line("11721") + OPEN + line("J1885", 2), outcome="bypassed"),
    bad(
        "nor is the joint's own drug all",
        line("20610") + OPEN + line("J3301", 4) + line("J1885", 2),
        outcome="bypassed",
    ),
    bad("no drug on the claim, with 59", line("20610") + OPEN, outcome="bypassed"),
    good("the joint took the drug: INJ-B12", line("20610") + INJECTION + line("J3301", 4)),
    good("a toxin: INJ-B11", line("64615") + INJECTION + line("J0585", 155)),
    good("a drug into the eye: INJ-B13", line("67028") + INJECTION + line("J0178", 2)),
    good("hyaluronan: INJ-B13", line("20610") + INJECTION + line("J7325", 48)),
    *(
        good(f"{one} has no row", line(one) + INJECTION + DRUG)
        for one in ("36415", "17003", "58300", "51798")
    ),
    good("maternity has its own rule", line("59400") + INJECTION + DRUG),
    good("a port has its own rule", line("36591") + INJECTION + DRUG),
    good("procedure of another day", line("11042") + "DTP*472*D8*20260301\n" + INJECTION + DRUG),
    good(
        "procedure of another group and specialty",
        line("11042") + "NM1*82*1*TESTCASE*LEE****XX*1003000126\nPRV*PE*PXC*208600000X\n" + INJECTION + DRUG,
    ),
    bad("first day of the table", line("11042") + INJECTION + DRUG, day="20240701"),
    bad("day before", line("11042") + INJECTION + DRUG, day="20240630", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_p04(case):
    check_case("INJ-P04", case)
