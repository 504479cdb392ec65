import pytest
from rulecases import bad, check_case, findings, good

from scrubber.registry import find_rule


def claim(visit="99214:25", points="1", injection="1", more="", dx="HI*ABK:D510*ABF:I10"):
    return (
        f"{dx}\nSV1*HC:{visit}*130*UN*1***{points}\nSV1*HC:96372*30*UN*1***{injection}\n"
        f"SV1*HC:J3420*5*UN*1***{injection}\n{more}"
    )


CASES = [
    *(bad(f"{one}", claim(f"{one}:25"), severity="advise", line="1") for one in ("99213", "99214", "99215")),
    *(
        bad(f"payer {one}", f"SBR*P*18*******{one}\n" + claim(), severity="advise")
        for one in ("MB", "CI", "MC")
    ),
    bad("two injections, one reason", claim(more="SV1*HC:96372:76*30*UN*1***1\n")),
    good("another reason for the visit", claim(points="1:2")),
    good("the visit for something else", claim(points="2")),
    good("the injection for more", claim(injection="1:2")),
    good("two reasons, both on both", claim(points="1:2", injection="1:2")),
    *(
        good(f"{one} is a small or a new visit", claim(f"{one}:25"))
        for one in ("99212", "99211", "99204", "99396")
    ),
    good("without 25 it is INJ-E02", claim("99214")),
    good("something else was done", claim(more="SV1*HC:36415*5*UN*1***1\n")),
    good("two visits", claim(more="SV1*HC:99213:25*100*UN*1***1\n")),
    good("no injection", "HI*ABK:D510\nSV1*HC:99214:25*130*UN*1***1\nSV1*HC:90471*30*UN*1***1\n"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_e08(case):
    check_case("INJ-E08", case)


def test_it_counts_the_earlier_days_of_the_batch():
    month = "\n".join(
        f"{row}\nDTP*472*D8*20260202" if row.startswith("SV1") else row for row in claim().split("\n")
    )
    first, last = findings(find_rule("INJ-E08"), month + "\n---\n" + claim())
    assert first.evidence["days"] == []
    assert last.evidence["days"] == ["2026-02-02"]
    assert "1 earlier day" in last.message
