from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

NDC = "\nLIN**N4*00143961901\nCTP****1*ML"


def drug(payer="MC", code="J3420"):
    return f"SBR*P*18*******{payer}\nSV1*HC:96372*30*UN*1***1\nSV1*HC:{code}*5*UN*1***1"


def payer(value, effect="", begun=date(2020, 1, 1)):
    pairs = [("ndc", value), *([("ndc_missing_effect", effect)] if effect else [])]
    return Profile("test", habits=tuple(Habit(k, v, begun, None, "a manual", "", "payer") for k, v in pairs))


CASES = [
    bad("Medicaid", drug(), severity="reject", line="2", place="2400/SV101-02"),
    bad("Medicaid, a Q code", drug(code="Q9991"), severity="reject"),
    bad("Medicaid, an immune globulin", drug(code="90384"), severity="reject"),
    bad("Medicaid, bought under 340B", drug(code="J3420:UD"), severity="advise"),
    bad("commercial only advises", drug("CI"), severity="advise"),
    bad("Medicare, an unlisted drug", drug("MB", "J3490"), severity="advise"),
    bad("Medicare, PrEP without a code", drug("MB", "J0799"), severity="advise"),
    bad("a payer that wants it on J codes", drug("CI"), severity="deny", profile=payer("j")),
    bad("and rejects", drug("CI"), severity="reject", profile=payer("j", "reject")),
    bad("and pays the lowest fee", drug("CI"), severity="advise", profile=payer("all", "lowest_fee")),
    bad("a habit without date", drug("CI"), severity="advise", profile=payer("j", begun=None)),
    bad(
        "a habit without date takes nothing back from Medicaid",
        drug(),
        severity="reject",
        profile=payer("j", begun=None),
    ),
    bad("a list that was not read", drug("CI"), severity="advise", profile=payer("listed")),
    bad("a payer that wants it on vaccines", drug("CI", "90715"), severity="deny", profile=payer("all")),
    bad(
        "a payer that wants it on unlisted drugs",
        drug("CI", "J3490"),
        severity="deny",
        profile=payer("noc_only"),
    ),
    good("there", drug() + NDC),
    good("Medicare", drug("MB")),
    good("Medicaid, a vaccine", drug(code="90715")),
    good("TRICARE", drug("CH")),
    good("a payer that wants none", drug(), profile=payer("none")),
    good("a payer that wants it on J codes, a Q code", drug("CI", "Q9991"), profile=payer("j")),
    good("a payer that wants it on unlisted drugs, another", drug("CI"), profile=payer("noc_only")),
    good("the injection itself", "SBR*P*18*******MC\nSV1*HC:96372*30*UN*1***1"),
    bad("the first day of the federal rule", drug(), day="20080101", severity="reject"),
    good("the day before", drug(), day="20071231"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d04(case):
    check_case("INJ-D04", case)
