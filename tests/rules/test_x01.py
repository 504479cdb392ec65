import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

WANTED = Profile(habits=(Habit("extra_modifiers", "96372:PO", None, None, "manual", "", "payer"),))


def line(*modifiers):
    return f"SV1*HC:{':'.join(('96372', *modifiers))}*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1\n"


USUAL = (
    "59 XE XS XP XU 76 77 58 78 79 52 53 KX GA GX GY GZ GC GE GR Q5 Q6 Q0 Q1 CR GV GW SA FP EP U1 UD AQ ET GJ CS CG QJ"
).split()

CASES = [
    *(
        bad(f"{one} is seldom right", line(one), severity="advise", place="2400/SV101-03")
        for one in ("PN", "PO", "SL", "33", "AX", "FS", "99")
    ),
    *(bad(f"{one} is unknown", line(one), severity="advise") for one in ("ZZ", "9X", "Z1")),
    *(
        bad(f"payer {one}", f"SBR*P*18*******{one}\n" + line("PO"), severity="advise")
        for one in ("MB", "MC", "CI")
    ),
    bad("behind 59", line("59", "PO"), place="2400/SV101-04"),
    *(good(f"{one} is usual", line(one)) for one in USUAL),
    *(
        good(f"{one} is refused: another rule", line(one))
        for one in "26 TC 50 25 24 57 95 JZ LT F1 QW".split()
    ),
    good("a payer that wants it", line("PO"), profile=WANTED),
    good("ill-formed is INJ-A12", line("5")),
    good("none", line()),
    good("on the drug", line().replace("J3420", "J3420:PO")),
    bad("before the table", line("PO"), day="20081231", outcome="no_data"),
    bad("day before JZ began", line("JZ"), day="20221231"),
    good("first day of JZ", line("JZ"), day="20230101"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_x01(case):
    check_case("INJ-X01", case)
