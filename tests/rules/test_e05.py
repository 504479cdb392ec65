import pytest
from rulecases import bad, check_case, findings, good

from scrubber.registry import find_rule

DRUG = "SV1*HC:J3420*5*UN*1***1\n"
VISIT = "SV1*HC:99213*100*UN*1***1\n"
ON_INJECTION = "SV1*HC:96372:25*30*UN*1***1\n"
MOVED = {"suggested::25": "", "suggested:": ":25"}
REMOVED = {"suggested::25": ""}


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    bad(
        "one visit without it: move",
        VISIT + ON_INJECTION + DRUG,
        fixed=MOVED,
        place="2400/SV101-03",
        line="2",
    ),
    bad("injection before the visit: move", ON_INJECTION + DRUG + VISIT, fixed=MOVED),
    bad(
        "the visit has other modifiers: move",
        VISIT.replace("99213", "99213:GC:95") + ON_INJECTION,
        fixed=MOVED,
    ),
    bad("the visit has no place left", VISIT.replace("99213", "99213:GC:95:Q5:KX") + ON_INJECTION),
    bad("the visit has it too: remove", VISIT.replace("99213", "99213:25") + ON_INJECTION, fixed=REMOVED),
    bad("no visit: remove", ON_INJECTION + DRUG, fixed=REMOVED),
    bad("99211 is not opened by 25: remove", VISIT.replace("99213", "99211") + ON_INJECTION, fixed=REMOVED),
    bad("two visits: nobody can tell whose", VISIT + "SV1*HC:99497*80*UN*1***1\n" + ON_INJECTION),
    bad("one visit of two has it", VISIT + "SV1*HC:99497:25*80*UN*1***1\n" + ON_INJECTION),
    bad("behind 59", "SV1*HC:96372:59:25*30*UN*1***1\n", fixed=REMOVED, place="2400/SV101-04"),
    bad("visit of another day", VISIT + "DTP*472*D8*20260301\n" + ON_INJECTION, fixed=REMOVED),
    *(
        bad(f"payer {one}", payer(one) + ON_INJECTION, fixed=REMOVED, severity="deny")
        for one in ("MB", "MC", "CI", "16", "ZZ")
    ),
    good("25 on the visit", VISIT.replace("99213", "99213:25") + "SV1*HC:96372*30*UN*1***1\n"),
    good("no modifier", "SV1*HC:96372*30*UN*1***1\n" + DRUG),
    good("59 on the injection", "SV1*HC:96372:59*30*UN*1***1\n" + DRUG),
    good("25 on a visit of a claim without 96372", "SV1*HC:99213:25*90*UN*1***1\nSV1*HC:90471*9*UN*1***1\n"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_e05(case):
    check_case("INJ-E05", case)


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        (ON_INJECTION, "remove it"),
        (VISIT.replace("99213", "99213:25") + ON_INJECTION, "the visit has its own"),
        (VISIT + ON_INJECTION, "move it to 99213 in line 1"),
        (VISIT + "SV1*HC:99497*80*UN*1***1\n" + ON_INJECTION, "several visits"),
    ],
)
def test_the_cure_is_that_of_the_case(text, cure):
    (found,) = findings(find_rule("INJ-E05"), text)
    assert cure in found.message
