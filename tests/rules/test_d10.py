import pytest
from rulecases import bad, check_case, findings, good

from scrubber.registry import find_rule


def drug(code, units="1"):
    return f"SV1*HC:96372*30*UN*1***1\nSV1*HC:{code}*18*UN*{units}***1"


CASES = [
    good("J1030 on its last day", drug("J1030"), day="20240331"),
    bad(
        "J1030 a day later", drug("J1030"), day="20240401", severity="reject", place="2400/SV101-02", line="2"
    ),
    bad("J1010 a day early", drug("J1010", "40"), day="20240331", severity="reject"),
    good("J1010 on its first day", drug("J1010", "40"), day="20240401"),
    bad("J1040 today", drug("J1040"), severity="reject"),
    bad("J1055, absent from the lists of CMS", drug("J1055"), severity="reject"),
    bad("J1055, on a day for which no list was read", drug("J1055"), day="20240630", severity="advise"),
    bad("J2930, another salt", drug("J2930"), severity="reject"),
    bad("J9250", drug("J9250"), severity="reject"),
    bad(
        "a drug is never put in place of another, though one unit stays one unit",
        drug("S0077"),
        severity="reject",
    ),
    bad("two successors are not chosen between", drug("J0800"), severity="reject"),
    bad("no successor", drug("J1060"), severity="reject"),
    bad("Medicaid as well", "SBR*P*18*******MC\n" + drug("J1020"), severity="reject"),
    bad("J0135, gone from a later list", drug("J0135"), severity="reject"),
    good("J0135 on the last day before that list", drug("J0135"), day="20250930"),
    bad("a code whose start was not read", drug("J0139", "40"), day="20240930", severity="advise"),
    good("a code of today", drug("J3420")),
    good("a code that the table lacks", drug("J9998")),
    good("a line without date has its own rule", drug("J1030") + "\nDTP*472*D8*2026"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d10(case):
    check_case("INJ-D10", case)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("J1030", "it ended on 2024-03-31: J1010 took its place, 40 units for one of J1030"),
        ("J0800", "one of J0801 J0802 took its place"),
        ("J1060", "find the code of the drug for that day"),
        ("J0135", "is no longer in the lists of CMS"),
        ("S0077", "J0736 took its place, 1 unit for one of S0077: compute"),
    ],
)
def test_the_message_says_what_took_its_place(code, words):
    (found,) = findings(find_rule("INJ-D10"), drug(code))
    assert words in found.message
