import pytest
from rulecases import bad, check_case, good

CHEMO = "HI*ABK:Z5111*ABF:C3490\nSV1*HC:96372*30*UN*1***{}\nSV1*HC:{}*5*UN*1***{}"
VACCINE = "HI*ABK:Z23*ABF:M545\nSV1*HC:90471*25*UN*1***1\nSV1*HC:90715*60*UN*1***1\n"


def vaccine(pointer, drug="J1885"):
    return f"{VACCINE}SV1*HC:96372*30*UN*1***{pointer}\nSV1*HC:{drug}*5*UN*2***2"


CASES = [
    bad(
        "chemotherapy, but an antiemetic only",
        CHEMO.format("1", "J2550", "1"),
        severity="advise",
        place="2300/HI01-02",
    ),
    bad("nobody points at it", CHEMO.format("2", "J2550", "2"), severity="advise"),
    bad("no drug at all", "HI*ABK:Z5111\nSV1*HC:96372*30*UN*1***1"),
    bad("Z23 for a drug beside a vaccine", vaccine("1"), severity="advise", place="2400/SV107", line="3"),
    bad("Z23 and the reason", vaccine("1:2")),
    good("chemotherapy is on the day", CHEMO.format("1", "J2550", "1") + "\nSV1*HC:96413*300*UN*1***1"),
    good("on another claim of the day", CHEMO.format("1", "J2550", "1") + "\n---\nSV1*HC:96413*300*UN*1***1"),
    good("a growth factor goes with chemotherapy", CHEMO.format("1", "J2506", "1")),
    good("an antineoplastic under 96372 is for another rule", CHEMO.format("1", "J9041", "1")),
    good("the drug's own reason", vaccine("2")),
    good("a vaccine alone is for another rule", VACCINE + "SV1*HC:96372*30*UN*1***1"),
    good("no vaccine is for another rule", "HI*ABK:Z23\nSV1*HC:96372*30*UN*1***1\nSV1*HC:J1885*5*UN*2***1"),
    good("tetanus globulin beside the vaccine", vaccine("1", "J1670")),
    good("another cause", CHEMO.format("1", "J2550", "1").replace("Z5111", "R112")),
    bad("first day of the tables", CHEMO.format("1", "J2550", "1"), day="20151001"),
    bad("the day before", CHEMO.format("1", "J2550", "1"), day="20150930", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_n04(case):
    check_case("INJ-N04", case)
