"""``scrubber walk``: the tree in three forms, and the injection lines."""

from __future__ import annotations

import json

import pytest
from commands import FAULTY, INSTITUTIONAL, process, run
from lxml import etree

import loops
from loops.walker import walker

KEYS = ["file", "isa13", "gs06", "st02", "segment", "id", "path", "byte_start", "byte_end"]
LINE = "/ISA_LOOP/GS_LOOP/ST_LOOP/DETAIL/2000A/2000B/2300/2400/SV1"


def rows(*args, **more):
    return [json.loads(line) for line in run("walk", "--format", "jsonl", *args, **more).text.splitlines()]


def test_jsonl_has_the_keys_of_the_contract(faulty):
    found = rows(faulty)
    assert all(list(row) == KEYS for row in found)
    assert [row["id"] for row in found] == [s.split(b"*")[0].decode() for s in FAULTY.split(b"~")[:-1]]
    line = next(row for row in found if row["id"] == "SV1")
    assert (line["path"], line["isa13"], line["gs06"], line["st02"]) == (LINE, "000000001", "1", "0001")
    outside = [row["id"] for row in found if row["segment"] is None]
    assert outside == ["ISA", "GS", "GE", "IEA"]
    assert [row["segment"] for row in found[2:-2]] == list(range(1, len(found) - 3))


def test_the_spans_are_those_of_the_segments(fixture_file):
    try:
        with loops.read(fixture_file) as batch:
            data = bytes(batch.source.data[:])
            terminators = {isa.delimiters.terminator for isa in batch.index.isas}
    except loops.NotX12Error:
        assert run("walk", fixture_file).code == 3
        return
    ran = run("walk", fixture_file, "--format", "jsonl")
    last = 0
    for row in map(json.loads, ran.text.splitlines()):
        piece = data[row["byte_start"] : row["byte_end"]]
        assert last <= row["byte_start"] < row["byte_end"]
        assert piece == piece.strip(b"\r\n")
        assert not any(terminator in piece for terminator in terminators if len(terminators) == 1)
        last = row["byte_end"]
    assert ran.code in (0, 3, 4)


def test_paths_are_those_of_the_walker(fixtures):
    path = fixtures / "clean-cob.837"
    with loops.read(path) as batch:
        (isa,) = batch.index.isas
        stretches = walker(isa.delimiters).stretches(batch.source.data, isa.start, len(batch.source))
        expected = [step.place.path for stretch in stretches for step in stretch.steps]
    assert [row["path"] for row in rows(path)] == expected


def test_what_fits_nowhere_has_no_path(fixtures):
    assert [row["id"] for row in rows(fixtures / "broken-unknown-segment.837") if row["path"] is None] == [
        "ZZZ"
    ]
    assert "ZZZ*" in run("walk", fixtures / "broken-unknown-segment.837").text


def test_a_segment_that_is_cut_off_is_shown(fixtures):
    last = rows(fixtures / "broken-cut.837")[-1]
    assert (last["path"], last["byte_end"]) == (None, (fixtures / "broken-cut.837").stat().st_size)


def test_text_is_a_tree(faulty):
    lines = run("walk", faulty).text.splitlines()
    assert lines[0] == "ISA_LOOP  interchange"
    at = lines.index("              2400  service line")
    assert lines[at + 1 : at + 3] == ["                LX*1", "                SV1*HC:99213*100*UN*1***1"]
    assert sum(line.strip().startswith("2300 ") for line in lines) == 2


def test_xml_holds_every_segment(faulty):
    tree = etree.fromstring(run("walk", faulty, "--format", "xml").out)
    segments = [one.get("id") for one in tree.iter("segment")]
    assert segments == [row["id"] for row in rows(faulty)]


def test_xml_holds_one_batch(faulty, right):
    ran = run("walk", faulty, right, "--format", "xml")
    assert ran.code == 2
    assert "name one file" in ran.lines[0]


def test_several_files_and_standard_input(faulty, right):
    assert {row["file"] for row in rows(faulty, right)} == {"faulty.837", "right.837"}
    assert {row["file"] for row in rows("-", stdin=FAULTY)} == {"-"}


def test_injections_are_the_lines_with_96372(fixtures):
    found = rows("--injections", fixtures / "b12.837")
    every = [row for row in rows(fixtures / "b12.837") if row["id"] == "SV1"]
    data = (fixtures / "b12.837").read_bytes()
    injections = [row for row in every if data[row["byte_start"] :].startswith(b"SV1*HC:96372")]
    assert [{key: row[key] for key in KEYS} for row in found] == injections
    assert found[0]["claim"] == "BAD1-B12-FATIGUE"
    assert found[0]["drugs"] == ["J3420"]
    assert found[0]["service_date"] == "2026-09-17"
    text = run("walk", "--injections", fixtures / "b12.837").text
    assert f"{len(found)} lines with 96372 in {len(found)} of 14 claims" in text
    tree = etree.fromstring(run("walk", "--injections", "--format", "xml", fixtures / "b12.837").out)
    assert [int(one.get("byte_start")) for one in tree] == [row["byte_start"] for row in found]


def test_the_patient_may_be_a_dependent(fixtures):
    for row in rows("--injections", fixtures / "clean-dependent.837"):
        whole = [
            one for one in rows(fixtures / "clean-dependent.837") if one["byte_start"] == row["byte_start"]
        ]
        assert {key: row[key] for key in KEYS} == whole[0]


def test_exit_codes(faulty, foreign, tmp_path):
    assert process("walk", faulty).code == 0
    assert process("walk", foreign).code == 3
    assert run("walk", faulty, foreign).code == 4
    mixed = tmp_path / "mixed"
    mixed.write_bytes(FAULTY + INSTITUTIONAL)
    ran = run("walk", mixed, "--format", "jsonl")
    assert ran.code == 4
    assert "institutional" in ran.lines[0]
    ids = [json.loads(line)["id"] for line in ran.text.splitlines()]
    assert (ids.count("ISA"), ids.count("ST")) == (2, 1)


@pytest.mark.parametrize("form", ["text", "jsonl", "xml"])
def test_output_to_a_file(form, faulty, tmp_path):
    out = tmp_path / "out"
    assert run("walk", faulty, "--format", form, "-o", out).code == 0
    assert out.read_bytes() == run("walk", faulty, "--format", form).out
