import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"


def line(code, units=1):
    return f"SV1*HC:{code}*60*UN*{units}***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    *(
        bad(
            f"{one}",
            INJECTION + line(one),
            day=day,
            severity="deny",
            fixed={"suggested:96372": code},
            line="1",
        )
        for one, code, day in (
            ("Q0220", "M0220", "20220115"),
            ("Q0221", "M0220", "20220601"),
            ("Q0240", "M0240", "20210901"),
            ("Q0243", "M0243", "20210401"),
            ("Q0244", "M0243", "20210901"),
        )
    ),
    bad(
        "at home",
        "CLM*C****12:B:1*Y*A*Y*Y\n" + INJECTION + line("Q0221"),
        day="20220601",
        fixed={"suggested:96372": "M0221"},
    ),
    bad(
        "in a nursing facility nobody can tell",
        "CLM*C****31:B:1*Y*A*Y*Y\n" + INJECTION + line("Q0221"),
        day="20220601",
    ),
    bad("two products", INJECTION + line("Q0243") + line("Q0244"), day="20210901"),
    bad(
        "its code is there as well",
        INJECTION + line("M0220") + line("Q0221"),
        day="20220601",
        severity="deny",
    ),
    bad(
        "another drug explains 96372",
        INJECTION + line("Q0221") + line("J0696"),
        day="20220601",
        severity="advise",
    ),
    bad("product on another claim", INJECTION + "---\n" + line("Q0221"), day="20220601", severity="advise"),
    bad(
        "first day of a product",
        INJECTION + line("Q0221"),
        day="20220224",
        severity="deny",
        fixed={"suggested:96372": "M0220"},
    ),
    good("the day before", INJECTION + line("Q0221"), day="20220223"),
    *(
        bad(
            f"payer {one}",
            payer(one) + INJECTION + line("Q0221"),
            day="20220601",
            severity="deny",
            fixed={"suggested:96372": "M0220"},
        )
        for one in ("MB", "MC", "CI", "ZZ")
    ),
    good("M0220", line("M0220") + line("Q0221"), day="20220601"),
    good("each with its code", line("M0220") + INJECTION + line("Q0221") + line("J0696"), day="20220601"),
    good("COVID vaccine is no antibody", line("91320") + line("90480")),
    good("no antibody", INJECTION + line("J0696")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b10(case):
    check_case("INJ-B10", case)
