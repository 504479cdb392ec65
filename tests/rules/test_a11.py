import pytest
from rulecases import bad, check_case, findings, good

LINES = "\nSV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1"


def rendering(npi, taxonomy="207Q00000X", qualifier="XX"):
    return f"NM1*82*1*SAMPLE*PAT****{qualifier}*{npi}\nPRV*PE*PXC*{taxonomy}" + LINES


CASES = [
    bad("check digit", rendering("1245319590"), place="2310B/NM109", severity="reject"),
    bad("nine digits", rendering("124531959")),
    bad("eleven digits", rendering("12453195990")),
    bad("a letter", rendering("12453I9599")),
    bad("another qualifier", rendering("000000001", qualifier="24")),
    bad("no number", rendering("")),
    bad(
        "on the line",
        LINES + "\nNM1*82*1*TESTCASE*LEE****XX*1003000125",
        place="2420A/NM109",
        line="2",
    ),
    bad("supervising", "NM1*DQ*1*EXAMPLE*ANN****XX*1003000125" + LINES, place="2310D/NM109"),
    bad("referring", "NM1*DN*1*EXAMPLE*ANN****XX*1003000125" + LINES),
    bad("a referring provider with a qualifier and no number", "NM1*DN*1*EXAMPLE*ANN****XX*" + LINES),
    bad("the tax id is no number of the payer", LINES + "\nNM1*82*1*TESTCASE*LEE\nREF*EI*000000001"),
    bad("taxonomy too short", rendering("1245319599", "207Q0000X"), place="2310B/PRV03"),
    bad("taxonomy without X", rendering("1245319599", "207Q000000")),
    bad("NPI and taxonomy", rendering("1245319590", "207Q"), count=2),
    good("well formed", rendering("1245319599")),
    good("a nurse practitioner", rendering("1245319599", "363LF0000X")),
    good("well formed on the line", LINES + "\nNM1*82*1*TESTCASE*LEE****XX*1003000126"),
    good("a referring provider without NPI", "NM1*DN*1*EXAMPLE*ANN" + LINES),
    good(
        "a provider without NPI who has a number of the payer",
        LINES + "\nNM1*82*1*TESTCASE*LEE\nREF*G2*TEST01",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a11(case):
    check_case("INJ-A11", case)


def test_the_message_does_not_repeat_the_number():
    (found,) = findings(
        __import__("scrubber.registry").registry.find_rule("INJ-A11"), rendering("1245319590")
    )
    assert "1245319590" not in found.message
