from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

MEDICARE = "SBR*P*18*******MB\n"
TEXT = "TESTDRUGUMAB 10 MG SC NDC 99999-0010-01"


def drug(text, code="J3490", units="1"):
    procedure = f"{code}:::::{text}" if text else code
    return f"SV1*HC:96372*30*UN*1***1\nSV1*HC:{procedure}*90*UN*{units}***1"


def payer(quality="payer", **habits):
    return Profile(
        "test",
        habits=tuple(
            Habit(key, value, date(2020, 1, 1), None, "a policy", "", quality)
            for key, value in habits.items()
        ),
    )


CASES = [
    bad("blank, Medicare", MEDICARE + drug(""), severity="reject", place="2400/SV101-07", line="2"),
    bad("blank, commercial", drug(""), severity="deny"),
    bad("blank, Medicaid", "SBR*P*18*******MC\n" + drug("", "J3590"), severity="deny"),
    bad("too short", MEDICARE + drug("DRUG"), severity="reject"),
    bad("the name of the code", MEDICARE + drug("UNCLASSIFIED DRUGS"), severity="reject"),
    bad("not otherwise specified", drug("NOT OTHERWISE SPECIFIED", "J3590")),
    bad("the code again", drug("J3490 MISC INJECTION")),
    bad("a compound", drug("", "J7999")),
    bad("a new drug under an OPPS code", drug("", "C9399")),
    bad("the text in the note alone", drug("") + f"\nNTE*ADD*{TEXT}", severity="deny"),
    bad("a name without dose", drug("TESTDRUGUMAB SC"), severity="advise"),
    bad("more than one unit", MEDICARE + drug(TEXT, units="10"), severity="advise", place="2400/SV104"),
    bad("a payer with one unit", drug(TEXT, units="2"), severity="deny", profile=payer(noc_units="one")),
    bad(
        "a payer that wants the route",
        drug("TESTDRUGUMAB 10 MG"),
        severity="deny",
        profile=payer(noc_fields="dose route"),
    ),
    bad(
        "the same, read in a blog",
        drug("TESTDRUGUMAB 10 MG"),
        severity="advise",
        profile=payer("secondary", noc_fields="dose route"),
    ),
    bad(
        "a payer that refuses mg/mL",
        drug("TESTDRUGUMAB 10 MG/ML 1 ML"),
        severity="deny",
        profile=payer(noc_fields="dose no_mg_per_ml"),
    ),
    bad("a payer that reads the note, empty", drug(TEXT), severity="deny", profile=payer(noc_where="nte")),
    bad("a payer that reads both", drug(TEXT), profile=payer(noc_where="both")),
    good("name, dose, route, NDC", MEDICARE + drug(TEXT)),
    good("small letters", drug("testdrugumab 10 mg sc")),
    good("a payer that reads the note", drug("") + f"\nNTE*ADD*{TEXT}", profile=payer(noc_where="nte")),
    good("a payer that takes units", drug(TEXT, units="10"), profile=payer(noc_units="any")),
    good(
        "the NDC of loop 2410 counts",
        drug("TESTDRUGUMAB 10 MG SC") + "\nLIN**N4*99999001001",
        profile=payer(noc_fields="ndc"),
    ),
    good("a listed drug", MEDICARE + drug("", "J3420")),
    good("an unlisted administration is no drug", "SV1*HC:96372*30*UN*1***1\nSV1*HC:96379*30*UN*1***1"),
    bad("the first day of the code for compounds", drug("", "J7999"), day="20160101"),
    good("the day before", drug("", "J7999"), day="20151231"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d11(case):
    check_case("INJ-D11", case)
