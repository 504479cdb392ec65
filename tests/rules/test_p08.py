import pytest
from rulecases import bad, check_case, good

DRUG = "SV1*HC:J3420*5*UN*1***1\n"
OPEN = "SV1*HC:96372:59*30*UN*1***1\n" + DRUG


def line(code):
    return f"SV1*HC:{code}*50*UN*1***1\n"


FREE = "36415 93000 94640 97110 90834 90791 90837 96127 99408".split()

CASES = [
    *(
        bad(f"{one}", line(one) + OPEN, severity="advise", line="2", place="2400/SV101-03")
        for one in FREE
        if one != "99408"
    ),
    *(
        bad(f"{one}", line("36415") + OPEN.replace(":59", f":{one}"), severity="advise")
        for one in ("XE", "XS", "XP", "XU")
    ),
    *(bad(f"payer {one}", f"SBR*P*18*******{one}\n" + line("93000") + OPEN) for one in ("MB", "MC", "CI")),
    bad("a vaccine at Medicare", "SBR*P*18*******MB\n" + line("90471") + OPEN),
    bad("the first of two that are told apart", line("36415") + OPEN + OPEN.replace(":59", ":76")),
    *(good(f"{one} without 59", line(one) + OPEN.replace(":59", "")) for one in ("36415", "93000")),
    good("an edit asks for it", line("36415") + line("96374") + OPEN),
    good("a procedure asks for it", line("36415") + line("11042") + OPEN),
    good("a vaccine elsewhere", line("90471") + OPEN),
    good("it tells the second from the first", line("36415") + OPEN.replace(":59", "") + OPEN),
    good("alone it is INJ-P11", OPEN),
    good("the opioid bundle is INJ-P12", line("G2086") + OPEN),
    good("visits are INJ-P11", line("99213:25") + OPEN),
    bad("first day of the table", line("36415") + OPEN, day="20240701"),
    bad("day before", line("36415") + OPEN, day="20240630", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_p08(case):
    check_case("INJ-P08", case)
