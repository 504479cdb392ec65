"""The commands ``rewrite`` and ``annotate``: exit codes, what is shown, what is written and what never is."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from commands import SCRUBBER
from fixing import text
from lxml import etree

import loops
import scrubber
import scrubber.cli.rewrite
from scrubber.cli.difference import difference
from scrubber.cli.main import cli
from scrubber.errors import GuardError
from scrubber.finding import Edit, Safety
from scrubber.rewrite.changes import By, Change

NDC = """
    NM1*IL*1*EXAMPLE*SECRETNAME****MI*SECRETID1
    SV1*HC:96372*30*UN*1***1
    SV1*HC:J3420*5*UN*1***1
    LIN**N4*00517-3125-25
    CTP****1*ML
"""
FIXED = (b"00517-3125-25", b"00517312525")


def run(*args, **more):
    return CliRunner().invoke(cli, [str(arg) for arg in args], **more)


@pytest.fixture
def batch(tmp_path):
    path = tmp_path / "in.837"
    path.write_bytes(text(NDC))
    return path


def test_rewrite_writes_the_fixed_batch_and_leaves_the_input(batch, tmp_path):
    before = batch.read_bytes()
    done = run("rewrite", batch, "-o", tmp_path / "out.837", "--ignore", "INJ", "--select", "INJ-D05")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out.837").read_bytes() == before.replace(*FIXED)
    assert batch.read_bytes() == before
    assert "1 change in 1 claim" in done.stderr
    assert done.stdout == ""


def test_diff_shows_the_segment_before_and_after_with_claim_and_rule(batch):
    done = run("rewrite", batch, "--diff", "--select", "INJ-D05", "--quiet")
    assert done.exit_code == 0
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "in.837: claim CLAIM1 line 2 2410/LIN03: INJ-D05 write the NDC as eleven digits",
        "- LIN**N4*00517-3125-25~",
        "+ LIN**N4*00517312525~",
    ]
    assert [path.name for path in batch.parent.iterdir()] == ["in.837"]


def test_edits_are_recorded_and_undone(batch, tmp_path):
    out, edits, back = tmp_path / "out.837", tmp_path / "edits.jsonl", tmp_path / "back.837"
    assert run("rewrite", batch, "-o", out, "--edits", edits, "--select", "INJ-D05").exit_code == 0
    (row,) = map(json.loads, edits.read_text().splitlines())
    assert (row["rule"], row["claim"], row["line"], row["place"]) == ("INJ-D05", "CLAIM1", "2", "2410/LIN03")
    assert (row["before"], row["after"], row["safety"]) == ("00517-3125-25", "00517312525", "format")
    done = run("rewrite", "--undo", edits, out, "-o", back)
    assert done.exit_code == 0, done.output
    assert back.read_bytes() == batch.read_bytes()
    out.write_bytes(out.read_bytes() + b"\n")
    back.unlink()
    done = run("rewrite", "--undo", edits, out, "-o", back)
    assert done.exit_code == 5
    assert "hash" in done.stderr
    assert not back.exists()


@pytest.mark.parametrize(("fail_on", "code"), [("deny", 1), ("reject", 0), ("advise", 1), ("never", 0)])
def test_findings_that_are_left_decide_the_exit_code(tmp_path, fail_on, code):
    path = tmp_path / "in.837"
    path.write_bytes(text("SV1*HC:99213*100*UN*1***1\nSV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1"))
    done = run("rewrite", path, "-o", tmp_path / "out", "--select", "INJ-E02", "--fail-on", fail_on)
    assert done.exit_code == code
    assert "left: 1 deny" in done.stderr
    assert (tmp_path / "out").exists()


def test_standard_input(batch, tmp_path):
    done = run("rewrite", "-", "-o", tmp_path / "out", "--select", "INJ-D05", input=batch.read_bytes())
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out").read_bytes() == batch.read_bytes().replace(*FIXED)


def folder_of(tmp_path):
    source = tmp_path / "in"
    (source / "sub").mkdir(parents=True)
    (source / "a.837").write_bytes(text(NDC))
    (source / "sub" / "b.dat").write_bytes(text(NDC).replace(b"00517-3125-25", b"00517312525"))
    return source


def test_a_folder_goes_to_a_folder_under_the_same_names(tmp_path):
    source, out, edits = folder_of(tmp_path), tmp_path / "out", tmp_path / "edits.jsonl"
    done = run("rewrite", source, "-o", out, "--edits", edits, "--select", "INJ-D05")
    assert done.exit_code == 0, done.output
    assert (out / "a.837").read_bytes() == (out / "sub" / "b.dat").read_bytes() == text(NDC).replace(*FIXED)
    rows = [json.loads(line) for line in edits.read_text().splitlines()]
    assert [(row["file"], row["rule"]) for row in rows] == [("a.837", "INJ-D05"), ("sub/b.dat", None)]
    for name in ("a.837", "sub/b.dat"):
        assert run("rewrite", "--undo", edits, out / name, "-o", tmp_path / "back").exit_code == 0


def test_files_that_fail_leave_the_others_done(tmp_path):
    source = folder_of(tmp_path)
    (source / "c.835").write_bytes(
        text(NDC)
        .replace(b"ST*837*0001*005010X222A1", b"ST*835*0001")
        .replace(b"005010X222A1", b"005010X221A1")
    )
    done = run("rewrite", source, "-o", tmp_path / "out", "--select", "INJ-D05")
    assert done.exit_code == 4
    assert "c.835: not read: 835 remittance advice" in done.stderr
    assert sorted(path.name for path in (tmp_path / "out").rglob("*")) == ["a.837", "b.dat", "sub"]


@pytest.mark.parametrize("command", [["rewrite"], ["annotate", "--as", "nte"], ["annotate", "--as", "xml"]])
@pytest.mark.parametrize("data", [b"", b"\x00\x01binary", b"<html>", b"ISA*00*"])
def test_what_is_no_x12_is_told_in_one_line(tmp_path, command, data):
    path = tmp_path / "in.837"
    path.write_bytes(data)
    done = run(*command, path, "-o", tmp_path / "out")
    assert done.exit_code == 3
    assert len(done.stderr.splitlines()) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["in.837"]


def test_a_file_that_is_not_there(tmp_path):
    done = run("rewrite", tmp_path / "no.837", "-o", tmp_path / "out")
    assert done.exit_code == 3
    assert "no.837: no such file" in done.stderr


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["rewrite", "{in}"], "name an output"),
        (["rewrite", "{in}", "-o", "{in}"], "is an input"),
        (["rewrite", "{in}", "-o", "{out}", "--edits", "{in}"], "is an input"),
        (["rewrite", "{in}", "-o", "{out}", "--edits", "{out}"], "is an input"),
        (["rewrite", "{in}", "--diff", "--edits", "{out}"], "name an output"),
        (["rewrite", "--undo", "{in}", "{in}"], "needs -o"),
        (["rewrite", "--undo", "{in}", "{in}", "-o", "{in}"], "is an input"),
        (["rewrite", "{folder}", "-o", "{folder}"], "in the folder that is read"),
        (["rewrite", "{folder}", "-o", "{folder}/out"], "in the folder that is read"),
        (["rewrite", "{folder}", "-o", "{in}"], "is no folder"),
        (["annotate", "{in}", "-o", "{in}", "--as", "nte"], "is an input"),
        (["annotate", "{in}", "-o", "{in}", "--as", "xml"], "is an input"),
        (["annotate", "{in}", "-o", "/dev/null", "--as", "xml"], "not a plain file"),
        (["annotate", "{in}", "-o", "{out}"], "--as"),
        (["annotate", "{in}", "-o", "{out}", "--as", "nte", "--select", "INJ-Z99"], "INJ-Z99"),
    ],
)
def test_wrong_usage_is_told_and_nothing_is_written(tmp_path, args, says):
    folder = folder_of(tmp_path)
    path = tmp_path / "in.837"
    path.write_bytes(text(NDC))
    before = {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}
    places = {"in": path, "out": tmp_path / "out.837", "folder": folder}
    done = run(*(arg.format(**places) for arg in args))
    assert done.exit_code == 2, done.output
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()} == before


def test_a_guard_that_fails_publishes_nothing_and_is_exit_5(batch, tmp_path, monkeypatch):
    def broken(*_args, **_more):
        raise GuardError("a byte outside the declared edits changed, at 12 or after")

    monkeypatch.setattr("scrubber.rewrite.work.prove", broken)
    done = run("rewrite", batch, "-o", tmp_path / "out", "--edits", tmp_path / "edits")
    assert done.exit_code == 5
    assert (
        done.stderr
        == "scrubber: in.837: not written: a byte outside the declared edits changed, at 12 or after\n"
    )
    assert [one.name for one in tmp_path.iterdir()] == ["in.837"]


def test_a_fault_of_ours_is_one_line_without_data(batch, tmp_path, monkeypatch):
    def broken(*_args, **_more):
        raise ZeroDivisionError("DOE JANE")

    monkeypatch.setattr(scrubber.cli.rewrite, "rewrite_into", broken)
    done = run("rewrite", batch, "-o", tmp_path / "out")
    assert done.exit_code == 3
    assert "ZeroDivisionError" in done.stderr
    assert "DOE" not in done.output
    assert [one.name for one in tmp_path.iterdir()] == ["in.837"]


def test_notes(batch, tmp_path):
    out = tmp_path / "out.837"
    done = run("annotate", batch, "--as", "nte", "-o", out, "--select", "INJ-D05")
    assert done.exit_code == 1
    before = batch.read_bytes()
    note = b"DTP*472*D8*20260302~NTE*TPO*SCRUB D05 REJECT~LIN**N4*00517-3125-25~"
    assert note in out.read_bytes()
    segments = before[before.index(b"~ST*") : before.index(b"~GE*")].count(b"~")
    counted = before.replace(b"SE*%d*" % segments, b"SE*%d*" % (segments + 1))
    assert out.read_bytes().replace(b"NTE*TPO*SCRUB D05 REJECT~", b"") == counted != before
    assert "1 line note in 1 claim" in done.stderr


def test_a_taken_slot_is_told(tmp_path):
    path = tmp_path / "in.837"
    path.write_bytes(text(NDC.replace("    LIN", "    DTP*472*D8*20260302\n    NTE*TPO*THEIRS\n    LIN")))
    done = run("annotate", path, "--as", "nte", "-o", tmp_path / "out.837", "--select", "INJ-D05")
    assert "1 x INJ-D05 not noted: the line has a note of a third party" in done.stderr
    assert (tmp_path / "out.837").read_bytes() == path.read_bytes()


def test_the_tree(batch, tmp_path):
    out = tmp_path / "out.xml"
    done = run("annotate", batch, "--as", "xml", "-o", out, "--select", "INJ-D05")
    assert done.exit_code == 1
    (finding,) = etree.parse(out).iterfind(".//finding")
    assert finding.getparent().get("id") == "LIN"
    assert finding.getparent().getparent().get("id") == "2410"
    assert finding.get("rule") == "INJ-D05"
    assert b"SECRET" not in out.read_bytes()


def test_persons_are_shown_when_asked_for(batch, tmp_path):
    out = tmp_path / "out.xml"
    run("annotate", batch, "--as", "xml", "-o", out, "--phi", "show")
    assert b"SECRETNAME" in out.read_bytes()
    assert b"SECRETID1" in out.read_bytes()


def test_a_folder_of_trees(tmp_path):
    source = folder_of(tmp_path)
    assert run("annotate", source, "--as", "xml", "-o", tmp_path / "out", "--fail-on", "never").exit_code == 0
    names = sorted(
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.xml")
    )
    assert names == ["a.837.xml", "sub/b.dat.xml"]


def test_as_a_real_process(batch, tmp_path):
    out = tmp_path / "out.837"
    command = [sys.executable, "-m", "scrubber", "rewrite", str(batch), "-o", str(out), "--select", "INJ-D05"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert out.read_bytes() == batch.read_bytes().replace(*FIXED)


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_interrupted_in_the_middle_nothing_is_half_written(tmp_path):
    """The process waits on standard input when the signal comes; a draft is open by then."""
    out = tmp_path / "out.837"
    command = [SCRUBBER, "rewrite", "-", "-o", str(out)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path)
    process.stdin.write(b"ISA*00*")
    process.stdin.flush()
    for _ in range(200):
        if list(tmp_path.glob(".out.837.*.part")):
            break
        time.sleep(0.05)
    assert list(tmp_path.glob(".out.837.*.part"))
    process.send_signal(signal.SIGINT)
    process.stdin.close()
    told = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 130
    assert told.strip() == b"scrubber: interrupted: nothing is half-written"
    assert not list(Path(tmp_path).iterdir())


def test_a_diff_hides_persons_and_shows_what_changed_among_codes():
    data = text(NDC)
    with loops.read(data) as read:
        made = []
        for old, new in (
            (b"SECRETNAME", b"SECRETNOME"),
            (b"HC:96372*", b"HC:96372:KX*"),
            (b"UN*1*", b"UN*1.0*"),
        ):
            at = data.index(old)
            by = By("INJ-T01", "1", "2400/SV101", Safety.FORMAT, "try it")
            made.append(Change(Edit(at, at + len(old), old, new), "CLAIM1", 1, (by,)))
        assert list(difference(read, made)) == [
            "-: claim CLAIM1 line 1 2400/SV101: INJ-T01 try it",
            "- NM1*IL*1*xxxxxxx*xxxxxxxxxx****MI*xxxxxxxxx~",
            "+ NM1*IL*1*xxxxxxx*xxxxxxxxxx****MI*xxxxxxxxx~",
            "-: claim CLAIM1 line 1 2400/SV101: INJ-T01 try it",
            "- SV1*HC:96372*30*UN*1***1~",
            "+ SV1*HC:96372:KX*30*UN*1.0***1~",
        ]
        assert "- NM1*IL*1*EXAMPLE*SECRETNAME****MI*SECRETID1~" in difference(read, made, masked=False)


def test_the_package_is_the_function_too(batch):
    assert scrubber.rewrite(batch).data == scrubber.rewrite.rewrite(batch).data
