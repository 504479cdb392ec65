import pytest
from rulecases import bad, batch, check_case, findings, good, spell

import loops
from scrubber.registry import find_rule

DRUG = "\nSV1*HC:J3420*5*UN*1***1\nREF*6R*B"
LINE = "SV1*HC:96372*30*UN*1***1"


def made(number):
    return {"format:": f"REF*6R*{number}~"}


CASES = [
    bad("none", LINE + DRUG, fixed=made("CLAIM1-1"), place="2400/SV1", line="1", severity="advise"),
    bad("none on the second injection", f"{LINE}\nREF*6R*A\n{LINE}" + DRUG, fixed=made("CLAIM1-2"), line="2"),
    bad("none beside another reference", LINE + "\nREF*G1*AUTH1" + DRUG, fixed=made("CLAIM1-1")),
    bad("empty", LINE + "\nREF*6R*" + DRUG),
    bad("the number of another line", LINE + "\nREF*6R*B" + DRUG, place="2400/REF02"),
    bad("the number that would be made is taken", LINE + DRUG.replace("*B", "*CLAIM1-1")),
    bad(
        "a claim number too long to make one of",
        "CLM*" + "C" * 38 + "****11:B:1*Y*A*Y*Y\n" + LINE + DRUG,
        fixed=made("C" * 26 + "-1"),
    ),
    good("its own", LINE + "\nREF*6R*A" + DRUG),
    good("the drug line without one", LINE + "\nREF*6R*A\nSV1*HC:J3420*5*UN*1***1"),
    good("two claims with the same", f"{LINE}\nREF*6R*A\n---\n{LINE}\nREF*6R*A"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a07(case):
    check_case("INJ-A07", case)


@pytest.mark.parametrize("spelling", ["usual", "crlf", "newline", "other separators"])
@pytest.mark.parametrize(
    "after", ["NTE*ADD*TEXT", "AMT*T*1", "LIN**N4*00143961901", "NM1*82*1*DOE*JANE****XX*1003000126"]
)
def test_the_number_stands_where_the_guide_wants_it(spelling, after):
    text = f"{LINE}\nREF*G1*AUTH1\n{after}" + DRUG
    data = spell(batch(text), spelling)
    (found,) = findings(find_rule("INJ-A07"), text, spelling)
    (edit,) = found.fix.edits
    mended = data[: edit.start] + edit.after + data[edit.end :]
    with loops.read(mended, name="mended.837") as read:
        line = read.claim(0).lines[0]
    ids = [segment.id for segment in line.segments if segment.id != "DTP"]
    assert ids[:5] == ["LX", "SV1", "REF", "REF", after[:3]]
    assert line.control_number == "CLAIM1-1"
