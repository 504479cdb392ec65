import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"
DRUG = "SV1*HC:J3420*5*UN*1***1\n"
OTHER_RENDERS = "NM1*82*1*TESTCASE*LEE****XX*1003000126\nPRV*PE*PXC*207Q00000X\n"

CASES = [
    bad("the injection twice", INJECTION * 2 + DRUG, severity="deny", place="2400/SV101", line="2"),
    bad("three times is two repeats", INJECTION * 3 + DRUG, count=2),
    bad("other units and charge do not make it another", INJECTION + "SV1*HC:96372*60*UN*2***1\n" + DRUG),
    bad(
        "modifiers in another order",
        "SV1*HC:96372:GC:KX*30*UN*1***1\nSV1*HC:96372:KX:GC*30*UN*1***1\n" + DRUG,
    ),
    bad("the drug twice", INJECTION + DRUG * 2, line="3"),
    bad("the visit twice", "SV1*HC:99213:25*90*UN*1***1\n" * 2 + INJECTION + DRUG, line="2"),
    bad(
        "vaccine administration by line only advises",
        INJECTION + DRUG + "SV1*HC:90472*20*UN*1***1\n" * 2,
        severity="advise",
    ),
    bad(
        "on an earlier claim, told at the later one only",
        INJECTION + DRUG + "---\n" + INJECTION,
        severity="deny",
        line="1",
    ),
    good("59 on the second", INJECTION + "SV1*HC:96372:59*30*UN*1***1\n" + DRUG),
    good("XS on the second", INJECTION + "SV1*HC:96372:XS*30*UN*1***1\n" + DRUG),
    good("76 on the second", INJECTION + "SV1*HC:96372:76*30*UN*1***1\n" + DRUG),
    good("77 on the second", INJECTION + "SV1*HC:96372:77*30*UN*1***1\n" + OTHER_RENDERS + DRUG),
    good("59 on both", "SV1*HC:96372:59*30*UN*1***1\n" * 2 + DRUG),
    good("another day", INJECTION + "SV1*HC:96372*30*UN*1***1\nDTP*472*D8*20260303\n" + DRUG),
    good("another provider", INJECTION + INJECTION + OTHER_RENDERS + DRUG),
    good("another place", INJECTION + "SV1*HC:96372*30*UN*1*12**1\n" + DRUG),
    good("units on one line", "SV1*HC:96372*60*UN*2***1\n" + DRUG),
    good(
        "two packages of one drug",
        INJECTION + DRUG + "LIN**N4*00143961901\nCTP****1*ML\n" + DRUG + "LIN**N4*00517003125\nCTP****1*ML\n",
    ),
    good("a repeated laboratory test with 91", INJECTION + "SV1*HC:82947:91*9*UN*1***1\n" * 2 + DRUG),
    good(
        "a claim that replaces another",
        "CLM*OLD**05\n"
        + INJECTION
        + DRUG
        + "---\nCLM*NEW****11:B:7*Y*A*Y*Y\nREF*F8*TEST1\n"
        + INJECTION
        + DRUG,
    ),
    good("no injection on the claim", "SV1*HC:96365*90*UN*1***1\n" + "SV1*HC:J1745*9*UN*1***1\n" * 2),
    good("another service on an earlier claim", DRUG + "---\n" + INJECTION),
    good("marked on both claims", ("SV1*HC:96372:59*30*UN*1***1\n" + DRUG + "---\n") * 2),
    good(
        "only the injection is looked for on other claims",
        INJECTION + "---\n" + INJECTION.replace("96372", "96372:76") + DRUG + "---\n" + DRUG,
    ),
    good("another patient", INJECTION + DRUG + "=== TEST0009\n" + INJECTION + DRUG),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a08(case):
    check_case("INJ-A08", case)
