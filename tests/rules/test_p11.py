import pytest
from rulecases import bad, check_case, good

DRUG = "SV1*HC:J3420*5*UN*1***1\n"


def injection(*modifiers):
    return f"SV1*HC:{':'.join(('96372', *modifiers))}*30*UN*1***1\n"


def line(code):
    return f"SV1*HC:{code}*50*UN*1***1\n"


CASES = [
    *(
        bad(f"{one}", injection(one) + DRUG, severity="advise", line="1", place="2400/SV101-03")
        for one in ("59", "XE", "XS", "XP", "XU")
    ),
    *(bad(f"payer {one}", f"SBR*P*18*******{one}\n" + injection("59") + DRUG) for one in ("MB", "MC", "CI")),
    bad("behind another", injection("GC", "59") + DRUG, place="2400/SV101-04"),
    bad("beside a visit: that is answered by 25", line("99213:25") + injection("59") + DRUG, line="2"),
    bad("both of two carry it: the first needs none", injection("59") + injection("59") + DRUG, line="1"),
    good("none", injection() + DRUG),
    good("on the second", injection() + injection("59") + DRUG),
    good("76 on the only one is another matter", injection("76") + DRUG),
    good("an infusion asks for it", line("96365") + injection("59") + DRUG),
    good("a hospital visit asks for it", line("99284") + injection("59") + DRUG),
    good("something else was done: INJ-P08", line("36415") + injection("59") + DRUG),
    good("a vaccine elsewhere than Medicare", line("90471") + injection("59") + DRUG),
    good("an injection on another claim", injection("59") + DRUG + "---\n" + injection()),
    bad("first day of the table", line("99213:25") + injection("59") + DRUG, day="20240701"),
    bad("day before", line("99213:25") + injection("59") + DRUG, day="20240630", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_p11(case):
    check_case("INJ-P11", case)
