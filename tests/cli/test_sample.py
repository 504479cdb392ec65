"""``scrubber sample``: deterministic, valid by pyx12, nobody real in it, and the truth beside it is true."""

from __future__ import annotations

import io
import json
import re
from collections import defaultdict

import pytest
import pyx12.params
import pyx12.x12n_document
from commands import process, run

import scrubber
from loops.totals import totals
from scrubber.checker import read_837p
from scrubber.sample.batch import sample
from scrubber.sample.people import CLINICS
from scrubber.sample.scenarios import PLAIN, RIGHT, WRONG

COUNT = 1500  # more than one transaction, and every scenario


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("sample") / "s.837"
    assert run("sample", "-n", COUNT, "-o", path, "--seed", "7").code == 0
    return path


@pytest.fixture(scope="module")
def truth(written):
    lines = written.with_name("s.837.truth.jsonl").read_text().splitlines()
    return {row["claim"]: row for row in map(json.loads, lines)}


def test_the_same_seed_gives_the_same_bytes(written, tmp_path):
    again, other = tmp_path / "again.837", tmp_path / "other.837"
    assert process("sample", "-n", COUNT, "-o", again, "--seed", "7").code == 0
    assert run("sample", "-n", COUNT, "-o", other, "--seed", "8").code == 0
    assert again.read_bytes() == written.read_bytes() != other.read_bytes()
    truth = (one.with_name(one.name + ".truth.jsonl").read_bytes() for one in (again, written))
    assert next(truth) == next(truth)


def test_pyx12_calls_it_valid(written):
    assert pyx12.x12n_document.x12n_document(pyx12.params.params(), str(written), io.StringIO(), None, None)


def test_the_guide_finds_nothing(written):
    found = scrubber.check(written, select=["X12"])
    # What is planted in the form of a claim is a guide problem too.
    assert {one.rule for one in found} <= {"X12-POINTER", "X12-NPI"}


def test_the_truth_is_what_the_rules_say(written, truth):
    faults, told = defaultdict(set), defaultdict(set)
    for one in scrubber.check(written, guide=False):
        if one.outcome == "fail":
            told[one.claim].add(one.rule)
            if one.severity != "advise":
                faults[one.claim].add(one.rule)
    for claim, row in truth.items():
        assert set(row["faults"]) <= told[claim], row
        assert faults[claim] <= set(row["faults"]), row


def test_every_claim_is_in_the_truth(written, truth):
    with read_837p(written, None) as batch:
        assert [claim.id for claim in batch.claims()] == list(truth)
        counted = totals(batch)
    assert counted.claims == COUNT
    assert counted.charges == counted.line_charges
    assert {row["scenario"] for row in truth.values()} == {one.title for one in (*PLAIN, *RIGHT, *WRONG)}


def test_people_look_invented():
    segments = [segment for piece, _ in sample(300) for segment in piece]
    names = {tuple(segment.split("*")[3:5]) for segment in segments if re.match(r"NM1\*(IL|QC|82)", segment)}
    invented = {"DOE", "SAMPLE", "TESTCASE", "EXAMPLE", "PLACEHOLDER", "FICTION", "NOBODY", "SPECIMEN"}
    assert {last for last, _ in names} <= invented
    assert all(
        segment.split("*")[9].startswith("TEST") for segment in segments if segment.startswith("NM1*IL")
    )
    assert all(segment.endswith("EXAMPLE ST") for segment in segments if segment.startswith("N3"))
    assert all(npi.startswith("100000") for _, *npis in CLINICS for npi in npis)


def test_wrong_usage(tmp_path):
    assert run("sample", "-n", "0", "-o", tmp_path / "s").code == 2
    assert run("sample", "-n", "3").code == 2
    assert run("sample", "-n", "3", "-o", tmp_path / "no" / "s").code == 2
    assert not list(tmp_path.iterdir())
