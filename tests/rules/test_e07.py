import pytest
from rulecases import bad, check_case, findings, good

from scrubber.registry import find_rule

ADD_ON = "SV1*HC:G2211*16*UN*1***1\n"
DRUG = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1\n"
VACCINE = "SV1*HC:G0008*30*UN*1***1\nSV1*HC:90686*20*UN*1***1\n"


def visit(code="99214:25"):
    return f"SV1*HC:{code}*130*UN*1***1\n"


CASES = [
    bad("beside a visit with 25", visit() + ADD_ON + DRUG, severity="advise", line="2"),
    *(bad(f"{one}", visit(f"{one}:25") + ADD_ON + DRUG) for one in "99202 99205 99211 99212 99215".split()),
    *(bad(f"payer {one}", f"SBR*P*18*******{one}\n" + visit() + ADD_ON + DRUG) for one in ("MB", "16", "CI")),
    bad("25 is still to come", visit("99214") + ADD_ON + DRUG, severity="advise"),
    bad("two injections are one matter", visit() + ADD_ON + DRUG + DRUG.replace("96372", "96372:76")),
    bad("first day", visit() + ADD_ON + DRUG, day="20240101"),
    good("day before", visit() + ADD_ON + DRUG, day="20231231"),
    bad("a vaccine before the exception", visit() + ADD_ON + DRUG + VACCINE, day="20241231"),
    good("a vaccine from the exception on", visit() + ADD_ON + DRUG + VACCINE, day="20250101"),
    good("a wellness visit", visit() + ADD_ON + DRUG + visit("G0439"), day="20250101"),
    good("no add-on", visit() + DRUG),
    good("no injection", visit() + ADD_ON + "SV1*HC:90471*30*UN*1***1\n"),
    good("add-on of another day", visit() + ADD_ON + "DTP*472*D8*20260301\n" + DRUG),
    good("no office visit", visit("99284:25") + ADD_ON + DRUG),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_e07(case):
    check_case("INJ-E07", case)


@pytest.mark.parametrize(
    ("code", "words"), [("99214:25", "expect it to be denied"), ("99214", "once 99214 carries 25")]
)
def test_it_says_whether_25_is_there_yet(code, words):
    (found,) = findings(find_rule("INJ-E07"), visit(code) + ADD_ON + DRUG)
    assert words in found.message
