import pytest
from rulecases import DAY, bad, batch, check_case, findings, good

from scrubber.registry import find_rule


def by(taxonomy, payer="MB"):
    return f"SBR*P*18*******{payer}\nPRV*PE*PXC*{taxonomy}\nSV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1"


SUPERVISED = by("163W00000X").replace("SV1*HC:96372", "NM1*DQ*1*SAMPLE*SAM****XX*1245319599\nSV1*HC:96372", 1)
BCBS_AL = "NM1*PR*2*BCBS AL*****PI*99999\n" + by("163W00000X", "BL")

CASES = [
    bad("a registered nurse", by("163W00000X"), severity="deny", place="2310B/PRV03", line="1"),
    bad("a practical nurse, Medicaid", by("164W00000X", "MC"), severity="deny"),
    bad("an aide, commercial", by("376K00000X", "CI"), severity="deny"),
    bad("a nurse, payer unknown", by("163W00000X", "ZZ"), severity="advise"),
    bad("an assistant of an unsure row", by("167G00000X"), severity="advise"),
    bad(
        "the group is a nurse's", "NM1*82\nPRV*BI*PXC*163W00000X\nSV1*HC:96372*30*UN*1***1", severity="advise"
    ),
    bad(
        "a nurse on the line",
        "SV1*HC:96372*30*UN*1***1\nNM1*82*1*X*Y****XX*1245319599\nPRV*PE*PXC*163W00000X",
        place="2420A/PRV03",
    ),
    good("a nurse practitioner", by("363L00000X")),
    good("a physician assistant", by("363A00000X")),
    good("a physician", by("207R00000X")),
    good("somebody supervised", SUPERVISED),
    good("a taxonomy that nobody judged", by("390200000X")),
    good("no taxonomy", "PRV*PE\n" + by("x").split("\n", 2)[2]),
    bad("first day of the tables", by("163W00000X"), day="20090101"),
    bad("the day before", by("163W00000X"), day="20081231", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_r02(case):
    check_case("INJ-R02", case)


@pytest.mark.parametrize(
    ("text", "word"),
    [(BCBS_AL, "or bill 99211"), (by("163W00000X"), "neither"), (by("163W00000X", "CI"), "rendering")],
)
def test_the_cure_is_the_payers(text, word):
    (found,) = findings(find_rule("INJ-R02"), text)
    assert word in found.message
    assert ("99211" in found.message) == (word != "rendering")
    assert batch(text, DAY)
