import pytest
from rulecases import bad, check_case, good

DRUG = "\nSV1*HC:J3420*5*UN*1***1"


def line(code):
    return f"SV1*HC:{code}*30*UN*1***1" + DRUG


def replaced(code):
    return {f"suggested:{code}": "96372"}


CASES = [
    bad(
        "96372 on its last day before",
        line("96372"),
        day="20081231",
        severity="reject",
        place="2400/SV101-02",
    ),
    good("96372 on its first day", line("96372"), day="20090101"),
    bad(
        "90772 when 96372 had come", line("90772"), day="20090101", severity="reject", fixed=replaced("90772")
    ),
    good("90772 on its last day", line("90772"), day="20081231"),
    bad("90772 today", line("90772"), severity="reject", fixed=replaced("90772"), line="1"),
    bad("90782, of which no source was read", line("90782"), severity="advise", fixed=replaced("90782")),
    bad("G0351 likewise", line("G0351"), severity="advise", fixed=replaced("G0351")),
    bad("the modifiers stay", line("90772:59"), fixed=replaced("90772")),
    good("96372 today", line("96372")),
    good("a line without date has its own rule", "SV1*HC:96372*30*UN*1***1\nDTP*472*D8*2026"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a01(case):
    check_case("INJ-A01", case)
