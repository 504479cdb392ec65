import pytest
from rulecases import bad, check_case, good


def claim(visit="99213:25", injection="96372"):
    lines = f"SV1*HC:{visit}*100*UN*1***1\n" if visit else ""
    return lines + f"SV1*HC:{injection}*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1\n"


CASES = [
    *(
        bad(
            f"{one} on the injection",
            claim(injection=f"96372:{one}"),
            severity="deny",
            place="2400/SV101-03",
            line="2",
        )
        for one in ("24", "57")
    ),
    *(
        bad(f"{one} on the visit", claim(f"99213:{one}"), severity="deny", place="2400/SV101-03", line="1")
        for one in ("59", "XE", "XS", "XP", "XU")
    ),
    *(bad(f"59 on {one}", claim(f"{one}:59")) for one in ("99284", "99396", "G0439", "92014", "99211")),
    *(
        bad(f"payer {one}", f"SBR*P*18*******{one}\n" + claim("99213:59"), severity="deny")
        for one in ("MB", "MC", "CI", "ZZ")
    ),
    bad("behind 25", claim("99213:25:59"), place="2400/SV101-04"),
    bad("both lines", claim("99213:59", "96372:57"), count=2),
    good("each where it belongs", claim("99213:25", "96372:59")),
    *(good(f"{one} on the visit", claim(f"99213:{one}")) for one in ("24", "57", "25")),
    good("25 on the injection is INJ-E05", claim(injection="96372:25")),
    good("59 on a procedure", claim("20610:59")),
    good("24 on a drug is another matter", claim() + "SV1*HC:J1885:24*5*UN*1***1\n"),
    good(
        "visit of another day",
        claim("").replace("SV1", "SV1*HC:99213:59*100*UN*1***1\nDTP*472*D8*20260301\nSV1", 1),
    ),
    good("no injection", "SV1*HC:99213:59*100*UN*1***1\nSV1*HC:90471*30*UN*1***1\n"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_e06(case):
    check_case("INJ-E06", case)
