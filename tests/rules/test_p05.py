import pytest
from rulecases import bad, check_case, good

DRUG = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J1885*5*UN*2***1\n"
OPEN = DRUG.replace("96372", "96372:59")


def anaesthesia(code="00400:AA"):
    return f"SV1*HC:{code}*400*MJ*45***1\n"


def sedation(code="99152"):
    return f"SV1*HC:{code}*80*UN*1***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    *(
        bad(f"{one}", payer("MB") + anaesthesia(one) + DRUG, severity="reject", line="2")
        for one in ("00100", "00400:AA", "00840:QZ", "01990", "01992")
    ),
    *(
        bad(f"{one}, 59 opens nothing", payer("MB") + sedation(one) + OPEN, severity="reject")
        for one in ("99155", "99156")
    ),
    bad("59 opens nothing", payer("MB") + anaesthesia() + OPEN, severity="reject"),
    *(
        bad(f"payer {one}", payer(one) + anaesthesia() + DRUG, severity=how)
        for one, how in (("MC", "reject"), ("CI", "deny"), ("16", "deny"), ("WC", "deny"))
    ),
    *(
        bad(f"{one} by the operator", payer("MB") + sedation(one) + DRUG, severity="deny")
        for one in ("99151", "99152")
    ),
    *(bad(f"{one} with 59", sedation(one) + OPEN, outcome="bypassed") for one in ("99151", "99152")),
    bad("anaesthesia on another claim", DRUG + "---\n" + anaesthesia(), severity="advise", line="1"),
    good(
        "another provider of another specialty",
        anaesthesia() + "NM1*82*1*TESTCASE*LEE****XX*1003000126\nPRV*PE*PXC*207L00000X\n" + DRUG,
    ),
    good("anaesthesia of another day", anaesthesia() + "DTP*472*D8*20260301\n" + DRUG),
    good("no anaesthesia", DRUG),
    *(good(f"{one} has no row", sedation(one) + DRUG) for one in ("99153", "99157", "99100")),
    bad("first day of the table", anaesthesia() + DRUG, day="20240701"),
    bad("day before", anaesthesia() + DRUG, day="20240630", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_p05(case):
    check_case("INJ-P05", case)
