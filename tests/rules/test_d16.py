import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Profile

DAY = "20260701"


def drug(code, state="OH", payer="MB"):
    return (
        f"SBR*P*18*******{payer}\nN4*SPRINGFIELD*{state}*450010001\n"
        f"SV1*HC:96372*30*UN*1***1\nSV1*HC:{code}*900*UN*1***1"
    )


CASES = [
    bad(
        "etanercept in Ohio, where list and area were read", drug("J1438"), day=DAY, severity="deny", line="2"
    ),
    bad("a list read in a copy only", drug("J3357", "NY"), day=DAY, severity="advise"),
    bad("JB where both routes exist", drug("J0129:JB"), day=DAY, severity="advise"),
    bad("an unlisted code with the product named", drug("J3590:::::ABALOPARATIDE 80 MCG SC", "NY"), day=DAY),
    bad(
        "a contractor that the profile names",
        drug("J1438", "NY"),
        day=DAY,
        severity="deny",
        profile=Profile("test", payer_class="medicare", mac="cgs"),
    ),
    bad("GY asks for the denial", drug("J1438:GY"), day=DAY, outcome="bypassed"),
    good("GY", drug("J1438:GY"), day=DAY),
    good("JA: into a vein", drug("J0129:JA"), day=DAY),
    good("neither has its own rule", drug("J0129"), day=DAY),
    good("an unlisted code for another product", drug("J3590:::::TESTDRUGUMAB 10 MG SC", "NY"), day=DAY),
    good("a contractor that does not list it", drug("J0129:JB", "NY"), day=DAY),
    good("a drug on no list", drug("J3420"), day=DAY),
    good("commercial", drug("J1438", payer="CI"), day=DAY),
    bad("the first day of a list", drug("J3357", "OH"), day="20260614", severity="advise"),
    good("the day before it", drug("J3357", "OH"), day="20260613"),
    bad("before all lists", drug("J3357", "OH"), day="20260612", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d16(case):
    check_case("INJ-D16", case)
