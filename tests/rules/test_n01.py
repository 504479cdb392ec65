import pytest
from rulecases import SUBJECTS, bad, batch, check_case, findings, good
from table_files import Site, icd10cm

import loops
from scrubber.engine import Engine
from scrubber.registry import find_rule


def dx(*codes, injection="1", drug="1"):
    head = "HI*" + "*".join(
        code if ":" in code else f"{'ABF' if n else 'ABK'}:{code}" for n, code in enumerate(codes)
    )
    return f"{head}\nSV1*HC:96372*30*UN*1***{injection}\nSV1*HC:J3420*5*UN*1***{drug}"


CASES = [
    bad("a heading of three characters", dx("E11"), severity="reject", place="2300/HI01-02", line="1"),
    bad("a heading of five", dx("E1132"), severity="reject"),
    bad("a seventh character is missing", dx("S72001"), severity="reject"),
    bad("a code that is none", dx("E1199"), severity="reject"),
    bad("a code without its category", dx("E99"), severity="reject"),
    bad("too long for a category that is a code", dx("I100"), severity="reject"),
    bad("not in the form of a code", dx("12345"), severity="reject"),
    bad("too short", dx("I1"), severity="reject"),
    bad("with a dot", dx("D51.0"), severity="reject"),
    bad("the second of two", dx("E538", "E11"), severity="reject", place="2300/HI02-02"),
    bad("nobody points at it", dx("E538", "Z99Z"), severity="reject"),
    bad("two of them", dx("E11", "E1199"), count=2),
    bad("ICD-9 today", dx("BK:2662"), severity="reject"),
    bad("an external cause first", dx("W010XXA", "S72001A"), severity="reject", place="2300/HI01-02"),
    bad(
        "the injection points first at one",
        dx("S72001A", "W010XXA", injection="2:1"),
        severity="deny",
        place="2400/SV107-01",
        line="1",
    ),
    good("a category that is a code", dx("I10")),
    good("a code of seven, no injury", dx("E113211")),
    good("a code of seven", dx("S72001A")),
    good("a code with a second letter", dx("QA00101")),
    good("an external cause last", dx("S72001A", "W010XXA", injection="1:2")),
    good("small letters", dx("e538")),
    good("COVID-19", dx("U071")),
    bad("first day of the edition", dx("E11"), day="20251001"),
    bad("the day before", dx("E11"), day="20250930", outcome="no_data"),
    bad("last day of the edition", dx("E11"), day="20260930"),
    bad("the day after", dx("E11"), day="20261001", outcome="no_data"),
    good("the day after, a code of the edition goes on", dx("E119"), day="20261001"),
    bad("ICD-9 from the first day of ICD-10", dx("BK:2662"), day="20151001"),
    good("ICD-9 the day before", dx("BK:2662"), day="20150930"),
    bad("ICD-10 before its time", dx("E538"), day="20150930", severity="reject"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_n01(case):
    check_case("INJ-N01", case)


@pytest.mark.parametrize(
    ("code", "day", "fault"),
    [
        ("E119", "20261102", ""),  # in the file, beyond the edition that is shipped
        ("E11", "20261102", "heading"),
        ("I10", "20261102", "no ICD-10-CM code"),  # the small file lacks it
        ("I10", "20260302", ""),  # before the file: the shipped edition answers
        ("E11", "20260302", "heading"),
    ],
)
def test_an_imported_order_file_answers_first(tmp_path, code, day, fault):
    site = Site(tmp_path)
    site.load(("icd10cm_order_2027.txt", icd10cm().encode()), quarter="2026Q4")
    data = batch(dx(code), day).encode()
    with loops.read(data, name="case.837", codes=SUBJECTS) as read:
        found = [f for one in Engine(read, (find_rule("INJ-N01"),), site.tables).run() for f in one.findings]
    assert [f.outcome for f in found] == (["fail"] if fault else [])
    assert all(fault in f.message for f in found)


def test_a_code_that_went_on_is_judged_without_a_word():
    assert not findings(find_rule("INJ-N01"), dx("E119"), day="20261001")
    assert [f.outcome for f in findings(find_rule("INJ-N01"), dx("E11"), day="20261001")] == ["no_data"]
