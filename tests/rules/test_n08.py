import pytest
from rulecases import bad, check_case, good


def dose(day, drug="J2315", units="380"):
    return f"SV1*HC:96372*30*UN*1***1\nDTP*472*D8*{day}\nSV1*HC:{drug}*90*UN*{units}***1\nDTP*472*D8*{day}"


def course(*days, drug="J2315", units="380"):
    return "\n---\n".join(dose(day, drug, units) for day in days)


CASES = [
    bad(
        "naltrexone after 25 days",
        course("20260205", "20260302"),
        severity="advise",
        line="2",
        place="2400/SV101-02",
    ),
    bad("two lines of one claim", dose("20260205") + "\n" + dose("20260302"), line="4"),
    bad("the later claim stands first", course("20260302", "20260205")),
    bad("each early dose", course("20260101", "20260120", "20260201"), count=2),
    bad("medroxyprogesterone after ten weeks", course("20251222", "20260302", drug="J1050", units="150")),
    bad("denosumab 60 after five months", course("20251002", "20260302", drug="J0897", units="60")),
    bad(
        "denosumab 120, the fifth in eight weeks",
        course("20260105", "20260112", "20260119", "20260202", "20260216", drug="J0897", units="120"),
    ),
    bad(
        "paliperidone, a third within ten days",
        course("20260205", "20260212", "20260222", drug="J2426", units="156"),
    ),
    good("naltrexone after 26 days", course("20260204", "20260302")),
    good("another patient", dose("20260205") + "\n=== OTHER\n" + dose("20260302")),
    good("the same day", dose("20260302") + "\n---\n" + dose("20260302")),
    good("denosumab 120 after four weeks", course("20260202", "20260302", drug="J0897", units="120")),
    good(
        "denosumab 60 and 120 are two drugs",
        dose("20260105", "J0897", "120") + "\n---\n" + dose("20260302", "J0897", "60"),
    ),
    good(
        "denosumab, loading on days 1, 8, 15 and 29",
        course("20260105", "20260112", "20260119", "20260202", drug="J0897", units="120"),
    ),
    good("paliperidone, the second dose on day 8", course("20260205", "20260212", drug="J2426", units="234")),
    good("denosumab of other units is not known", course("20260202", "20260302", drug="J0897", units="30")),
    good("vitamin B12 at the start", course("20260220", "20260221", "20260222", drug="J3420", units="1")),
    good("no drug with an interval", course("20260301", "20260302", drug="J1885", units="2")),
    good(
        "the claim that is replaced",
        dose("20260205") + "\n---\nCLM*CLAIM1****11:B:7*Y*A*Y*Y\nREF*F8*1\n" + dose("20260302"),
    ),
    bad("first day of the tables", dose("20090101") + "\n---\n" + dose("20090120"), day="20090101"),
    good("one dose", dose("20090101"), day="20090101"),
    bad("a dose the day before", dose("20081231"), outcome="no_data", day="20081231"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_n08(case):
    check_case("INJ-N08", case)


def test_b12_after_the_start_is_monthly():
    days = [f"202601{day:02}" for day in range(1, 24)]
    check_case("INJ-N08", bad("the 23rd daily dose", course(*days, drug="J3420", units="1"), count=1))
