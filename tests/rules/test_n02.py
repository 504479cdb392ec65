import pytest
from rulecases import bad, check_case, findings, good

from scrubber.payers import Profile
from scrubber.registry import find_rule


def given(drug, dx, injection="1", pointer="1", payer="CI", units=1):
    head = f"SBR*P*18*******{payer}\nHI*ABK:" + "*ABF:".join(dx.split())
    return f"{head}\nSV1*HC:96372*30*UN*1***{injection}\nSV1*HC:{drug}*90*UN*{units}***{pointer}"


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
    good("a pointer to nothing is for another rule", given("J3420", "I10 D510", "9", "2")),
    good("with a dot", given("J3420", "D51.0")),
    good("another drug", given("J2550", "I10")),
    good("the drug on another day", given("J3420", "I10") + "\nDTP*472*D8*20260303"),
    bad(
        "one of two injections is enough, none is not",
        given("J3420", "D510 I10", "2") + "\nSV1*HC:96372:59*30*UN*1***2",
    ),
    good(
        "one of two injections is enough", given("J3420", "D510 I10", "2") + "\nSV1*HC:96372:59*30*UN*1***1"
    ),
    bad("an antipsychotic depot for hypertension", given("J2426", "I10"), severity="advise"),
    bad("penicillin for diabetes", given("J0561", "E119"), severity="advise"),
    bad("an ESA for hypertension, Medicare", given("J0885", "I10", payer="MB"), severity="advise"),
    bad("ceftriaxone for hypertension", given("J0696", "I10"), severity="advise"),
    bad("ketorolac for cholesterol and reflux", given("J1885", "E785 K219", "1:2", "1:2")),
    bad("an unlisted drug for obesity", given("J3490", "E669"), severity="advise"),
    bad("120 units for osteoporosis", given("J0897", "M810", units=120), place="2400/SV104"),
    bad("60 units for bone metastases", given("J0897", "C7951", units=60), place="2400/SV104"),
    good("60 units for osteoporosis", given("J0897", "M810", units=60)),
    good("120 units for bone metastases", given("J0897", "C7951", units=120)),
    good("60 units for both", given("J0897", "C7951 Z79811", "1:2", "1:2", units=60)),
    good("ceftriaxone for what the list lacks", given("J0696", "R509")),
    good("ketorolac for pain, beside hypertension", given("J1885", "I10 M545", "1:2", "1:2")),
    good("an unlisted drug for anything else", given("J3490", "M545")),
    good("an unlisted drug for obesity and more", given("J3490", "E669 E119", "1:2", "1:2")),
    bad("first day of ICD-10", given("J3420", "I10"), day="20151001"),
    bad("day before", given("J3420", "I10"), day="20150930", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_n02(case):
    check_case("INJ-N02", case)


def titles(drug, dx, **more):
    (found,) = [f for f in findings(find_rule("INJ-N02"), given(drug, dx, **more)) if f.outcome == "fail"]
    return [one.title for one in found.citations]


def test_each_drug_is_cited_with_its_own_source():
    general, own = titles("J2315", "F329")
    assert "Social Security Act" in general
    assert "PH-0139" in own
    assert "L33967" in titles("J3420", "I10")[1]
    assert "PH-0139" in titles("J2315", "F1020 I10", injection="2")[1]
    assert len(titles("J0696", "I10")) == 2
