import pytest
from rulecases import bad, check_case, findings, good

from scrubber.payers import Habit, Profile
from scrubber.registry import find_rule

VISIT = "SV1*HC:99211*20*UN*1***1\n"
INJECTION = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1\n"
LEFT_OUT = ("leave out 99211 beside 96372",)
NURSES = Profile(habits=(Habit("nurse_only", "99211", None, None, "payer", "", "payer"),))


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    bad(
        "Medicare",
        payer("MB") + VISIT + INJECTION,
        severity="reject",
        place="2400/SV101",
        line="1",
        fixes=LEFT_OUT,
    ),
    bad("Medicaid", payer("MC") + VISIT + INJECTION, severity="reject", fixes=LEFT_OUT),
    *(
        bad(f"other payer {filing}", payer(filing) + VISIT + INJECTION, severity="deny", fixes=LEFT_OUT)
        for filing in ("CI", "BL", "HM", "16", "CH", "VA", "WC", "AM", "FI", "ZZ")
    ),
    bad(
        "25 does not open it",
        payer("MB") + VISIT.replace("99211", "99211:25") + INJECTION,
        severity="reject",
        fixes=LEFT_OUT,
    ),
    bad(
        "59 on the injection does not open it", VISIT + INJECTION.replace("96372", "96372:59"), fixes=LEFT_OUT
    ),
    bad("twice is said twice", VISIT + VISIT + INJECTION, count=2, fixes=LEFT_OUT * 2),
    bad("two injections, one visit: said once", VISIT + INJECTION + INJECTION, fixes=LEFT_OUT),
    bad(
        "99211 on another claim of the day only advises",
        INJECTION + "---\n" + VISIT,
        severity="advise",
        line="1",
    ),
    bad(
        "payer that takes 99211 for unsupervised injections",
        VISIT + INJECTION,
        profile=NURSES,
        severity="deny",
    ),
    bad("first day of the table", VISIT + INJECTION, day="20240701", fixes=LEFT_OUT),
    bad("before the table nothing is judged", VISIT + INJECTION, day="20240630", outcome="no_data"),
    bad(
        "rendered by a nurse: perhaps nobody supervised",
        "NM1*82*1*TESTCASE*LEE****XX*1003000126\nPRV*PE*PXC*163W00000X\n" + VISIT + INJECTION,
    ),
    bad("with an add-on to the visit", VISIT + INJECTION + "SV1*HC:G2211*16*UN*1***1\n"),
    bad("a line with more than a service", VISIT + "NTE*ADD*EXAMPLE\n" + INJECTION),
    bad("another payer has adjudicated", VISIT + "SVD*TESTMB*5*HC:99211**1\n" + INJECTION),
    bad("a claim that voids another", "CLM*C****11:B:8*Y*A*Y*Y\n" + VISIT + INJECTION),
    good("no visit", INJECTION),
    good("99211 the day before", VISIT + "DTP*472*D8*20260301\n" + INJECTION),
    good("99212 with 25", VISIT.replace("99211", "99212:25") + INJECTION),
    good("99211 with a vaccine, no 96372", VISIT + "SV1*HC:90471*30*UN*1***1\nSV1*HC:90715*30*UN*1***1"),
    good("99211 of another patient", INJECTION + "=== TEST0009\n" + VISIT),
    good(
        "99211 by another provider and specialty",
        VISIT + "NM1*82*1*TESTCASE*LEE****XX*1003000126\nPRV*PE*PXC*207RC0000X\n" + INJECTION,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_e01(case):
    check_case("INJ-E01", case)


@pytest.mark.parametrize(("profile", "offered"), [(None, False), (NURSES, True)])
def test_99211_alone_is_offered_only_where_the_payer_takes_it(profile, offered):
    (found,) = findings(find_rule("INJ-E01"), VISIT + INJECTION, profile=profile)
    assert ("99211 alone" in found.message) is offered
