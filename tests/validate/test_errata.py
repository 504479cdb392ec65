"""Where pyx12 is wrong or silent: one test an erratum."""

from __future__ import annotations

from pathlib import Path

import pytest

from loops.guide.errata import ERRATA
from loops.validate import validate
from loops.validate.oracle import ask_reference

pytestmark = pytest.mark.usefixtures("learning")


@pytest.fixture
def clean(fixtures: Path) -> bytes:
    return (fixtures / "clean-commercial.837").read_bytes()


def codes(data: bytes, **options: bool) -> set[str]:
    return {problem.code for problem in validate(data, **options)}


def test_the_table_is_dated_and_cited():
    for erratum in ERRATA.values():
        assert all((erratum.where, erratum.reference, erratum.ours, erratum.evidence))
        assert erratum.checked_on.startswith("20")


@pytest.mark.parametrize("label", [b"005010X222", b"005010X222A2"])
def test_labels(clean: bytes, label: bytes):
    data = clean.replace(b"005010X222A1", label)
    assert ask_reference(data) == "EngineError"
    assert not codes(data)


def test_labels_that_differ(clean: bytes):
    data = clean.replace(b"X*005010X222A1~", b"X*005010X223A2~")
    assert codes(data) == {"X12-GUIDE"}


def test_certificate_of_equipment(fixtures: Path):
    data = (fixtures / "erratum-pwk-ct.837").read_bytes()
    assert "X12-ELE-CODE" in codes(data, errata=False)
    assert "X12-ELE-CODE" not in codes(data)


def test_external_lists_only_advise(clean: bytes):
    data = clean.replace(b"2 EXAMPLE ST~\nN4*SAMPLETOWN*KS*", b"2 EXAMPLE ST~\nN4*SAMPLETOWN*QX*", 1)
    (problem,) = validate(data)
    assert (problem.code, problem.severity, problem.ik4) == ("X12-ELE-LIST", "advise", "7")
    validation = validate(data)
    list(validation)
    (transaction,) = validation.groups[0].transactions
    assert (transaction.verdict, transaction.reference) == ("E", "R")


def test_an_empty_segment_does_not_end_the_file(clean: bytes):
    data = clean.replace(b"LX*2~", b"~LX*2~", 1)
    assert codes(data) == {"X12-EMPTY-SEGMENT"}
    assert "X12-IEA-MISSING" in codes(data, errata=False)


def test_any_repetition_separator(clean: bytes):
    assert not codes(clean.replace(b"*^*", b"*!*"))


@pytest.mark.parametrize(("before", "code"), [(b"\xef\xbb\xbf", "X12-BOM"), (b"\r\n", "X12-BEFORE")])
def test_before_the_header(clean: bytes, before: bytes, code: str):
    assert codes(before + clean) == {code}


def test_bytes_outside_ascii(clean: bytes):
    problems = list(validate(clean.replace(b"EXAMPLE CLINIC", b"EXAMPL\xc9 CLINIC")))
    assert {(p.code, p.place, p.ik4) for p in problems} == {("X12-ELE-CHARACTERS", "2010AA/NM103", "6")}


def test_too_many_components(clean: bytes):
    data = clean.replace(b"***11:B:1*", b"***11:B:1:X*", 1)
    assert ask_reference(data) == "IndexError"
    assert {(p.code, p.ik4, p.element) for p in validate(data)} == {("X12-ELE-COMPONENTS", "13", 5)}


def test_two_hyphens(clean: bytes):
    data = clean.replace(b"DTP*472*D8*20260923", b"DTP*472*RD8*20260923-20260924-1", 1)
    assert ask_reference(data) == "ValueError"
    assert "X12-ELE-DATE" in codes(data)


def test_group_count_that_is_no_number(clean: bytes):
    data = clean.replace(b"GE*1*", b"GE*X*")
    assert ask_reference(data) == "ValueError"
    assert codes(data) == {"X12-GE-COUNT", "X12-ELE-NUMBER"}


@pytest.mark.parametrize("trailer", [b"SE*9*0001~\n", b"GE*1*69~\n", b"IEA*1*000000067~\n"])
def test_orphan_trailers(clean: bytes, trailer: bytes):
    assert "X12-TRAILER" in codes(clean + trailer)


def test_another_guide_is_passed_over(fixtures: Path):
    professional = (fixtures / "clean-commercial.837").read_bytes()
    dental = professional.replace(b"005010X222A1", b"005010X224A2")
    assert codes(dental) == {"X12-FOREIGN"}
    one_of_two = professional.replace(b"*000000067", b"*000000068") + dental
    validation = validate(one_of_two)
    assert [problem.code for problem in validation] == ["X12-FOREIGN"]
    assert [t.judged for group in validation.groups for t in group.transactions] == [True, False]


@pytest.mark.parametrize("kind", [b"271", b"835"])
def test_transaction_sets_of_another_kind_are_passed_over(clean: bytes, kind: bytes):
    other = b"ST*%s*0002~\nBPR*I*1*C*CHK~\nSE*3*0002~\n" % kind
    data = clean.replace(b"ST*837*0001*", other + b"ST*837*0001*").replace(b"GE*1*", b"GE*2*")
    validation = validate(data)
    assert [problem.code for problem in validation] == ["X12-FOREIGN"]
    assert [t.judged for t in validation.groups[0].transactions] == [False, True]
