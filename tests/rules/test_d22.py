import pytest
from rulecases import bad, check_case, good


def lines(injection, drug, place=""):
    return (
        f"SV1*HC:96372*30*UN*1***1\nDTP*472*D8*{injection}\n"
        f"SV1*HC:J3420*5*UN*1*{place}**1\nDTP*472*{'RD8' if '-' in drug else 'D8'}*{drug}"
    )


MORE = "\nSV1*HC:96372*30*UN*1***1\nDTP*472*D8*20260302"

CASES = [
    bad("the day before", lines("20260303", "20260302"), severity="advise", place="2400/DTP03", line="2"),
    bad("the day after", lines("20260303", "20260304"), severity="advise"),
    bad("a period that ended", lines("20260303", "20260201-20260302")),
    bad("another place", lines("20260303", "20260303", "01"), severity="advise", place="2400/SV105"),
    good("the same day", lines("20260303", "20260303")),
    good("a period around it", lines("20260303", "20260301-20260331")),
    good(
        "each has its own",
        lines("20260303", "20260302") + MORE + "\nSV1*HC:J1885*5*UN*2***1\nDTP*472*D8*20260303",
    ),
    good(
        "given otherwise on its day",
        lines("20260303", "20260302") + "\nSV1*HC:96365*90*UN*1***1\nDTP*472*D8*20260302",
    ),
    good("the injection on another claim of the day", lines("20260303", "20260302") + "\n---" + MORE),
    good("a drug without a readable date has its own rule", lines("20260303", "2026")),
    good("no drug has its own rule", "SV1*HC:96372*30*UN*1***1"),
    bad("the first day that the table of administrations covers", lines("20090102", "20090101")),
    bad("the day before it", lines("20090102", "20081231"), outcome="no_data", day="20081231"),
    bad("on the day after it", lines("20090103", "20090102"), day="20090101"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_d22(case):
    check_case("INJ-D22", case)
