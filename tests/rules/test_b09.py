import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1\n"


def line(code, units=1):
    return f"SV1*HC:{code}*60*UN*{units}***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


PREP = payer("MB") + "HI*ABK:Z2981\n"
TO = {"suggested:96372": "G0012"}

CASES = [
    bad("cabotegravir", PREP + INJECTION + line("J0739", 600), severity="deny", fixed=TO, line="1"),
    bad(
        "lenacapavir: its code is not confirmed",
        PREP + INJECTION + line("J0738", 927),
        severity="advise",
        fixed=TO,
    ),
    bad("unlisted PrEP drug", PREP + INJECTION + line("J0799"), severity="advise", fixed=TO),
    bad(
        "another drug explains 96372",
        PREP + INJECTION + line("J0739", 600) + line("J0696"),
        severity="advise",
    ),
    bad("G0012 is there as well", PREP + line("G0012") + INJECTION + line("J0739", 600), severity="deny"),
    bad("two injections", PREP + INJECTION + INJECTION + line("J0739", 600), severity="deny"),
    bad("Medicare Advantage", payer("16") + INJECTION + line("J0739", 600), severity="advise"),
    bad("drug on another claim", PREP + INJECTION + "---\n" + PREP + line("J0739", 600), severity="advise"),
    bad("first day", PREP + INJECTION + line("J0739", 600), day="20240930", severity="deny", fixed=TO),
    good("the day before", PREP + INJECTION + line("J0739", 600), day="20240929"),
    *(
        good(f"payer {one} takes 96372", payer(one) + INJECTION + line("J0739", 600))
        for one in ("CI", "MC", "BL", "ZZ")
    ),
    good("G0012", PREP + line("G0012") + line("J0739", 600)),
    good("each with its code", PREP + line("G0012") + INJECTION + line("J0739", 600) + line("J0696")),
    good("treatment keeps 96372", payer("MB") + "HI*ABK:B20\n" + INJECTION + line("J0741", 300)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_b09(case):
    check_case("INJ-B09", case)
