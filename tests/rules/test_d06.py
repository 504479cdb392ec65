from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile


def drug(ctp, payer="CI"):
    return (
        f"SBR*P*18*******{payer}\nSV1*HC:96372*30*UN*1***1\n"
        f"SV1*HC:J3420*5*UN*1***1\nLIN**N4*00143961901\n{ctp}"
    )


def payer(value, begun=date(2020, 1, 1)):
    return Profile("test", habits=(Habit("ndc_units", value, begun, None, "a manual", "", "payer"),))


CASES = [
    bad("no CTP", drug(""), severity="reject", place="2410/LIN", line="2"),
    bad("zero", drug("CTP****0*ML"), severity="reject", place="2410/CTP04"),
    bad("negative", drug("CTP****-1*ML"), severity="reject"),
    bad("no quantity", drug("CTP*****ML"), severity="reject"),
    bad("no unit", drug("CTP****1"), severity="reject", place="2410/CTP05-01"),
    bad("milligrams are no such unit", drug("CTP****1*MG"), severity="reject"),
    bad("neither", drug("CTP"), count=2),
    bad("four decimals", drug("CTP****0.1234*ML"), severity="deny"),
    bad("ME for Medicaid", drug("CTP****1*ME", "MC"), severity="advise"),
    bad("F2 for Medicaid", drug("CTP****1*F2", "MC"), severity="advise"),
    bad("a payer of three units", drug("CTP****1*ME"), severity="deny", profile=payer("GR ML UN")),
    bad("the same, undated", drug("CTP****1*ME"), severity="advise", profile=payer("GR ML UN", None)),
    *(good(f"{unit}", drug(f"CTP****1*{unit}")) for unit in ("ML", "UN", "GR", "ME", "F2")),
    good("part of a vial of powder", drug("CTP****0.2*UN", "MC")),
    good("three decimals", drug("CTP****0.125*ML")),
    good("zeros at the end are no decimals", drug("CTP****1.0000*ML")),
    good("ME for a payer that takes it", drug("CTP****1*ME", "MC"), profile=payer("UN ML ME GR F2")),
    good("no NDC", "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d06(case):
    check_case("INJ-D06", case)
