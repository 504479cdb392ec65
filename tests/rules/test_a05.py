import pytest
from rulecases import bad, check_case, good

TWELVE = "HI*ABK:E538" + "".join(
    f"*ABF:{code}"
    for code in ("I10", "M5450", "R110", "N390", "J189", "L239", "G43909", "R52", "D509", "E860", "R5383")
)


def injection(pointers, dx="HI*ABK:E538*ABF:I10"):
    return f"{dx}\nSV1*HC:96372*30*UN*1***{pointers}\nSV1*HC:J3420*5*UN*1***1"


CASES = [
    bad("beyond the last diagnosis", injection("3"), place="2400/SV107-01", line="1", severity="reject"),
    bad("the second pointer is beyond", injection("1:3"), place="2400/SV107-02"),
    bad("none", "SV1*HC:96372*30*UN*1\nSV1*HC:J3420*5*UN*1***1", line="1"),
    bad("zero", injection("0")),
    bad("thirteen", injection("13", TWELVE)),
    bad("a letter, as on paper", injection("A")),
    bad(
        "twice the same", injection("1:1"), fixed={"format::1": ""}, place="2400/SV107-02", severity="reject"
    ),
    bad("twice, not side by side", injection("1:2:1"), fixed={"format::1": ""}, place="2400/SV107-03"),
    bad("one beyond and one repeated", injection("4:1:1"), count=2, fixed={"format::1": ""}),
    bad("another line of the claim", "SV1*HC:99213:25*90*UN*1***5\n" + injection("1"), line="1"),
    bad("no diagnosis at all is told", "HI*BE:01:::5\nSV1*HC:96372*30*UN*1***1"),
    good("one", injection("1")),
    good("four", injection("1:2:3:4", TWELVE)),
    good("the twelfth", injection("12:1", TWELVE)),
    good("any order", injection("2:1")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a05(case):
    check_case("INJ-A05", case)
