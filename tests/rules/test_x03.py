import pytest
from rulecases import bad, check_case, good


def line(*modifiers):
    return f"SV1*HC:{':'.join(('96372', *modifiers))}*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1\n"


CASES = [
    *(
        bad(f"{one} behind GC", line("GC", one), severity="advise", place="2400/SV101-04")
        for one in ("59", "XE", "XS", "XP", "XU", "76", "77", "52", "58", "78", "79")
    ),
    *(
        bad(f"59 behind {one}", line(one, "59"), severity="advise")
        for one in ("KX", "GA", "Q5", "SA", "U1", "FP", "CR", "GW", "AQ")
    ),
    *(bad(f"payer {one}", f"SBR*P*18*******{one}\n" + line("GC", "59")) for one in ("MB", "MC", "CI")),
    bad("in the third place", line("59", "GC", "76"), place="2400/SV101-05"),
    bad("two behind one are one finding", line("GC", "59", "76")),
    *(good(f"{one} first", line(one, "GC")) for one in ("59", "XS", "76")),
    good("two that decide", line("59", "76")),
    good("two that inform", line("GC", "KX")),
    good("refused ones are INJ-X02", line("26", "59")),
    good("a site is INJ-X02", line("LT", "59")),
    good("one", line("59")),
    good("none", line()),
    bad("first day of the table", line("KX", "59"), day="20090101"),
    bad("day before", line("KX", "59"), day="20081231", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_x03(case):
    check_case("INJ-X03", case)
