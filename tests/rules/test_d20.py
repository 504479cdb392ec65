import pytest
from rulecases import bad, check_case, good

LINKED = "\nLIN**N4*99999001001\nCTP****1*ML\nREF*VY*TEST1"


def drug(code, after="", head=""):
    return f"{head}SV1*HC:96372*30*UN*1***1\nSV1*HC:{code}*80*UN*1***1{after}"


TRIAL = "REF*P4*01234567\nHI*ABK:E538*ABF:Z006\n"

CASES = [
    bad(
        "a compound",
        drug("J7999:::::TESTOSTERONE 80 MG IM"),
        severity="advise",
        line="2",
        place="2400/SV101-02",
    ),
    bad("a compound with NDC but no number", drug("J7999", "\nLIN**N4*99999001001\nCTP****1*ML")),
    bad("a trial without number and diagnosis", drug("J2357:Q0"), severity="advise", place="2400/SV101-03"),
    bad("a trial without number", drug("J2357:Q1", head="HI*ABK:E538*ABF:Z006\n")),
    bad("a trial without diagnosis", drug("J2357:Q1", head="REF*P4*01234567\n")),
    bad("the first day of the number", drug("J2357:Q1"), day="20140101"),
    good("the day before", drug("J2357:Q1"), day="20131231"),
    good("a compound with its ingredients", drug("J7999", LINKED)),
    good("a trial with all of it", drug("J2357:Q1", head=TRIAL)),
    good("a visit in a trial is none of ours", "SV1*HC:99213:Q1*90*UN*1***1\n" + drug("J2357")),
    good("no trial", drug("J2357")),
    good("another unlisted drug", drug("J3490:::::TESTDRUGUMAB 10 MG SC")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d20(case):
    check_case("INJ-D20", case)
