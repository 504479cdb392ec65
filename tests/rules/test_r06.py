import pytest
from rulecases import SUBJECTS, bad, batch, check_case, good

import loops
from scrubber.engine import Engine
from scrubber.registry import find_rule
from scrubber.tables import load_tables


def by(npi, payer="MB"):
    return f"SBR*P*18*******{payer}\nNM1*82*1*SAMPLE*PAT****XX*{npi}\nSV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1"


LISTED, OTHER = "1000000004", "1245319599"

CASES = [
    bad("the example of the list, Medicare", by(LISTED), severity="advise", place="2310B/NM109", line="1"),
    bad("Medicaid", by(LISTED, "MC"), severity="advise"),
    bad(
        "the billing provider",
        "SBR*P*18*******MB\nNM1*85*1*SAMPLE*PAT****XX*" + LISTED + "\nSV1*HC:96372*30*UN*1***1",
        place="2010AA/NM109",
    ),
    bad("no list is loaded", by(OTHER), outcome="no_data"),
    good("not on the list", by(OTHER)),
    good("not a federal program", by(LISTED, "CI")),
    good("no injection", by(LISTED).replace("96372", "99213")),
    bad("first day of the tables", by(LISTED), day="20090101"),
    bad("the day before", by(LISTED), day="20081231", outcome="no_data"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_r06(case):
    check_case("INJ-R06", case)


INDEX = """
[excluded_npi]
about = "Ours."
key = ["npi"]
values = ["kind"]
vintage = "2026-10"
covers_from = 2009-01-01
checked_on = 2026-11-25
mode = "extend"
"""


@pytest.mark.parametrize(("npi", "found"), [(OTHER, ["fail"]), ("1111111112", [])])
def test_a_list_of_the_site_answers(tmp_path, npi, found):
    (tmp_path / "index.toml").write_text(INDEX, encoding="utf-8")
    row = f'"{OTHER}","individual","2020-01-01","","oig-leie","confirmed"'
    head = '"npi","kind","from","thru","cite","confidence"'
    (tmp_path / "excluded_npi.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    with loops.read(batch(by(npi)).encode(), name="case.837", codes=SUBJECTS) as read:
        engine = Engine(read, (find_rule("INJ-R06"),), load_tables(tmp_path))
        assert [f.outcome for one in engine.run() for f in one.findings] == found
