import pytest
from rulecases import bad, check_case, findings, good

from scrubber.registry import find_rule

LINES = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1"


def note(text):
    return f"NTE*ADD*{text}\n{LINES}"


def line_note(text):
    return f"{LINES}\nNTE*ADD*{text}"


SECRETS = ["DOE", "TEST0001", "01/01/1980", "000-12-3456"]

CASES = [
    bad("a name on the claim", note("PATIENT DOE SEEN"), severity="advise", place="2300/NTE02"),
    bad("a name on a line", line_note("PT DOE 1000 MCG"), place="2400/NTE02", line="2"),
    bad(
        "a name in the description",
        "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3490:::::DOE KETAMINE 20 MG*5*UN*1***1",
        place="2400/SV101-07",
    ),
    bad("small letters", note("patient doe seen")),
    bad("the member id", note("MEMBER TEST0001")),
    bad("a birth date", note("BORN 01/01/1980")),
    bad("a birth date without dashes", note("DOB 19800101")),
    bad("a social security number", note("SSN 000-12-3456")),
    good("a drug and its dose", line_note("CYANOCOBALAMIN 1000 MCG IM")),
    good("a word that holds the name", note("DOES WELL, INDOELENT")),
    good("an NDC", line_note("NDC 00143-9619-01")),
    good("a short name", "NM1*IL*1*LI*JANE****MI*TEST0001\nNTE*ADD*LI 300 MG\n" + LINES),
    good("another day", note("SEEN 01/01/2026")),
    good("no note", LINES),
    good("no injection", "NTE*ADD*DOE\nSV1*HC:J3420*5*UN*1***1"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_c04(case):
    check_case("INJ-C04", case)


@pytest.mark.parametrize("secret", SECRETS)
def test_the_message_does_not_repeat_what_it_found(secret):
    (found,) = findings(find_rule("INJ-C04"), note(f"SEEN {secret} TODAY"))
    assert secret not in str(found.as_dict())
