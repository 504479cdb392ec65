from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

INJECTION = "SV1*HC:96372*30*UN*1***1\n"


def drug(text, ndc="", code="J3490"):
    return (
        INJECTION + f"SV1*HC:{code}:::::{text}*90*UN*1***1" + (f"\nLIN**N4*{ndc}\nCTP****1*ML" if ndc else "")
    )


def payer(value, begun=date(2020, 1, 1)):
    return Profile("test", habits=(Habit("noc_claims", value, begun, None, "a manual", "", "payer"),))


NEW = "TESTDRUGUMAB 10 MG SC"

CASES = [
    bad(
        "B12 by its NDC",
        drug("B12 1000 MCG IM", "00143961901"),
        severity="deny",
        place="2400/SV101-02",
        line="2",
    ),
    bad("the NDC with hyphens", drug("B12 1000 MCG IM", "0143-9619-01"), severity="deny"),
    bad("B12 by its name", drug("CYANOCOBALAMIN 1000 MCG IM"), severity="deny"),
    bad("small letters", drug("Testosterone cypionate 200 mg im"), severity="deny"),
    bad("two drugs, perhaps mixed", drug("KETOROLAC 30 MG AND PROMETHAZINE 25 MG"), severity="advise"),
    bad("a payer of paper", drug(NEW), severity="deny", profile=payer("paper_only")),
    bad("a payer of paper, undated", drug(NEW), severity="advise", profile=payer("paper_only", None)),
    good("a drug without code", drug(NEW)),
    good("a drug without code, with NDC", drug(NEW, "99999001001")),
    good("a payer that takes it", drug("CYANOCOBALAMIN 1000 MCG", "00143961901"), profile=payer("any")),
    good("a compound", drug("COMPOUNDED TESTOSTERONE CYPIONATE 80 MG")),
    good("a code for compounds", drug("TESTOSTERONE CYPIONATE 80 MG", code="J7999")),
    good("a listed drug under its code", INJECTION + "SV1*HC:J3420*5*UN*1***1"),
    good("a word that only begins like a drug", drug("TESTOSTERONELIKE 10 MG")),
    bad(
        "the first day of the code", drug("ARIPIPRAZOLE ER 720 MG MAINTENA"), day="20140101", severity="deny"
    ),
    good("the day before", drug("ARIPIPRAZOLE ER 720 MG MAINTENA"), day="20131231"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d12(case):
    check_case("INJ-D12", case)
