import pytest
from rulecases import bad, check_case, good


def injection(procedure):
    return f"SV1*HC:{procedure}*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1"


CASES = [
    bad(
        "twice", injection("96372:KX:KX"), fixed={"format::KX": ""}, place="2400/SV101-04", severity="reject"
    ),
    bad(
        "twice, not side by side",
        injection("96372:KX:GC:KX"),
        fixed={"format::KX": ""},
        place="2400/SV101-05",
    ),
    bad("a gap", injection("96372::KX"), fixed={"format::": ""}, place="2400/SV101-03"),
    bad("a gap in the middle", injection("96372:GC::KX"), fixed={"format::": ""}),
    bad("small letters", injection("96372:kx"), fixed={"format:kx": "KX"}),
    bad("one small letter", injection("96372:Kx"), fixed={"format:x": "X"}),
    bad("small and large are the same", injection("96372:KX:kx"), fixed={"format::kx": ""}),
    bad(
        "what follows keeps its place",
        "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3490:JZ:JZ:::TESTDRUGUMAB 10 MG SC*9*UN*1***1",
        fixed={"format:JZ": ""},
    ),
    bad(
        "a gap before a description",
        "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3490::JZ:::TESTDRUGUMAB 10 MG SC*9*UN*1***1",
        fixed={"format::JZ": "JZ:"},
    ),
    bad("one letter", injection("96372:K"), severity="reject"),
    bad("three letters", injection("96372:KXX")),
    bad("a sign", injection("96372:K-")),
    bad("a sign and a gap", injection("96372::K-"), count=2, fixed={"format::": ""}),
    bad(
        "another line of the claim",
        "SV1*HC:99213:25:25*90*UN*1***1\n" + injection("96372"),
        fixed={"format::25": ""},
    ),
    bad("the last day before XS", injection("96372:XS"), day="20141231", severity="reject"),
    good("the first day of XS", injection("96372:XS"), day="20150101"),
    good("none", injection("96372")),
    good("four", injection("96372:GC:KX:Q5:U1")),
    good("one that the table lacks is not judged", injection("96372:ZQ")),
    good(
        "a description alone", "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3490:::::TESTDRUGUMAB 10 MG SC*9*UN*1***1"
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a12(case):
    check_case("INJ-A12", case)
