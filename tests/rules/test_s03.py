import pytest
from rulecases import bad, check_case, good


def claim(place, line, code="96372"):
    return f"CLM*C****{place}:B:1*Y*A*Y*Y\nSV1*HC:{code}*30*UN*1*{line}**1\nSV1*HC:J3420*5*UN*1***1\n"


CASES = [
    *(
        bad(f"{line} in {place}", claim(place, line), severity="advise", line="1", place="2400/SV105")
        for place, line in (
            ("11", "22"),
            ("22", "11"),
            ("11", "12"),
            ("31", "11"),
            ("11", "31"),
            ("21", "22"),
        )
    ),
    *(
        bad(f"payer {one}", f"SBR*P*18*******{one}\n" + claim("11", "22"), severity="advise")
        for one in ("MB", "MC", "CI")
    ),
    good("the same", claim("11", "11")),
    good("none on the line", claim("22", "")),
    good("hospital, on and off its campus", claim("22", "19")),
    good("telehealth, home or not", claim("02", "10")),
    good("a place that no list knows is another fault", claim("11", "77")),
    good("another line", claim("11", "22", "71046") + "SV1*HC:96372*30*UN*1***1\n"),
    bad("first day of 10", claim("11", "10"), day="20220101"),
    good("day before", claim("11", "10"), day="20211231"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_s03(case):
    check_case("INJ-S03", case)
