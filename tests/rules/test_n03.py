import pytest
from rulecases import bad, check_case, good


def claim(injection, drug, code="J1885", dx="HI*ABK:I10*ABF:M545*ABF:N390*ABF:J029*ABF:J209"):
    return f"{dx}\nSV1*HC:96372*30*UN*1***{injection}\nSV1*HC:{code}*5*UN*2***{drug}"


SECOND = "\nSV1*HC:J0696*5*UN*4***3"

CASES = [
    bad("nothing in common", claim("1", "2"), severity="advise", line="1", place="2400/SV107"),
    bad("nothing in common of two", claim("1:3", "2:4")),
    bad("neither of two drugs", claim("1", "2") + SECOND),
    bad("two injections, one apart", claim("1", "2") + "\nSV1*HC:96372:59*30*UN*1***2"),
    good("the same", claim("2", "2")),
    good("one in common", claim("1:2", "2:3")),
    good("one of two drugs", claim("3", "2") + SECOND),
    good("a drug of few uses is for another rule", claim("1", "2", "J3420")),
    good("no place left for a pointer", claim("1:3:4:5", "2")),
    good("no pointer on the drug", claim("1", "")),
    good("one diagnosis only", claim("1", "1", dx="HI*ABK:M545")),
    good("the drug on another day", claim("1", "2") + "\nDTP*472*D8*20260303"),
    good(
        "a vaccine points elsewhere", claim("2", "2") + "\nSV1*HC:90471*25*UN*1***1\nSV1*HC:90686*25*UN*1***1"
    ),
    good("an oral drug", claim("1", "2", "J8540")),
    good("first day of a drug that is only infused", claim("1", "2", "J0121"), day="20191001"),
    bad("the day before no table knows it", claim("1", "2", "J0121"), day="20190930"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_n03(case):
    check_case("INJ-N03", case)
