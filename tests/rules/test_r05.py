import pytest
from rulecases import bad, check_case, good

LINES = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1"
PERSON = "NM1*{}*1*SAMPLE*SAM****XX*1245319599"
PHARMACIST = "SBR*P*18*******MC\nPRV*PE*PXC*183500000X\n"

CASES = [
    bad(
        "a group refers",
        "NM1*DN*2*EXAMPLE GROUP*****XX*1245319599\n" + LINES,
        severity="advise",
        place="2310A/NM102",
    ),
    bad("the billing group's NPI", "NM1*DN*1*SAMPLE*SAM****XX*1234567893\n" + LINES, place="2310A/NM109"),
    bad("no NPI", "NM1*DN*1*SAMPLE*SAM\n" + LINES, place="2310A/NM109"),
    bad(
        "a group orders",
        "SV1*HC:96372*30*UN*1***1\nNM1*DK*2*EXAMPLE GROUP*****XX*1245319599",
        place="2420E/NM102",
    ),
    bad("a pharmacist without prescriber, Medicaid", PHARMACIST + LINES, severity="advise", line="1"),
    good("a person refers", PERSON.format("DN") + "\n" + LINES),
    good("a person orders", "SV1*HC:96372*30*UN*1***1\n" + PERSON.format("DK")),
    good(
        "a solo practitioner refers to himself",
        "NM1*85*1*SAMPLE*PAT****XX*1234567893\nNM1*DN*1*SAMPLE*PAT****XX*1234567893\n" + LINES,
    ),
    good("a pharmacist with prescriber", PHARMACIST + PERSON.format("DN") + "\n" + LINES),
    good("a pharmacist, commercial", PHARMACIST.replace("MC", "CI") + LINES),
    good("a physician, Medicaid", "SBR*P*18*******MC\n" + LINES),
    good("nobody", LINES),
    good("no injection", "NM1*DN*2*EXAMPLE GROUP*****XX*1245319599\nSV1*HC:J3420*5*UN*1***1"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_r05(case):
    check_case("INJ-R05", case)
