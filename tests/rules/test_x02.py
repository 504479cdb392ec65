import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

WANTED = Profile(
    habits=(Habit("extra_modifiers", "J1050:FP 96372:26/SA", None, None, "manual", "", "payer"),)
)


def line(*modifiers, code="96372"):
    return f"SV1*HC:{':'.join((code, *modifiers))}*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


REMOVED = "26 TC 50 51 62 66 80 81 82 AS".split()
SURE = "27 AI".split()
DRUG = "JA JB JC JD JG JW JZ TB EA EB EC".split()
OTHER = "P1 P6 QK QS QX QY QZ AA AD 90 91 QW 47 22".split()
SIDES = "LT RT E1 E4 FA F9 TA T9 LC LD RC LM RI".split()

CASES = [
    *(
        bad(f"{one} has no meaning there", line(one), severity="deny", fixed={f"suggested::{one}": ""})
        for one in REMOVED
    ),
    *(bad(f"{one} belongs to visits", line(one), severity="deny") for one in SURE),
    *(bad(f"{one} belongs to the drug line", line(one)) for one in DRUG),
    *(bad(f"{one} belongs elsewhere", line(one)) for one in OTHER),
    *(
        bad(f"{one} says a site", line(one), severity="advise", fixed={f"suggested::{one}": ""})
        for one in SIDES
    ),
    *(
        bad(f"payer {one}", payer(one) + line("26"), severity="deny", fixed={"suggested::26": ""})
        for one in ("MB", "MC", "16", "CI", "HM", "ZZ")
    ),
    bad(
        "51 under workers compensation",
        payer("WC") + line("51"),
        severity="advise",
        fixed={"suggested::51": ""},
    ),
    good("payer that wants it there", line("26"), profile=WANTED),
    bad("payer that wants another there", line("TC"), profile=WANTED, fixed={"suggested::TC": ""}),
    bad("behind 59", line("59", "RT"), place="2400/SV101-04", fixed={"suggested::RT": ""}),
    bad("two at once", line("26", "50"), count=2, fixed={"suggested::26": "", "suggested::50": ""}),
    bad("behind a gap INJ-A12 has to act first", line("", "26")),
    bad("lower case", line("lt"), severity="advise", fixed={"suggested::lt": ""}),
    bad("first day of JZ", line("JZ"), day="20230101", severity="deny"),
    good("before it JZ was no modifier: INJ-A12 or the payer says so", line("JZ"), day="20221231"),
    good("none", line()),
    *(
        good(f"{one} may stand there", line(one))
        for one in "59 XE XS XP XU 76 77 KX GC GE SA U1 UD GA GX Q5 Q6 EP FP CR 52 53 AQ".split()
    ),
    *(good(f"{one} is for INJ-X01 to look at", line(one)) for one in "33 58 78 79 SL PO".split()),
    good("a modifier that the table does not know", line("ZZ")),
    *(good(f"{one} has its own rule", line(one)) for one in ("24", "25", "57")),
    *(good(f"{one} has its own rule", line(one)) for one in "95 93 GT GQ FQ G0".split()),
    good("JZ on the drug", line() + "SV1*HC:J1885:JZ*5*UN*1***1"),
    good("26 on a film", line() + "SV1*HC:71046:26*5*UN*1***1"),
    good("LT on another injection code", "SV1*HC:20610:LT*5*UN*1***1\n" + line()),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_x02(case):
    check_case("INJ-X02", case)
