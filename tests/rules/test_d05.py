from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile


def drug(ndc, qualifier="N4", code="J3420"):
    return f"SV1*HC:96372*30*UN*1***1\nSV1*HC:{code}*5*UN*1***1\nLIN**{qualifier}*{ndc}\nCTP****1*ML"


def mended(ndc):
    return {f"format:{ndc}": "00143961901"}


def wants(package, since=None):
    habit = Habit("ndc_package", package, since, None, "test", "", "payer")
    return Profile(payer_class="medicaid", habits=(habit,))


PACKAGE, VIAL = "00009001104", "00009001103"  # 25 containers, and one of them

CASES = [
    bad("4-4-2", drug("0143-9619-01"), fixed=mended("0143-9619-01"), severity="reject", place="2410/LIN03"),
    bad("5-3-2", drug("50242-040-62"), fixed={"format:50242-040-62": "50242004062"}),
    bad("5-4-1", drug("65757-0300-1"), fixed={"format:65757-0300-1": "65757030001"}),
    bad("5-4-2 with hyphens", drug("00143-9619-01"), fixed=mended("00143-9619-01"), line="2"),
    bad("5-4-2 with blanks", drug("00143 9619 01"), fixed=mended("00143 9619 01")),
    bad("ten digits tell no part apart", drug("0143961901"), severity="reject"),
    bad("hyphens in other places", drug("0014-39619-01")),
    bad("twelve digits", drug("001439619010")),
    bad("a letter", drug("0014396190A")),
    bad("all zeros", drug("00000000000")),
    bad("hyphened zeros are not filled", drug("0000-0000-00")),
    bad("missing", "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1\nLIN**N4\nCTP****1*ML"),
    bad("a bar code in place of the NDC of a drug", drug("00143961901", "UP"), place="2410/LIN02"),
    bad(
        "a package, the payer wants the vial",
        drug(PACKAGE, code="J1720"),
        profile=wants("vial"),
        severity="advise",
    ),
    bad(
        "a vial, the payer wants the package",
        drug(VIAL, code="J1720"),
        profile=wants("carton"),
        severity="advise",
    ),
    bad(
        "a dated rule of the payer denies",
        drug(PACKAGE, code="J1720"),
        profile=wants("vial", date(2020, 1, 1)),
        severity="deny",
    ),
    bad(
        "a package on the first day of the crosswalk",
        drug(PACKAGE, code="J1720"),
        profile=wants("vial"),
        day="20260101",
    ),
    good("a package the day before it", drug(PACKAGE, code="J1720"), profile=wants("vial"), day="20251231"),
    good("a vial for a payer of vials", drug(VIAL, code="J1720"), profile=wants("vial")),
    good("a package for a payer of packages", drug(PACKAGE, code="J1720"), profile=wants("carton")),
    good("either will do", drug(PACKAGE, code="J1720"), profile=wants("either")),
    good("a container that is sold alone", drug("00002751001", code="J1817"), profile=wants("carton")),
    good("eleven digits", drug("00143961901")),
    good("no NDC at all has its own rule", "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1"),
    good("a bar code of a supply", drug("012345678905", "UP", "A4550")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d05(case):
    check_case("INJ-D05", case)
