import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"


def line(code, units=1):
    return f"SV1*HC:{code}*60*UN*{units}***1\n"


def left_out(*codes):
    return tuple(f"leave out {code}, a supply" for code in codes)


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    *(
        bad(f"{one}", INJECTION + line("J3420") + line(one), severity="deny", line="3", fixes=left_out(one))
        for one in "A4206 A4207 A4208 A4209 A4212 A4213 A4215 A4550 99070".split()
    ),
    *(
        bad(
            f"beside {one}",
            line(one) + line("J1756", 100) + line("A4208"),
            severity="deny",
            fixes=left_out("A4208"),
        )
        for one in "96360 96365 96369 96373 96374 96377".split()
    ),
    *(
        bad(
            f"payer {one}",
            payer(one) + INJECTION + line("J3420") + line("A4208"),
            severity="deny",
            fixes=left_out("A4208"),
        )
        for one in ("MB", "MC", "CI", "ZZ")
    ),
    bad(
        "tray beside another procedure",
        line("11042") + INJECTION + line("J3420") + line("A4550"),
        severity="advise",
    ),
    bad(
        "syringe beside another procedure",
        line("11042") + INJECTION + line("J3420") + line("A4208"),
        severity="deny",
        fixes=left_out("A4208"),
    ),
    bad(
        "two supplies",
        INJECTION + line("J3420") + line("A4208") + line("A4215"),
        count=2,
        fixes=left_out("A4208", "A4215"),
    ),
    bad(
        "first day of the table",
        INJECTION + line("J3420") + line("A4208"),
        day="20220101",
        severity="deny",
        fixes=left_out("A4208"),
    ),
    bad("a line with an NDC", INJECTION + line("J3420") + line("A4208") + "LIN**N4*00517312525\n"),
    bad(
        "before it nothing is judged",
        INJECTION + line("J3420") + line("A4208"),
        day="20211231",
        outcome="no_data",
    ),
    good("no supply", INJECTION + line("J3420")),
    good("no administration beside it", line("90471") + line("90715") + line("A4208")),
    good("supply of another day", INJECTION + line("J3420") + line("A4208") + "DTP*472*D8*20260301\n"),
    good(
        "supply of another group and specialty",
        INJECTION
        + line("J3420")
        + line("A4208")
        + "NM1*82*1*TESTCASE*LEE****XX*1003000126\nPRV*PE*PXC*332B00000X\n",
    ),
    good("another supply", INJECTION + line("J3420") + line("A4245")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b22(case):
    check_case("INJ-B22", case)
