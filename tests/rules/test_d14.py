from datetime import date

import pytest
from rulecases import bad, check_case, good

from scrubber.payers import Habit, Profile


def drug(*codes, payer="MB", head="", charge="90"):
    lines = "".join(f"SV1*HC:{code}*{charge}*UN*1***1\n" for code in codes)
    return f"SBR*P*18*******{payer}\n{head}SV1*HC:96372*30*UN*1***1\n{lines}"


def payer(value, begun=date(2024, 11, 1)):
    return Profile("test", habits=(Habit("jw_jz", value, begun, None, "a policy", "", "payer"),))


CASES = [
    bad("neither", drug("J2315"), severity="reject", line="2", place="2400/SV101"),
    bad("required, not yet enforced", drug("J2315"), day="20230701", severity="advise"),
    bad("the last day before it is enforced", drug("J2315"), day="20230930", severity="advise"),
    bad("enforced", drug("J2315"), day="20231001", severity="reject"),
    good("not yet required", drug("J2315"), day="20230630"),
    bad("both kinds of container", drug("J1885"), severity="advise"),
    bad("an unlisted drug", drug("J3490"), severity="advise"),
    bad("both on a line", drug("J2315:JW:JZ"), severity="deny", place="2400/SV101-03"),
    bad("JW without a line of what was given", drug("J2357:JW"), severity="deny"),
    bad(
        "JW where a unit is the container",
        drug("J9217:KX", "J9217:JW") + "LIN**N4*00074364203\nCTP****0.2*UN",
        severity="deny",
        line="3",
    ),
    bad("JZ beside JW", drug("J2357:JZ", "J2357:JW"), severity="deny", line="2"),
    bad(
        "on the injection",
        "SBR*P*18*******MB\nSV1*HC:96372:JZ*30*UN*1***1\nSV1*HC:J2315:JZ*90*UN*1***1",
        line="1",
    ),
    bad("on a vaccine", drug("90662:JZ"), severity="deny"),
    bad("on a drug in multi-dose vials", drug("J0702:JZ"), severity="deny"),
    bad("misused, commercial", drug("J2315:JW:JZ", payer="CI"), severity="advise"),
    bad("a payer that wants it", drug("J2315", payer="CI"), severity="deny", profile=payer("required")),
    good(
        "a payer that wants it, before", drug("J2315", payer="CI"), day="20241031", profile=payer("required")
    ),
    bad(
        "a payer that wants it, undated",
        drug("J2315", payer="CI"),
        severity="advise",
        profile=payer("required", None),
    ),
    bad("JW of another drug does not count", drug("J2315", "J2357:JW"), count=2),
    bad(
        "misused, a payer that wants it",
        drug("J2315:JW:JZ", payer="CI"),
        severity="deny",
        profile=payer("required"),
    ),
    bad(
        "misused, a payer that wants none",
        drug("J2315:JW:JZ", payer="CI"),
        severity="advise",
        profile=payer("none"),
    ),
    good("a drug of whose container nothing is known", drug("J0256")),
    good("JZ", drug("J2315:JZ")),
    good("given and discarded", drug("J2357", "J2357:JW")),
    good("given on another claim of the day", drug("J2357:JW") + "---\n" + drug("J2357:JA")),
    good("multi-dose", drug("J0702")),
    good("a vial of thirty doses, by its NDC", drug("J3420") + "LIN**N4*00143961901\nCTP****1*ML"),
    good("a vaccine", drug("90662")),
    good("commercial", drug("J2315", payer="CI")),
    good("Medicare Advantage", drug("J2315", payer="16")),
    good("Medicaid", drug("J2315", payer="MC")),
    good("a free drug", drug("J2315", charge="0.01")),
    good("a rural health clinic", drug("J2315", head="CLM*C****72:B:1*Y*A*Y*Y\n")),
    bad(
        "undated, takes nothing back from Medicare",
        drug("J2315"),
        severity="reject",
        profile=payer("required", None),
    ),
    good("a payer that wants none", drug("J2315"), profile=payer("none")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d14(case):
    check_case("INJ-D14", case)
