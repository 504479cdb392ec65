import pytest
from rulecases import bad, check_case, good

INJECTION = "SV1*HC:96372*30*UN*1***1"
DRUG = "SV1*HC:J3420*5*UN*1***1"

CASES = [
    bad(
        "the drug on the next claim",
        f"{INJECTION}\n---\n{DRUG}",
        severity="advise",
        place="2400/SV101",
        line="1",
    ),
    bad("the drug on the claim before", f"{DRUG}\n---\n{INJECTION}"),
    bad("two injections of one day", f"{INJECTION}\nSV1*HC:96372:59*30*UN*1***1\n---\n{DRUG}", count=1),
    good("on one claim", f"{INJECTION}\n{DRUG}"),
    good("on both", f"{INJECTION}\n{DRUG}\n---\n{DRUG}"),
    good("another patient's", f"{INJECTION}\n=== OTHER\n{DRUG}"),
    good("on another day", f"{INJECTION}\n---\n{DRUG}\nDTP*472*D8*20260303"),
    good("to another payer", f"{INJECTION}\n---\nSBR*P*18*******MB\n{DRUG}"),
    good("no drug anywhere is for another rule", INJECTION),
    good("a void", f"{INJECTION}\n---\nCLM*C****11:B:8*Y*A*Y*Y\nREF*F8*1\n{DRUG}"),
    good("only the visit is apart", f"{INJECTION}\n{DRUG}\n---\nSV1*HC:99213:25*100*UN*1***1"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_c07(case):
    check_case("INJ-C07", case)
