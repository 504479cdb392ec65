import pytest
from rulecases import bad, check_case, good


def kit(units="380", ndc="65757030001", quantity="1*UN", admin="96372", place="11"):
    found = f"\nLIN**N4*{ndc}\nCTP****{quantity}" if ndc else ""
    return (
        f"CLM*C****{place}:B:1*Y*A*Y*Y\nHI*ABK:F1120\nSV1*HC:{admin}*30*UN*1***1\n"
        f"SV1*HC:J2315*1450*UN*{units}***1{found}"
    )


CASES = [
    bad("a kit as one unit", kit("1"), severity="advise", place="2400/SV104", line="2"),
    bad("ten units for each 38 mg", kit("38", ndc="")),
    bad("two kits", kit("760")),
    bad("another NDC", kit(ndc="99999030001"), place="2410/LIN03"),
    bad("in millilitres", kit(quantity="4*ML"), place="2410/CTP05-01"),
    bad("by chemotherapy administration", kit(admin="96401"), place="2400/SV101-02", line="2"),
    bad("by infusion", kit(admin="96365")),
    bad("naloxone on the day", kit() + "\nSV1*HC:J2310*9*UN*1***1"),
    good("one kit", kit()),
    good("without NDC", kit(ndc="")),
    good(
        "given and discarded",
        kit("300").replace("*UN*300***1", "*UN*300***1\nSV1*HC:J2315:JW*100*UN*80***1", 1),
    ),
    good("with hyphens", kit(ndc="65757-0300-01")),
    good("ten digits are for another rule", kit(ndc="6575703001")),
    good("an NDC of another drug is for another rule", kit(ndc="00143961901")),
    good("a treatment program is for another rule", kit(admin="96401", place="58")),
    good("no units is for another rule", kit("0")),
    good("naloxone on another day", kit() + "\nSV1*HC:J2310*9*UN*1***1\nDTP*472*D8*20260303"),
    good("another drug", kit().replace("J2315", "J2426")),
    bad("first day of the tables", kit(admin="96401", ndc=""), day="20090101"),
    bad("the day before", kit(admin="96401", ndc=""), day="20081231", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_c05(case):
    check_case("INJ-C05", case)
