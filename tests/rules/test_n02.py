import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Profile


def given(drug, dx, injection="1", pointer="1", payer="CI"):
    head = f"SBR*P*18*******{payer}\nHI*ABK:" + "*ABF:".join(dx.split())
    return f"{head}\nSV1*HC:96372*30*UN*1***{injection}\nSV1*HC:{drug}*90*UN*1***{pointer}"


CASES = [
    bad("naltrexone for depression", given("J2315", "F329"), severity="advise", line="2", place="2400/SV107"),
    bad("naltrexone for nicotine", given("J2315", "F17210", payer="MC"), severity="advise"),
    bad("the right diagnosis is not pointed at", given("J2315", "I10 F1120"), line="2"),
    bad("only the injection points at it", given("J2315", "F1020 I10", "1", "2"), line="2"),
    bad("only the drug points at it", given("J2315", "F1020 I10", "2", "1"), severity="advise", line="1"),
    bad(
        "a payer whose policy is loaded", given("J2315", "F329"), profile=Profile("bcbs-al"), severity="deny"
    ),
    bad("B12 for hypertension, Medicare", given("J3420", "I10", payer="MB"), severity="deny"),
    bad("B12 for hypertension, commercial", given("J3420", "I10"), severity="advise"),
    bad("B12 for fatigue", given("J3420", "R5383"), severity="advise"),
    bad("B12 for obesity", given("J3420", "E669"), severity="advise"),
    bad("a claim without diagnosis", "HI*BE:01:::5\n" + given("J3420", "x").split("\n", 2)[2]),
    *(
        good(f"naltrexone for {dx}", given("J2315", dx))
        for dx in ("F1020", "F1021", "F1120", "F1121", "F1010")
    ),
    *(good(f"B12 for {dx}", given("J3420", dx)) for dx in ("D510", "D531", "E538", "K900", "K911", "Z9884")),
    good("as the second of two", given("J3420", "I10 E538", "1:2", "2")),
    good("beside pemetrexed", given("J3420", "Z79899 C3490", "1:2", "1:2", payer="MB")),
    good("no pointer left on the injection", given("J3420", "I10 M545 R110 N390 D510", "1:2:3:4", "5")),
    good("with a dot", given("J3420", "D51.0")),
    good("another drug", given("J1885", "I10")),
    good("the drug on another day", given("J3420", "I10") + "\nDTP*472*D8*20260303"),
    bad(
        "one of two injections is enough, none is not",
        given("J3420", "D510 I10", "2") + "\nSV1*HC:96372:59*30*UN*1***2",
    ),
    good(
        "one of two injections is enough", given("J3420", "D510 I10", "2") + "\nSV1*HC:96372:59*30*UN*1***1"
    ),
    bad("first day of ICD-10", given("J3420", "I10"), day="20151001"),
    bad("day before", given("J3420", "I10"), day="20150930", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_n02(case):
    check_case("INJ-N02", case)
