import pytest
from rulecases import bad, check_case, good


def claim(dx, drug="J2550", pointer="1"):
    head = "HI*ABK:" + "*ABF:".join(dx.split())
    return f"{head}\nSV1*HC:96372*30*UN*1***{pointer}\nSV1*HC:{drug}*5*UN*1***{pointer}"


CASES = [
    bad("a routine examination", claim("Z0000"), severity="advise", place="2400/SV107", line="1"),
    bad("tiredness", claim("R5383"), severity="advise"),
    bad("an abnormal finding and an examination", claim("Z0001 R7309", pointer="1:2")),
    bad("an examination of an antibiotic", claim("Z0000", "J0696")),
    good("vomiting", claim("R112")),
    good("a symptom on the drug's list", claim("R110", "J2405")),
    good("a condition beside it", claim("Z0000 J209", pointer="1:2")),
    good("the condition is pointed at", claim("Z0000 J209", pointer="2")),
    good("a symptom of a drug of many uses", claim("R7309", "J1885")),
    good("a drug of few uses is for another rule", claim("R5383", "J3420")),
    good("a vaccine is for another rule", claim("Z0000", "90686")),
    good("no pointer", claim("Z0000", pointer="")),
    bad("first day of the tables", claim("Z0000"), day="20151001"),
    good("the day before", claim("Z0000"), day="20150930"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_n05(case):
    check_case("INJ-N05", case)
