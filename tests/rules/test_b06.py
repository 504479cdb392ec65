import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"
CANCER = "HI*ABK:C9000\n"
ARTHRITIS = "HI*ABK:M0579\n"
MEDICARE = "SBR*P*18*******MB\n"


def drug(code):
    return f"SV1*HC:{code}*500*UN*1***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    *(
        bad(
            f"Medicare, {one}",
            MEDICARE + CANCER + INJECTION + drug(one),
            severity="deny",
            line="1",
            place="2400/SV101-02",
        )
        for one in "J9041 J9025 J9144 J9040 J9262 J9311 J9321 J9260".split()
    ),
    bad("whatever the diagnosis", MEDICARE + ARTHRITIS + INJECTION + drug("J9025"), severity="deny"),
    *(
        bad(f"payer {one} may differ", payer(one) + CANCER + INJECTION + drug("J9041"), severity="advise")
        for one in ("MC", "CI", "BL", "16", "ZZ")
    ),
    bad("methotrexate for arthritis", MEDICARE + ARTHRITIS + INJECTION + drug("J9260"), severity="advise"),
    bad(
        "methotrexate for a benign neoplasm",
        MEDICARE + "HI*ABK:D320\n" + INJECTION + drug("J9260"),
        severity="deny",
    ),
    bad(
        "methotrexate, neoplasm that no line points at",
        MEDICARE + "HI*ABK:M0579*ABF:C9000\n" + INJECTION + drug("J9260"),
        severity="advise",
    ),
    bad("interferon", MEDICARE + CANCER + INJECTION + drug("J9213"), severity="advise"),
    bad("unlisted antineoplastic", MEDICARE + CANCER + INJECTION + drug("J9999"), severity="advise"),
    bad(
        "another drug explains 96372",
        MEDICARE + CANCER + INJECTION + drug("J9041") + drug("J3420"),
        severity="advise",
    ),
    bad(
        "on another claim",
        MEDICARE + CANCER + INJECTION + "---\n" + MEDICARE + CANCER + drug("J9041"),
        severity="advise",
    ),
    bad("two injections, one drug: said once", MEDICARE + CANCER + INJECTION + INJECTION + drug("J9041")),
    bad("two drugs are two findings", MEDICARE + CANCER + INJECTION + drug("J9041") + drug("J9025"), count=2),
    bad(
        "first day of a code", MEDICARE + CANCER + INJECTION + drug("J9144"), day="20210101", severity="deny"
    ),
    good(
        "the day before its code was unknown", MEDICARE + CANCER + INJECTION + drug("J9144"), day="20201231"
    ),
    good("96401", MEDICARE + CANCER + "SV1*HC:96401*90*UN*1***1\n" + drug("J9041")),
    good(
        "96401 for one, 96372 for the other",
        MEDICARE
        + CANCER
        + "SV1*HC:96401*90*UN*1***1\n"
        + INJECTION.replace("96372", "96372:59")
        + drug("J9041")
        + drug("J3420"),
    ),
    good(
        "given into the vein",
        MEDICARE + CANCER + "SV1*HC:96409*90*UN*1***1\n" + INJECTION + drug("J9041") + drug("J3420"),
    ),
    *(
        good(f"{one} is none", MEDICARE + CANCER + INJECTION + drug(one))
        for one in "J0897 J2506 J2357 J3420 J9361 J0885".split()
    ),
    good("hormones have their own rule", MEDICARE + CANCER + INJECTION + drug("J9217")),
    good("IV only has its own rule", MEDICARE + CANCER + INJECTION + drug("J9271")),
    good("a drug that the table does not know", MEDICARE + CANCER + INJECTION + drug("J9998")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b06(case):
    check_case("INJ-B06", case)
