"""What pyx12 does not look at: each code has a batch that deserves it and one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from loops.errors import NotX12Error
from loops.validate import CATALOGUE, GuideProblem, validate

pytestmark = pytest.mark.usefixtures("learning")

CHANGES = [
    ("X12-BALANCE-CHARGE", b"CLM*CLEAN-CI-KETOROLAC*155*", b"CLM*CLEAN-CI-KETOROLAC*155.01*", "2300/CLM02"),
    ("X12-BALANCE-CHARGE", b"*35*UN*1***1~", b"*34.99*UN*1***1~", "2300/CLM02"),
    ("X12-POINTER", b"UN*1***2:1~", b"UN*1***3:1~", "2400/SV107-01"),
    ("X12-POINTER", b"UN*1***2:1~", b"UN*1***2:0~", "2400/SV107-02"),
    ("X12-CLAIM-TWICE", b"CLM*CLEAN-BL-TWO*", b"CLM*CLEAN-CI-KETOROLAC*", "2300/CLM01"),
    ("X12-DATE-BIRTH", b"DMG*D8*19800115", b"DMG*D8*20261015", "2400/DTP03"),
    ("X12-DATE-FUTURE", b"DTP*472*D8*20260923~\nREF*6R*CLEANCIKETOROLACL2", b"DTP*472*D8*20261103~\nREF*6R*CLEANCIKETOROLACL2", "2400/DTP03"),
    ("X12-DATE-FUTURE", b"DTP*472*D8*20260923~\nREF*6R*CLEANCIKETOROLACL2", b"DTP*472*RD8*20260923-20261103~\nREF*6R*CLEANCIKETOROLACL2", "2400/DTP03"),
    ("X12-NPI", b"XX*1000000020", b"XX*1000000021", "2310B/NM109"),
    ("X12-NPI", b"XX*1000000020", b"XX*100000002", "2310B/NM109"),
    ("X12-ZIP", b"N4*SAMPLETOWN*KS*660010001", b"N4*SAMPLETOWN*KS*66001-0001", "2010AA/N403"),
    ("X12-STATE", b"N4*SAMPLETOWN*KS*660010001", b"N4*SAMPLETOWN**660010001", "2010AA/N402"),
    ("X12-ICD10", b"ABK:M5450", b"ABK:M54.50", "2300/HI01-02"),
    ("X12-ICD10", b"ABF:I10", b"ABF:4010", "2300/HI02-02"),
]  # fmt: skip
ALLOWED = [
    (b"N4*SAMPLETOWN*KS*660010001", b"N4*SAMPLETOWN*ON*K1A 0B1*CA"),
    (b"N4*SAMPLETOWN*KS*660010001", b"N4*SAMPLETOWN*KS*66001"),
    (b"ABF:I10", b"ABF:U071"),
    (b"ABF:I10", b"ABF:C7A1"),
    (b"DTP*472*D8*20260923~\nREF*6R*CLEANCIKETOROLACL2", b"DTP*472*RD8*20260923-20260924~\nREF*6R*CLEANCIKETOROLACL2"),
    (b"CLM*CLEAN-CI-KETOROLAC*155*", b"CLM*CLEAN-CI-KETOROLAC*155.00*"),
]  # fmt: skip


@pytest.fixture
def clean(fixtures: Path) -> bytes:
    return (fixtures / "clean-commercial.837").read_bytes()


def problems(data: bytes) -> list[GuideProblem]:
    first = list(validate(data))
    again = list(validate(data))
    assert first == again, "what was learned changes what is said"
    return first


def test_clean_batches_are_clean(fixture_file: Path):
    if fixture_file.name.startswith("clean-"):
        found = problems(fixture_file.read_bytes())
        assert {p.code for p in found} <= {"X12-BOM", "X12-ELE-CHARACTERS"}, found[:3]


@pytest.mark.parametrize(("code", "before", "after", "place"), CHANGES)
def test_told(clean: bytes, code: str, before: bytes, after: bytes, place: str):
    assert clean.count(before)
    changed = clean.replace(before, after, 1)
    mine = [p for p in problems(changed) if p.code == code]
    assert place in {p.place for p in mine}
    assert {p.snip for p in mine} == {CATALOGUE[code].snip}
    assert all(0 <= p.start <= p.end <= len(changed) for p in mine)


@pytest.mark.parametrize(("before", "after"), ALLOWED)
def test_not_told(clean: bytes, before: bytes, after: bytes):
    assert not problems(clean.replace(before, after, 1))


def test_a_problem_knows_where_it_stands(clean: bytes):
    changed = clean.replace(b"UN*1***1~", b"UN*1***9~", 1)
    (problem,) = problems(changed)
    assert (problem.claim, problem.claim_index, problem.line) == ("CLEAN-CI-KETOROLAC", 1, "2")
    assert changed[problem.start : problem.end] == b"9"
    st = changed[changed.index(b"ST*837") :].split(b"~\n")
    assert st[problem.segment - 1].startswith(b"SV1*HC:96372")
    assert (problem.isa13, problem.gs06, problem.st02) == ("000000067", "69", "0001")


@pytest.mark.parametrize(
    ("code", "before", "after", "place"),
    [
        ("X12-BALANCE-LINE", b"SVD*TESTCI*80*", b"SVD*TESTCI*81*", "2430/SVD02"),
        ("X12-BALANCE-LINE", b"CAS*PR*2*5~", b"CAS*PR*2*4~", "2430/SVD02"),
        ("X12-BALANCE-PAID", b"AMT*D*117~", b"AMT*D*118~", "2320/AMT02"),
    ],
)
def test_another_payer(fixtures: Path, code: str, before: bytes, after: bytes, place: str):
    data = (fixtures / "clean-cob.837").read_bytes()
    assert before in data
    found = problems(data.replace(before, after, 1))
    assert (code, place) in {(p.code, p.place) for p in found}


def test_messages_hold_no_value(clean: bytes):
    marked = clean.replace(b"TESTCASE*ALPHA", b"TESTCASE\x07*ALPHA ").replace(b"TEST0567", b"TEST0567\xe9")
    for problem in problems(marked):
        assert not {"TESTCASE", "ALPHA", "TEST0567", "19800115"} & set(problem.message.split())
        assert "\n" not in problem.message


def test_every_code_is_in_the_catalogue(fixture_file: Path):
    try:
        found = list(validate(fixture_file.read_bytes()))
    except NotX12Error:
        return
    for problem in found:
        entry = CATALOGUE[problem.code]
        assert problem.snip == entry.snip
        assert problem.severity in ("reject", "advise")


def test_a_claim_that_another_interchange_cuts_off_is_judged_by_its_own_separators(clean: bytes):
    cut = clean[: clean.index(b"\nSE*") + 1].replace(b"CLM*CLEAN-CI-KENALOG*67*", b"CLM*CLEAN-CI-KENALOG*68*")
    other = clean.translate(bytes.maketrans(b"*:~", b"|>#")).replace(b"000000067", b"000000068")
    wrong = [p.claim for p in problems(cut + other) if p.code == "X12-BALANCE-CHARGE"]
    assert wrong == ["CLEAN-CI-KENALOG"]
