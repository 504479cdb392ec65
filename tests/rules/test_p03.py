import pytest
from rulecases import bad, check_case, good

DRUG = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1\n"


def port(code="96523"):
    return f"SV1*HC:{code}*20*UN*1***1\n"


def left_out(code="96523"):
    return (f"leave out {code} beside 96372",)


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


CASES = [
    *(
        bad(f"{one}", payer("MB") + port(one) + DRUG, severity="reject", line="1", fixes=left_out(one))
        for one in ("36591", "36592", "96523")
    ),
    *(
        bad(f"with {one}", payer("MB") + port(f"96523:{one}") + DRUG, severity="reject", fixes=left_out())
        for one in ("59", "XU", "25")
    ),
    *(
        bad(f"payer {one}", payer(one) + port() + DRUG, severity=how, fixes=left_out())
        for one, how in (("MC", "reject"), ("CI", "deny"), ("16", "deny"), ("ZZ", "deny"))
    ),
    bad("59 on the injection", port() + DRUG.replace("96372", "96372:59"), severity="deny", fixes=left_out()),
    bad("port on another claim", DRUG + "---\n" + port(), severity="advise", line="1"),
    bad("two injections, one port", port() + DRUG + DRUG.replace("96372", "96372:76"), fixes=left_out()),
    good("blood drawn from a vein", port("36415") + DRUG),
    good("port of another day", port() + "DTP*472*D8*20260301\n" + DRUG),
    good("port alone", port() + "SV1*HC:J1642*5*UN*1***1\nSV1*HC:90471*20*UN*1***1\n"),
    good("a refill of a pump", port("96521") + DRUG),
    bad("first day of the table", port() + DRUG, day="20240701", fixes=left_out()),
    bad("day before", port() + DRUG, day="20240630", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_p03(case):
    check_case("INJ-P03", case)
