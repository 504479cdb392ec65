from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile

DRUG = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1\n"
OPEN = DRUG.replace("96372", "96372:59")


def visit(code="99284"):
    return f"SV1*HC:{code}*200*UN*1***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


def bundles(value, quality="payer"):
    return Profile(habits=(Habit("em_bundle", value, date(2025, 1, 1), None, "manual", "", quality),))


OPENABLE = (
    "99221 99223 99234 99236 99238 99239 99281 99285 99291 99304 99306 99315 99316 99341 99345 99347 99350 "
    "99468 99485 G0406 G0408 G0425 G0427 G0508 G0509"
).split()
CLOSED = "99231 99232 99233 99307 99308 99309 99310 99460 99461 99462 99463 99465".split()

CASES = [
    *(bad(f"{one}", payer("MB") + visit(one) + DRUG, severity="deny", line="2") for one in OPENABLE),
    *(bad(f"{one}, with 59", payer("MB") + visit(one) + OPEN, outcome="bypassed") for one in OPENABLE),
    *(bad(f"{one}, with 25", visit(f"{one}:25") + DRUG, outcome="bypassed") for one in OPENABLE),
    *(
        bad(f"{one} is never opened", payer("MB") + visit(f"{one}:25") + OPEN, severity="reject")
        for one in CLOSED
    ),
    *(
        bad(f"nothing opens it, payer {one}", payer(one) + visit("99232") + DRUG, severity=how)
        for one, how in (("MC", "reject"), ("CI", "deny"), ("16", "deny"), ("CH", "deny"), ("ZZ", "deny"))
    ),
    *(
        bad(f"payer {one}", payer(one) + visit() + DRUG, severity="deny")
        for one in ("MC", "CI", "16", "BL", "VA")
    ),
    bad("59 on the visit is no modifier of visits", visit("99284:59") + DRUG, severity="deny"),
    bad("visit on another claim", DRUG + "---\n" + visit(), severity="advise", line="1"),
    bad(
        "payer that never pays both",
        visit("99284:25") + DRUG,
        profile=bundles("always"),
        severity="deny",
    ),
    bad(
        "the same, second hand",
        visit("99284:25") + DRUG,
        profile=bundles("always", "secondary"),
        severity="advise",
    ),
    bad("nothing opens it, whatever the payer", visit("99232") + DRUG, profile=bundles("none")),
    good("payer without the edit", visit() + DRUG, profile=bundles("none")),
    *(
        good(f"{one} is denied itself: INJ-E01, E02", visit(one) + DRUG)
        for one in ("99211", "99213", "99483")
    ),
    *(good(f"{one} has no pair", visit(one) + DRUG) for one in ("99396", "99242", "99292", "90834", "99406")),
    good("visit of another day", visit() + "DTP*472*D8*20260301\n" + DRUG),
    good(
        "visit of another group",
        visit() + "NM1*82*1*TESTCASE*LEE****XX*1003000126\nPRV*PE*PXC*207P00000X\n" + DRUG,
    ),
    bad("first day of the table", visit() + DRUG, day="20240701", severity="deny"),
    bad("day before", visit() + DRUG, day="20240630", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_e03(case):
    check_case("INJ-E03", case)
