import pytest
from rulecases import bad, check_case, good

DRUG = "\nSV1*HC:J3420*5*UN*1***1\nREF*6R*B"
LINE = "SV1*HC:96372*30*UN*1***1"


CASES = [
    bad("none", LINE + DRUG, place="2400/SV1", line="1", severity="advise"),
    bad("none on the second injection", f"{LINE}\nREF*6R*A\n{LINE}" + DRUG, line="2"),
    bad("none beside another reference", LINE + "\nREF*G1*AUTH1" + DRUG),
    bad("empty", LINE + "\nREF*6R*" + DRUG),
    bad("the number of another line", LINE + "\nREF*6R*B" + DRUG, place="2400/REF02"),
    good("its own", LINE + "\nREF*6R*A" + DRUG),
    good("the drug line without one", LINE + "\nREF*6R*A\nSV1*HC:J3420*5*UN*1***1"),
    good("two claims with the same", f"{LINE}\nREF*6R*A\n---\n{LINE}\nREF*6R*A"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a07(case):
    check_case("INJ-A07", case)
