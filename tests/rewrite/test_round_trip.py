"""Whole files, ours, those of the reference corpus and generated ones: rewrite, undo, and nothing else changes."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from roundtrip import NOT_837P, check_rewrite, checker_of, everything

from scrubber.cli.main import cli
from scrubber.rewrite.approvals import NONE_APPROVED
from scrubber.rewrite.draft import Scratch
from scrubber.rewrite.work import rewrite_into

APPROVALS = pytest.mark.parametrize("approvals", [NONE_APPROVED, everything()], ids=["format", "everything"])
READABLE = 85  # of the files in corpus/837p; the rest are of another version, or no 837 professional


@APPROVALS
def test_every_fixture_is_rewritten_and_undone(fixture_file, tmp_path, approvals):
    check_rewrite(fixture_file, tmp_path, approvals)


@pytest.mark.parametrize(
    ("name", "changes"), [("inj-a05.837", 1), ("inj-a12.837", 5), ("inj-d05.837", 5), ("clean-cob.837", 0)]
)
def test_the_fixtures_with_faults_of_form_are_mended(fixtures, tmp_path, name, changes):
    assert check_rewrite(fixtures / name, tmp_path) == changes


@pytest.mark.parametrize(
    "name", ["inj-b01.837", "inj-e01.837", "inj-e05.837", "inj-x02.837", "tdap-96372.837"]
)
def test_the_fixtures_with_suggestions_are_mended_when_they_are_approved(fixtures, tmp_path, name):
    assert check_rewrite(fixtures / name, tmp_path) == 0
    (tmp_path / "again").mkdir()
    assert check_rewrite(fixtures / name, tmp_path / "again", everything()) > 0


@APPROVALS
def test_no_rule_offers_what_is_on_the_never_list(fixtures, approvals):
    """Whatever a rule offers, approved or not, is refused by none of the reasons of the never-list."""
    for path in sorted(fixtures.glob("inj-*.837")):
        with Scratch() as scratch:
            for one in rewrite_into(scratch, checker_of(), path, approvals=approvals).put_off:
                assert not one.reason.startswith("refused"), (path.name, one)


def test_a_record_is_one_json_object_a_line(fixtures, tmp_path):
    check_rewrite(fixtures / "inj-d05.837", tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "edits.jsonl").read_bytes().splitlines()]
    assert len(rows) == 5
    assert {row["rule"] for row in rows} == {"INJ-D05"}


@APPROVALS
@pytest.mark.parametrize("seed", range(1, 4))
def test_every_sample_is_rewritten_and_undone(tmp_path, seed, approvals):
    path = tmp_path / "sample.837"
    assert (
        CliRunner().invoke(cli, ["sample", "-n", "60", "--seed", str(seed), "-o", str(path)]).exit_code == 0
    )
    changes = check_rewrite(path, tmp_path, approvals)
    assert changes > 0 or approvals is NONE_APPROVED


@pytest.mark.shared
@APPROVALS
def test_every_corpus_file_is_rewritten_and_undone(shared, tmp_path, approvals):
    told = []
    for number, path in enumerate(sorted(path for path in (shared / "corpus").glob("*/*") if path.is_file())):
        (folder := tmp_path / str(number)).mkdir()
        told.append((path, check_rewrite(path, folder, approvals)))
    assert sum(count != NOT_837P for _, count in told) >= 120
    assert sum(count != NOT_837P for path, count in told if path.parent.name == "837p") >= READABLE


@pytest.mark.shared
@APPROVALS
@pytest.mark.parametrize("lines", [[], ["--nl"]], ids=["one line", "many lines"])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_generated_batch_is_rewritten_and_undone(shared, tmp_path, seed, lines, approvals):
    path = tmp_path / "generated.837"
    tool = shared / "tools" / "gen837p.py"
    command = [sys.executable, str(tool), "-n", "150", "-s", str(seed), "-p", "0.6", "--st", "40", *lines]
    subprocess.run([*command, "-o", str(path)], check=True)
    check_rewrite(path, tmp_path, approvals)
