import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"
REASON = "HI*ABK:Z2911\n"


def line(code):
    return f"SV1*HC:{code}*60*UN*1***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    bad(
        "nirsevimab 0.5 mL",
        REASON + line("90380") + INJECTION,
        severity="deny",
        line="2",
        place="2400/SV101-02",
    ),
    bad("nirsevimab 1 mL", REASON + line("90381") + INJECTION, severity="deny"),
    bad("clesrovimab: less well sourced", REASON + line("90382") + INJECTION),
    *(
        bad(f"payer {one}", payer(one) + REASON + line("90381") + INJECTION, severity="deny")
        for one in ("MB", "MC", "CI", "ZZ")
    ),
    bad("96381 is there as well", REASON + line("90381") + line("96381") + INJECTION, severity="deny"),
    bad("another drug explains 96372", REASON + line("90381") + INJECTION + line("J0696"), severity="advise"),
    bad("antibody on another claim", INJECTION + "---\n" + REASON + line("90381"), severity="advise"),
    bad("two injections are one finding", REASON + line("90381") + INJECTION + INJECTION),
    bad(
        "Z23 for the administration",
        "HI*ABK:Z23\n" + line("90381") + line("96381"),
        severity="deny",
        place="2300/HI01-02",
        line="1",
    ),
    bad("first day", REASON + line("90381") + INJECTION, day="20231006", severity="deny"),
    good("the day before", REASON + line("90381") + INJECTION, day="20231005"),
    good("palivizumab keeps 96372", REASON + line("90378") + INJECTION),
    good("96380", REASON + line("90381") + line("96380")),
    good(
        "96381 and another drug with 96372",
        REASON + line("90381") + line("96381") + INJECTION + line("J0696"),
    ),
    good(
        "Z23 for the vaccine only",
        "HI*ABK:Z2911*ABF:Z23\n"
        + line("90381")
        + line("96381")
        + line("90707").replace("***1", "***2")
        + line("90460").replace("***1", "***2"),
    ),
    good(
        "both reasons",
        "HI*ABK:Z23*ABF:Z2911\n"
        + line("90381").replace("***1", "***1:2")
        + line("96381").replace("***1", "***2"),
    ),
    good("RSV vaccine is a vaccine", "HI*ABK:Z23\n" + line("90678") + line("90471")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b04(case):
    check_case("INJ-B04", case)
