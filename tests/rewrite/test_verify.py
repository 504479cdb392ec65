"""``scrubber verify``: a record is proven against both files, and whatever is wrong is one line and exit 5."""

import json

import pytest
from click.testing import CliRunner
from fixing import text

from scrubber.cli.main import cli
from scrubber.rewrite import record

CLAIMS = """
    SBR*P*18*******MB
    SV1*HC:99211*20*UN*1***1
    SV1*HC:96372:kx*30*UN*1***1
    SV1*HC:J3420*5*UN*1***1
    LIN**N4*00517-3125-25
"""
APPROVED = """
[[approval]]
rule = "INJ-E01"
approver = "A. EXAMPLE, CPC"
reason = "part of the injection"
until = 2099-12-31
"""


def run(*args):
    return CliRunner().invoke(cli, [str(arg) for arg in args])


@pytest.fixture(params=["usual", "crlf"])
def made(request, tmp_path):
    """A record, the original and the outcome, of a run in which a line was left out."""
    source, out, edits = tmp_path / "in.837", tmp_path / "out.837", tmp_path / "edits.jsonl"
    source.write_bytes(text(CLAIMS, request.param))
    (tmp_path / "approvals.toml").write_text(APPROVED)
    args = ["-o", out, "--edits", edits, "--approvals", tmp_path / "approvals.toml", "--fail-on", "never"]
    assert run("rewrite", source, *args, "-q").exit_code == 0
    return edits, source, out


def test_a_true_record_is_proven(made):
    edits, source, out = made
    count = len(edits.read_text().splitlines())
    done = run("verify", *made)
    assert done.exit_code == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr == (
        f"scrubber: {edits}: proven: {count} edits by INJ-A12, INJ-D05, INJ-E01, RECOUNT made {out} of {source}\n"
    )
    assert run("verify", *made, "--quiet").stderr == ""


def test_a_record_of_no_edit_is_proven_too(tmp_path):
    source, out, edits = tmp_path / "in.837", tmp_path / "out.837", tmp_path / "edits.jsonl"
    source.write_bytes(text())
    run("rewrite", source, "-o", out, "--edits", edits)
    done = run("verify", edits, source, out)
    assert done.exit_code == 0, done.stderr
    assert "proven: 0 edits made" in done.stderr


def fails(made, says, code=5):
    done = run("verify", *made)
    assert done.exit_code == code, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert says in line, line


def change(path, old, new):
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


def test_another_original(made):
    change(made[1], b"EXAMPLE", b"EXEMPLA")
    fails(made, "not the record of this original: its hash is not in it")


def test_another_outcome(made):
    change(made[2], b"EXAMPLE", b"EXEMPLA")
    fails(made, "not the record of this file: its hash is not in it")


def test_files_the_wrong_way_round(made):
    fails((made[0], made[2], made[1]), "hash is not in it")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("approver", "SOMEBODY ELSE"),
        ("reason", "none"),
        ("time", "2020-01-01"),
        ("rule", "INJ-X02"),
        ("claim", "C"),
    ],
)
def test_a_record_that_was_changed(made, key, value):
    rows = [json.loads(line) for line in made[0].read_bytes().splitlines()]
    rows[1][key] = value
    made[0].write_text("".join(json.dumps(row) + "\n" for row in rows))
    fails(made, "the chain is broken at line 2: the record was changed")


def test_a_record_taken_out(made):
    lines = made[0].read_bytes().splitlines(keepends=True)
    made[0].write_bytes(b"".join([lines[0], *lines[2:]]))
    fails(made, "the chain is broken at line 2: it does not follow the line before")


def test_records_cut_off_at_the_end(made):
    lines = made[0].read_bytes().splitlines(keepends=True)
    made[0].write_bytes(b"".join(lines[:-1]))
    fails(made, "a byte outside the declared edits changed")  # SE01, of which nothing is told any more


def forged(made, forge):
    """The record as one writes it who makes a new chain after changing something."""
    rows = [json.loads(line) for line in made[0].read_bytes().splitlines()]
    rows = forge(rows) or rows
    last = record.BEGIN
    for row in rows:
        row["prev"] = last
        last = row["hash"] = record.digest(row)
    made[0].write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_a_forged_chain_does_not_hide_a_byte_outside_the_edits(made):
    """Outcome and record were both changed by one who knows how chains are made."""
    change(made[2], b"DOE*JANE", b"DOE*JUNE")
    data = record.sha256(record.open_source(made[2]))
    forged(made, lambda rows: [row.update(sha256_after=data) for row in rows] and None)
    fails(made, "a byte outside the declared edits changed")


def test_a_forged_chain_does_not_hide_an_edit(made):
    forged(made, lambda rows: rows[1:])
    fails(made, "outside the declared edits changed")


def test_a_forged_chain_does_not_hide_what_was_written(made):
    def forge(rows):
        rows[0]["after"] = "1" + rows[0]["after"]

    forged(made, forge)
    fails(made, "an edit expects other bytes")


def test_what_is_billed_needs_an_approver(made):
    forged(made, lambda rows: [row.update(approver=None) for row in rows] and None)
    fails(made, "changes what is billed and names no approver")


def test_edits_that_meet_are_no_record(made):
    forged(made, lambda rows: [rows[0], rows[0] | {}, *rows[1:]])
    fails(made, "two edits meet")


def test_what_is_no_record(made):
    made[0].write_bytes(made[1].read_bytes())
    fails(made, "line 1 is no edit record")


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_file_that_is_not_there(made, missing):
    made[missing].unlink()
    fails(made, "no such file", code=3)


def test_undo_refuses_a_broken_chain(made, tmp_path):
    lines = made[0].read_bytes().splitlines(keepends=True)
    made[0].write_bytes(b"".join([lines[1], lines[0], *lines[2:]]))
    done = run("rewrite", "--undo", made[0], made[2], "-o", tmp_path / "back")
    assert done.exit_code == 5
    assert "the chain is broken at line 1" in done.stderr
    assert not (tmp_path / "back").exists()


def test_undo_gives_a_line_that_was_left_out_back(made, tmp_path):
    done = run("rewrite", "--undo", made[0], made[2], "-o", tmp_path / "back")
    assert done.exit_code == 0, done.stderr
    assert (tmp_path / "back").read_bytes() == made[1].read_bytes()
