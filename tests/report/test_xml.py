"""The loop tree as XML: well-formed for any bytes, every segment once, findings inside, persons hidden."""

import errno
import io
import tracemalloc
from pathlib import Path

import pytest
from fixing import INJECTION, rule_of, text
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from rulecases import SPELLINGS, SUBJECTS, TABLES

import loops
from scrubber.checker import Checker
from scrubber.engine import Engine
from scrubber.report.spool import Spool
from scrubber.report.xml import claim_tree, schema_path, write_tree
from scrubber.report.xmltext import legible
from scrubber.rewrite.work import findings
from scrubber.rule import Hit


def tree(data, *, masked=True, rules=()):
    with loops.read(data, codes=SUBJECTS) as batch:
        found = [f for judged in Engine(batch, rules, TABLES).run() for f in judged.findings]
        out = io.BytesIO()
        write_tree(batch, out, found, masked=masked)
        return etree.fromstring(out.getvalue())


SCHEMA = etree.XMLSchema(etree.parse(str(schema_path())))


def placed_segments(root):
    """The segments in their places, not those that a fix shows."""
    return root.xpath("//segment[not(ancestor::change)]")


def rendered(segment, delimiters) -> bytes:
    """The segment's bytes put together again from the tree."""
    elements = [segment.get("id")]
    for element in segment.iterfind("element"):
        components = [component.text or "" for component in element.iterfind("component")]
        elements.append(delimiters.component.decode().join(components) if components else element.text or "")
    return delimiters.element.decode().join(elements).encode()


def check_file(path: Path) -> int:
    """Assert that the tree of a file is well-formed and holds each segment once; return how many."""
    data = path.read_bytes()
    checker = Checker(guide=False)
    try:
        batch = checker.read(path)
    except loops.NotX12Error:
        return -1
    with batch:
        out = io.BytesIO()
        write_tree(batch, out, findings(checker, batch), masked=False)
        root = etree.fromstring(out.getvalue())
        SCHEMA.assertValid(root)
        segments = placed_segments(root)
        spans = [(int(one.get("byte_start")), int(one.get("byte_end"))) for one in segments]
        assert spans == sorted(set(spans))
        left_out = [(int(one.get("byte_start")), int(one.get("byte_end"))) for one in root.iter("left-out")]
        assert len(left_out) == len(batch.index.foreign)
        for one, (start, end) in zip(segments, spans, strict=True):
            isa = [isa for isa in batch.index.isas if isa.start <= start][-1]
            raw = data[start:end]
            if all(32 <= byte < 127 for byte in raw):
                assert rendered(one, isa.delimiters) == raw
        _check_nothing_lost(data, batch, sorted([*spans, *left_out]))
        _check_claims(batch, root)
        return len(segments)


def _check_claims(batch, root):
    """The part of the tree that is made for one claim is valid, and tells what the whole tells."""
    for loop in root.xpath("//loop[@id='2300'][position() <= 5]"):
        number = int(loop.get("claim_index")) - 1
        start = loop.find("segment").get("byte_start")
        assert int(start) == batch.index.claim_start[number]
        alone = etree.fromstring(claim_tree(batch, number, (), masked=False))
        SCHEMA.assertValid(alone)
        (same,) = alone.xpath("//loop[@id='2300']")
        assert same.get("claim_index") == loop.get("claim_index")
        if alone.find(".//left-out") is None:
            known = {one.get("byte_start"): one for one in placed_segments(root)}
            for one in placed_segments(alone):
                whole = known[one.get("byte_start")]
                assert one.getparent().get("id") == whole.getparent().get("id")
                assert list(map(etree.tostring, one.iter("element"))) == list(
                    map(etree.tostring, whole.findall("element"))
                )


def _check_nothing_lost(data, batch, spans):
    """What stands between the spans is terminators and blanks, or outside the interchanges."""
    ends = dict(zip([isa.start for isa in batch.index.isas], batch.index.isa_end, strict=True))
    for isa in batch.index.isas:
        position = isa.start
        for start, end in spans:
            if isa.start <= start < ends[isa.start]:
                assert not data[position:start].strip(b"\r\n \t\0\x1a" + isa.delimiters.terminator)
                position = end
        assert not data[position : ends[isa.start]].strip(b"\r\n \t\0\x1a" + isa.delimiters.terminator)


def test_every_fixture_has_its_tree(fixture_file):
    count = check_file(fixture_file)
    assert count > 10 or not fixture_file.name.startswith(("clean", "inj"))


@pytest.mark.shared
def test_every_corpus_file_has_its_tree(shared):
    counts = [check_file(path) for path in sorted((shared / "corpus").glob("*/*")) if path.is_file()]
    assert sum(count > 0 for count in counts) >= 120


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_loops_stand_in_one_another_as_in_the_guide(spelling):
    root = tree(text(f"{INJECTION}\nLIN**N4*00517312525\n{INJECTION}\n=== TEST0002\n{INJECTION}", spelling))
    chain = ["ISA_LOOP", "GS_LOOP", "ST_LOOP", "DETAIL", "2000A", "2000B", "2300", "2400", "2410"]
    (drug,) = root.iterfind(".//loop[@id='2410']")
    assert [one.get("id") for one in drug.iterancestors("loop")][::-1] == chain[:-1]
    assert len(root.findall(".//loop[@id='2000A']")) == 1
    assert len(root.findall(".//loop[@id='2000B']")) == 2
    assert len(root.findall(".//loop[@id='2400']")) == 3
    assert root.findtext(".//loop[@id='2410']/segment[@id='LIN']/element[@n='03']") == "00517312525"
    assert [c.text for c in root.iterfind(".//segment[@id='CLM'][1]/element[@n='05']/component")][:3] == [
        "11",
        "B",
        "1",
    ]
    assert root.findtext("loop/segment[@id='ISA']/element[@n='16']") == SPELLINGS[spelling][1]


def test_several_claims_transactions_and_interchanges_are_loops_of_their_own():
    one = text(INJECTION)
    root = tree(one + one)
    assert len(root.findall("loop[@id='ISA_LOOP']")) == 2
    body = one[one.index(b"ST*837") : one.index(b"GE*")]
    root = tree(one.replace(body, body + body))
    assert [s.get("n") for s in root.iterfind(".//segment[@id='ST']")] == ["1", "1"]
    assert len(root.findall(".//loop[@id='ST_LOOP']")) == 2


def test_a_segment_that_fits_nowhere_and_one_that_is_cut_off_are_said_to_be():
    data = text(INJECTION).replace(b"HI*ABK", b"ZZZ*JUNK~HI*ABK")
    (lost,) = tree(data).iterfind(".//segment[@place='none']")
    assert lost.getparent().get("id") == "2300"
    assert lost.get("id") == "ZZZ"
    cut = data[: data.index(b"HC:96372") + 5]
    (last,) = tree(cut).iterfind(".//segment[@cut='yes']")
    assert last.get("byte_end") == str(len(cut))


def test_transactions_of_other_kinds_are_named_and_left_out():
    one = text(INJECTION)
    body = one[one.index(b"ST*837") : one.index(b"GE*")]
    other = body.replace(b"ST*837*0001*005010X222A1", b"ST*835*0002").replace(b"DOE*JANE", b"ROE*HIDDEN")
    root = tree(one.replace(body, other + body), masked=False)
    (left,) = root.iterfind(".//left-out")
    assert left.get("what").startswith("835")
    assert left.getparent().get("id") == "GS_LOOP"
    assert b"HIDDEN" not in etree.tostring(root)
    assert len(root.findall(".//segment[@id='CLM']")) == 1


def test_findings_stand_in_the_segment_they_are_about():
    def check(claim):
        yield Hit(claim.lines[1].sv1.spot(1, 2), "the second line", claim.lines[1:2])
        yield Hit(claim.billing.name.spot(9), "the billing provider", claim.lines[:1])
        yield Hit(claim.clm.spot(20), "an element that is absent")

    root = tree(text(f"{INJECTION}\nSV1*HC:J3420*5*UN*1***1"), rules=(rule_of("INJ-T01", check),))
    found = {one.findtext("message"): one.getparent() for one in root.iter("finding")}
    assert found["the second line"].findtext("element/component[@n='2']") == "J3420"
    assert found["the billing provider"].getparent().get("id") == "2010AA"
    assert found["an element that is absent"].get("id") == "CLM"
    assert len(found) == 3


PERSONS = [
    "DOE",
    "JANE",
    "TEST0001",
    "EXAMPLE ST",
    "SPRINGFIELD",
    "627010001",
    "19800101",
    "SAMPLE",
    "PAT",
    "5555550100",
]


def test_persons_are_masked_unless_asked_for():
    data = text(INJECTION + "\nNTE*ADD*JANE IS ILL")
    hidden, shown = etree.tostring(tree(data)).decode(), etree.tostring(tree(data, masked=False)).decode()
    assert [word for word in PERSONS if f">{word}" in hidden or f" {word}" in hidden] == []
    assert all(word in shown for word in PERSONS)
    assert "JANE" not in hidden
    assert 'masked="yes"' in hidden
    assert "masked" not in shown
    for code in ("96372", "E538", "1234567893", "20260302", "EXAMPLE PAYER"):
        assert code in hidden


@given(st.binary(max_size=80), st.integers(0, 10_000), st.booleans())
def test_any_bytes_give_well_formed_xml(junk, at, masked):
    data = text(INJECTION)
    at = 106 + at % (len(data) - 106)
    root = tree(data[:at] + junk + data[at:], masked=masked)
    assert root.tag == "batch"


@given(st.text(st.characters(max_codepoint=255)))
def test_any_text_is_legible(value):
    shown = legible(value)
    node = etree.Element("x")
    node.text = shown
    assert etree.fromstring(etree.tostring(node)).text == (shown or None)
    assert shown.isprintable()


def test_signs():
    assert legible("A\x00B\r\n\t\x7f") == "A␀B␍␊␉␡"
    assert legible("PE\xc3\x91A") == "PEÑA"  # UTF-8
    assert legible("PE\xd1A") == "PEÑA"  # latin-1
    assert legible("\x85") == "\\x85"
    assert legible("\xe2\x80\xae") == "\\u202e"


def test_markup_in_the_data_is_text():
    data = text(INJECTION).replace(b"DOE", b"<script>&\"']]>")
    root = tree(data, masked=False)
    assert "<script>&\"']]>" in [one.text for one in root.iter("element")]


def test_memory_does_not_grow_with_findings():
    """The findings are on the disk, and come back by offset, whatever order they came in."""
    with loops.read(text(f"{INJECTION}\n{INJECTION}\n{INJECTION}"), codes=SUBJECTS) as batch:

        def check(claim):
            for line in reversed(claim.lines):
                yield Hit(line.sv1.spot(1), f"line {line.number}", (line,))

        found = [f for one in Engine(batch, (rule_of("INJ-T01", check),), TABLES).run() for f in one.findings]
        with Spool(reversed(found)) as spool:
            middle = found[1].byte_start
            assert [one["line"] for one in spool.before(middle)] == ["1"]
            assert [one["line"] for one in spool.before(middle + 1)] == ["2"]
            assert [one["line"] for one in spool.before(None)] == ["3"]
            assert list(spool.before(None)) == []
            many = (found[n % 3] for n in range(3000))
            tracemalloc.start()
            with Spool(many) as full:
                held, _ = tracemalloc.get_traced_memory()
                tracemalloc.stop()
                assert held < 100_000  # 33 bytes a finding: not even their offsets
                assert sum(1 for _ in full.before(None)) == 3000


class Narrow(io.BytesIO):
    """Takes some bytes and then fails, as a full disk does."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def write(self, data) -> int:
        if self.tell() + len(data) > self._room:
            raise OSError(errno.ENOSPC, "full")
        return super().write(data)


def test_a_full_disk_is_told_as_one():
    many = text(INJECTION) * 60
    whole = io.BytesIO()
    with loops.read(many) as batch:
        write_tree(batch, whole)
        size = len(whole.getvalue())
        for room in range(0, size, size // 40):
            with pytest.raises(OSError, match="full"):
                write_tree(batch, Narrow(room))
