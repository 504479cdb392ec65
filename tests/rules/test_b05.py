import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"
HAY_FEVER = "HI*ABK:J301\n"


def line(code):
    return f"SV1*HC:{code}*60*UN*1***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    *(
        bad(f"beside {one}", HAY_FEVER + line(one) + INJECTION, severity="deny", line="2")
        for one in "95115 95117 95144 95145 95149 95165 95170 95180".split()
    ),
    *(
        bad(f"payer {one}", payer(one) + line("95165") + INJECTION, severity="deny")
        for one in ("MB", "MC", "CI", "ZZ")
    ),
    bad(
        "59 opens the pair, but gives no drug",
        line("95165") + INJECTION.replace("96372", "96372:59"),
        severity="advise",
    ),
    bad("extract on another claim", INJECTION + "---\n" + line("95165"), severity="advise"),
    bad("desensitisation without a drug", "HI*ABK:Z516\n" + INJECTION, severity="advise"),
    bad("hay fever without a drug", HAY_FEVER + INJECTION, severity="advise"),
    bad("allergic reaction without a drug", "HI*ABK:T7840XA\n" + INJECTION, severity="advise"),
    bad("first day of the pairs", line("95165") + INJECTION, day="20240701", severity="deny"),
    bad(
        "before it nobody can say that it denies",
        line("95165") + INJECTION,
        day="20240630",
        severity="advise",
    ),
    good("95115", HAY_FEVER + line("95165") + line("95115")),
    good("a drug explains 96372", HAY_FEVER + line("95115") + INJECTION + line("J3301")),
    good("hay fever and a steroid", HAY_FEVER + INJECTION + line("J3301")),
    good("omalizumab", HAY_FEVER + INJECTION + line("J2357")),
    good("another reason without a drug", "HI*ABK:M545\n" + INJECTION),
    good("hay fever that 96372 does not point at", "HI*ABK:M545*ABF:J301\n" + INJECTION),
    good("allergy test", HAY_FEVER + line("95004") + INJECTION + line("J3301")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b05(case):
    check_case("INJ-B05", case)
