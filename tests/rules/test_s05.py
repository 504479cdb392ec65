import pytest
from rulecases import SUBJECTS, TABLES, bad, batch, check_case, good

import loops
from scrubber.engine import Engine
from scrubber.registry import find_rule

DRUG = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1\n"


def claim(place, payer, more=""):
    return f"SBR*P*18*******{payer}\nCLM*C****{place}:B:1*Y*A*Y*Y\n{more}{DRUG}"


CASES = [
    *(
        bad(f"Medicare, {one}", claim(one, "MB"), severity="deny", place="2300/CLM05-01")
        for one in ("50", "72")
    ),
    *(bad(f"Medicaid, {one}, alone", claim(one, "MC"), severity="advise") for one in ("50", "72")),
    bad("Medicare, with a visit", claim("72", "MB", "SV1*HC:99213:25*90*UN*1***1\n"), severity="deny"),
    bad("two injections are one matter", claim("72", "MB") + DRUG.replace("96372", "96372:76")),
    bad("place of the line", claim("11", "MB").replace("UN*1***1", "UN*1*72**1", 1), place="2400/SV105"),
    *(
        good(f"Medicaid, with {one}", claim("72", "MC", f"SV1*HC:{one}*150*UN*1***1\n"))
        for one in ("T1015", "G0467", "99213:25", "99396")
    ),
    *(good(f"payer {one}", claim("72", one)) for one in ("CI", "BL", "16")),
    *(good(f"Medicare, {one}", claim(one, "MB")) for one in ("11", "49", "71")),
    good("no injection", "SBR*P*18*******MB\nCLM*C****72:B:1*Y*A*Y*Y\nSV1*HC:90471*30*UN*1***1\n"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_s05(case):
    check_case("INJ-S05", case)


@pytest.mark.parametrize(("taxonomy", "told"), [("261QR1300X", 1), ("261QF0400X", 1), ("207Q00000X", 0)])
def test_the_taxonomy_of_the_billing_provider_tells_the_clinic_too(taxonomy, told):
    text = batch(claim("11", "MB"), "20260302")
    at = text.index("~", text.index("HL*1**20")) + 1
    data = f"{text[:at]}PRV*BI*PXC*{taxonomy}~{text[at:]}".encode()
    with loops.read(data, name="case.837", codes=SUBJECTS) as read:
        assert [len(one.findings) for one in Engine(read, (find_rule("INJ-S05"),), TABLES).run()] == [told]
