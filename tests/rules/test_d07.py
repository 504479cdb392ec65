import pytest
from rulecases import bad, check_case, good


def drug(code, units, ndc, ctp):
    return f"SV1*HC:96372*30*UN*1***1\nSV1*HC:{code}*20*UN*{units}***1\nLIN**N4*{ndc}\nCTP****{ctp}"


KETOROLAC = "00338007225"  # 30 mg a millilitre, a unit is 15 mg
CEFTRIAXONE = "00143985725"  # powder, 1 g a vial, a unit is 250 mg
NALTREXONE = "65757030001"  # a kit of 380 mg, a unit is 1 mg
MANY = "60793070110"  # ten syringes of 1.2 million units, a unit is 100,000

CASES = [
    bad(
        "milligrams for units",
        drug("J1885", 60, KETOROLAC, "2*ML"),
        severity="deny",
        place="2400/SV104",
        line="2",
    ),
    bad("milligrams of a powder", drug("J0696", 1000, CEFTRIAXONE, "1*UN"), severity="deny"),
    bad("a vial for one unit", drug("J0696", 1, CEFTRIAXONE, "1*UN"), severity="advise"),
    bad("a kit for one unit", drug("J2315", 1, NALTREXONE, "1*UN"), severity="advise"),
    bad("twice the dose", drug("J2315", 760, NALTREXONE, "1*UN"), severity="advise"),
    bad("an NDC of another drug", drug("J3420", 1, KETOROLAC, "1*ML"), severity="advise", place="2410/LIN03"),
    bad("a vial of milligrams for one unit", drug("J1050", 1, "70121148001", "1*ML"), severity="advise"),
    good("the same in milligrams", drug("J1050", 150, "70121148001", "1*ML")),
    good("one unit of a code that counts injections", drug("Q9992", 1, "99999001001", "1.5*ML")),
    good("as given", drug("J1885", 4, KETOROLAC, "2*ML")),
    good("powder by the vial", drug("J0696", 4, CEFTRIAXONE, "1*UN")),
    good("a part of a vial of powder", drug("J0696", 2, CEFTRIAXONE, "0.5*UN")),
    good("a unit rounded up", drug("J1885", 3, KETOROLAC, "1.2*ML")),
    good("one container of a package", drug("J0561", 12, MANY, "1*UN")),
    good("the whole package", drug("J0561", 120, MANY, "1*UN")),
    good("hyphens have their own rule", drug("J2315", 380, "65757-0300-1", "1*UN")),
    good("a package that the table lacks", drug("J3420", 9, "99999001001", "1*ML")),
    good("a unit that cannot be compared", drug("J1885", 60, KETOROLAC, "2*GR")),
    good("a CPT code of the same product", drug("90384", 1, "00562780501", "1*UN")),
    good("a retired code has its own rule", drug("J1030", 1, "00009307303", "1*ML")),
    good("an unlisted drug has its own rule", drug("J3490", 1, KETOROLAC, "1*ML")),
    good(
        "given and thrown away on two lines",
        drug("J2357:JZ", 45, "50242004062", "1.5*UN")
        + "\nSV1*HC:J2357:JW*9*UN*15***1\nLIN**N4*50242004062\nCTP****0.5*UN",
    ),
    good(
        "two lines that both show the vials opened",
        drug("J2357", 45, "50242004062", "2*UN")
        + "\nSV1*HC:J2357:JW*9*UN*15***1\nLIN**N4*50242004062\nCTP****2*UN",
    ),
    good("off by one unit", drug("J1885", 5, KETOROLAC, "2*ML")),
    good("an NDC of another drug before the crosswalk", drug("J3420", 1, KETOROLAC, "1*ML"), day="20251231"),
    bad("first day of the crosswalk", drug("J1885", 60, KETOROLAC, "2*ML"), day="20260101"),
    bad("the day before", drug("J1885", 60, KETOROLAC, "2*ML"), day="20251231", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d07(case):
    check_case("INJ-D07", case)
