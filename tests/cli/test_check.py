"""``scrubber check``: exit codes, what goes where, and that nothing else is touched."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from commands import FAULTY, INSTITUTIONAL, RIGHT, SCRUBBER, process, run

import scrubber
import scrubber.cli.checking
from scrubber.engine import Engine
from scrubber.registry import all_rules
from scrubber.sample.batch import sample
from scrubber.tables import TableMissing

FORMS = ("text", "jsonl", "json", "csv")
CHECK = ("check", "--no-guide", "--select", "INJ-E02")


@pytest.mark.parametrize("form", FORMS)
def test_the_format_does_not_change_the_exit_code(form, faulty, right, foreign):
    assert run(*CHECK, faulty, "--format", form).code == 1
    assert run(*CHECK, right, "--format", form).code == 0
    assert run(*CHECK, foreign, "--format", form).code == 3
    assert run(*CHECK, faulty, foreign, "--format", form).code == 4


@pytest.mark.parametrize(
    ("threshold", "code"), [("reject", 0), ("deny", 1), ("advise", 1), ("never", 0)], ids=str
)
def test_fail_on(threshold, code, faulty):
    assert run(*CHECK, faulty, "--fail-on", threshold).code == code


def test_a_process_ends_with_the_same_codes(faulty, right, foreign, tmp_path):
    assert process(*CHECK, right).code == 0
    assert process(*CHECK, faulty).code == 1
    assert process(*CHECK, right, "--format", "pdf").code == 2
    assert process(*CHECK, foreign).code == 3
    assert process(*CHECK, foreign, right).code == 4
    missing = process(*CHECK, tmp_path / "no.837")
    assert (missing.code, missing.lines) == (3, ["scrubber: no.837: no such file or directory"])


def test_what_is_no_837p_is_named_in_one_line(foreign):
    ran = run(*CHECK, foreign)
    (line,) = ran.lines
    assert "837 institutional (005010X223A2)" in line
    assert ran.text == ""


def test_a_mixed_file_is_checked_and_the_rest_named(tmp_path):
    other = INSTITUTIONAL[INSTITUTIONAL.index(b"ISA") :]
    path = tmp_path / "mixed.837"
    path.write_bytes(FAULTY + other)
    ran = run(*CHECK, path, "--format", "jsonl")
    assert ran.code == 4
    assert len(ran.lines) == 1
    assert "institutional" in ran.lines[0]
    assert [json.loads(line)["rule"] for line in ran.text.splitlines()] == ["INJ-E02"]


def test_standard_input_is_read():
    ran = run(*CHECK, "-", "--format", "jsonl", stdin=FAULTY)
    assert ran.code == 1
    assert json.loads(ran.text)["file"] == "-"
    assert process(*CHECK, "-", stdin=RIGHT).code == 0


def test_a_folder_is_searched_in_order_whatever_the_names(tmp_path):
    for name in ("b.dat", "a", "sub/c.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"\xef\xbb\xbf\r\n" + FAULTY if name == "a" else FAULTY)
    (tmp_path / "notes.837").write_text("no batch")
    (tmp_path / ".part.837").write_bytes(FAULTY)
    os.mkfifo(tmp_path / "pipe")
    ran = run(*CHECK, tmp_path, "--format", "jsonl")
    assert [json.loads(line)["file"] for line in ran.text.splitlines()] == ["a", "b.dat", "sub/c.txt"]
    assert ran.lines == [f"scrubber: {tmp_path}: passed over 1 file that is not X12: notes.837"]
    assert ran.code == 1
    assert run(*CHECK, tmp_path, "--quiet").lines == []


def test_a_folder_without_a_batch_is_unreadable(tmp_path):
    ran = run(*CHECK, tmp_path)
    assert ran.code == 3
    assert "no X12 file" in ran.lines[0]


def test_a_file_named_twice_is_read_once(faulty):
    ran = run(*CHECK, faulty, faulty, faulty.parent, "--format", "jsonl")
    assert len(ran.text.splitlines()) == 1


def test_files_of_one_name_are_told_apart(tmp_path):
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.837").write_bytes(FAULTY)
    ran = run(*CHECK, tmp_path / "x", tmp_path / "y", "--format", "jsonl")
    files = {json.loads(line)["file"] for line in ran.text.splitlines()}
    assert files == {str(tmp_path / "x" / "a.837"), str(tmp_path / "y" / "a.837")}


def test_output_appears_complete(faulty, tmp_path):
    out = tmp_path / "out.jsonl"
    ran = run(*CHECK, faulty, "--format", "jsonl", "-o", out)
    assert (ran.code, ran.text) == (1, "")
    assert out.read_text() == run(*CHECK, faulty, "--format", "jsonl").text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["faulty.837", "out.jsonl"]


def test_output_does_not_appear_when_nothing_could_be_read(foreign, tmp_path):
    out = tmp_path / "out.jsonl"
    out.write_text("before")
    assert run(*CHECK, foreign, "-o", out).code == 3
    assert out.read_text() == "before"
    assert not list(tmp_path.glob(".*"))


def test_output_does_not_appear_when_the_run_breaks(faulty, tmp_path, monkeypatch):
    def missing(self):
        raise TableMissing("em_codes is not there")

    monkeypatch.setattr(Engine, "run", missing)
    ran = run(*CHECK, faulty, "-o", tmp_path / "out.txt")
    assert ran.code == 6
    assert "em_codes" in ran.lines[0]
    assert [path.name for path in tmp_path.iterdir()] == ["faulty.837"]


def test_output_may_not_be_an_input(faulty):
    ran = run(*CHECK, faulty, "-o", faulty)
    assert ran.code == 2
    assert faulty.read_bytes() == FAULTY


def test_output_that_cannot_be_written(faulty, tmp_path):
    ran = run(*CHECK, faulty, "-o", tmp_path / "no" / "out.txt")
    assert ran.code == 2
    assert "cannot be written" in ran.lines[0]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_told(faulty):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "scrubber", *CHECK, str(faulty)],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode not in (0, 1)
    assert done.stderr.decode().startswith("scrubber: standard output: ")
    assert b"Traceback" not in done.stderr


def test_wrong_usage_is_one_line(faulty):
    for args in (
        ("check", "--selct", "A"),
        ("check",),
        ("chek", faulty),
        ("check", faulty, "--select", "INJ-Q"),
        ("check", faulty, "--jobs", "0"),
        ("check", faulty, "--profile", "none.toml"),
    ):
        ran = run(*args)
        assert ran.code == 2, args
        assert len(ran.lines) == 1, args
    assert "did you mean check?" in run("chek").err
    assert "did you mean INJ-E02" in run("check", faulty, "--select", "INJ-E22").err


def test_a_fault_of_ours_is_one_line_without_data(faulty, right, monkeypatch):
    def broken(self):
        raise KeyError("JANE")

    monkeypatch.setattr(Engine, "run", broken)
    ran = run(*CHECK, faulty, right)
    assert ran.code == 3
    assert len(ran.lines) == 2
    assert all("internal fault (KeyError)" in line and "JANE" not in line for line in ran.lines)


def test_one_broken_file_does_not_stop_the_others(faulty, right, monkeypatch):
    whole = Engine.run

    def broken(self):
        if self.batch.name == "right.837":
            raise RuntimeError
        return whole(self)

    monkeypatch.setattr(Engine, "run", broken)
    ran = run(*CHECK, right, faulty, "--format", "jsonl")
    assert ran.code == 4
    assert len(ran.text.splitlines()) == 1


@pytest.mark.parametrize("form", FORMS)
def test_the_report_is_the_same_for_any_number_of_jobs(form, fixtures, tmp_path):
    for n in range(3):
        (tmp_path / f"{n}.837").write_bytes(FAULTY)
    args = (
        "check",
        "--no-guide",
        "--format",
        form,
        fixtures / "b12.837",
        fixtures / "broken-cut.837",
        tmp_path,
    )
    one, two = run(*args), process(*args, "--jobs", "2")
    assert two.out == one.out
    assert (two.code, two.err) == (one.code, one.err)


def test_the_library_says_what_the_command_says(fixtures):
    path = fixtures / "inj-e02.837"
    ran = run("check", path, "--format", "jsonl")
    assert [one.as_dict() for one in scrubber.check(path)] == [
        json.loads(line) for line in ran.text.splitlines()
    ]
    assert [one.rule for one in scrubber.check(FAULTY, select=["INJ-E02"], guide=False)] == ["INJ-E02"]
    assert len(scrubber.check(io.BytesIO(FAULTY))) == len(scrubber.check(FAULTY))


def test_guide_validation_is_on_unless_refused(tmp_path):
    path = tmp_path / "count.837"
    path.write_bytes(RIGHT.replace(b"SE*", b"SE*1"))
    assert [one.rule for one in scrubber.check(path, select=["X12"])] == ["X12-SE-COUNT"]
    assert run("check", path).code == 1
    assert run("check", path, "--no-guide").code == 0
    assert run("check", path, "--ignore", "X12").code == 0


def test_select_and_ignore(faulty):
    def rules(*args):
        found = run(
            "check", "--no-guide", "--all-outcomes", faulty, "--format", "jsonl", *args
        ).text.splitlines()
        return {json.loads(line)["rule"] for line in found}

    everything = rules()
    assert everything <= {one.code for one in all_rules()}
    assert len(everything) > 20
    assert rules("--select", "inj-e") == {code for code in everything if code.startswith("INJ-E")}
    both = rules("--select", "INJ-E", "--select", "INJ-A05")
    assert rules("--select", "INJ-E,INJ-A05", "--ignore", "INJ-E02") == both - {"INJ-E02"}
    assert {"INJ-A05", "INJ-E02"} <= both


def test_a_profile_names_the_payer(faulty, tmp_path):
    profile = tmp_path / "payer.toml"
    profile.write_text('name = "example"\nclass = "tricare"\n')
    found = json.loads(run(*CHECK, faulty, "--profile", profile, "--format", "jsonl").text)
    assert found["payer_class"] == "tricare"


class TestConfiguration:
    def test_the_file_gives_the_defaults_and_the_command_line_wins(self, faulty, tmp_path):
        config = tmp_path / "any.toml"
        config.write_text('select = ["INJ-E02"]\nguide = false\nfail-on = "never"\nformat = "jsonl"\n')
        ran = run("check", faulty, "--config", config)
        assert (ran.code, json.loads(ran.text)["rule"]) == (0, "INJ-E02")
        assert run("check", faulty, "--config", config, "--fail-on", "deny").code == 1

    @pytest.mark.parametrize(
        ("name", "text"),
        [("scrubber.toml", "fail-on = 'never'"), ("pyproject.toml", "[tool.scrubber]\nfail-on = 'never'")],
    )
    def test_it_is_found_in_the_working_folder(self, name, text, faulty, tmp_path, monkeypatch):
        folder = tmp_path / "work"
        folder.mkdir()
        monkeypatch.chdir(folder)
        assert run(*CHECK, faulty).code == 1
        (folder / name).write_text(text)
        assert run(*CHECK, faulty).code == 0

    def test_a_profile_stands_beside_it(self, faulty, tmp_path):
        folder = tmp_path / "site"
        folder.mkdir()
        (folder / "payer.toml").write_text('name = "example"\nclass = "va"\n')
        (folder / "scrubber.toml").write_text('profile = "payer.toml"\n')
        ran = run(*CHECK, faulty, "--config", folder / "scrubber.toml", "--format", "jsonl")
        assert json.loads(ran.text)["payer_class"] == "va"

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("fail_on = 'deny'", "did you mean fail-on?"),
            ("phi = 'show'", '"phi" is unknown'),
            ("select = 'INJ-E02'", "select must be a list of texts"),
            ("select = [1]", "select must be a list of texts"),
            ("guide = 1", "guide must be true or false"),
            ("fail-on = 'sometimes'", "sometimes"),
            ("a = ", "not readable as TOML"),
        ],
    )
    def test_a_wrong_file_is_told(self, text, says, faulty, tmp_path):
        config = tmp_path / "scrubber.toml"
        config.write_text(text)
        ran = run(*CHECK, faulty, "--config", config)
        assert ran.code == 2
        assert says in ran.lines[0]


def test_json_is_one_document_with_the_run_and_the_totals(faulty, foreign):
    document = json.loads(run(*CHECK, faulty, foreign, "--format", "json").text)
    assert document["schema"] == "scrubber.check/1"
    assert document["run"]["select"] == ["INJ-E02"]
    assert [one["rule"] for one in document["findings"]] == ["INJ-E02"]
    summary = document["summary"]
    assert (summary["files"], summary["claims"], summary["lines"]) == (1, 2, 5)
    assert (summary["charges"], summary["line_charges"]) == ("170.00", "170.00")
    assert summary["severities"] == {"reject": 0, "deny": 1, "advise": 0}
    assert summary["injections"] == 2
    assert [one["file"] for one in summary["failures"]] == ["foreign.837"]
    assert json.loads(run(*CHECK, foreign, "--format", "json").text)["findings"] == []


def test_csv_has_a_row_a_finding(fixtures):
    path = fixtures / "inj-e02.837"
    rows = list(csv.DictReader(io.StringIO(run("check", path, "--format", "csv").text)))
    found = [one.as_dict() for one in scrubber.check(path)]
    assert [(row["rule"], row["claim"], row["dollars"]) for row in rows] == [
        (one["rule"], one["claim"], one["dollars"]) for one in found
    ]


def test_a_reader_that_leaves_early_is_no_fault(tmp_path):
    path = tmp_path / "many.837"
    path.write_bytes(b"".join(f"{row}~".encode() for rows, _ in sample(2000) for row in rows))
    for args in (
        ("check", "--no-guide"),
        ("walk",),
        ("walk", "--format", "xml"),
        ("walk", "--format", "jsonl"),
    ):
        command = [sys.executable, "-m", "scrubber", *args, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
            child.stdout.read(100)
            child.stdout.close()
            assert child.stderr.read() == b"", args
        assert child.returncode in (0, 1), args


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_run_leaves_nothing(jobs, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    data = b"".join(f"{row}~".encode() for rows, _ in sample(4000) for row in rows)
    for n in range(16):
        (folder / f"{n}.837").write_bytes(data)
    out = tmp_path / "out.txt"
    child = subprocess.Popen(
        [SCRUBBER, "check", str(folder), "-o", str(out), "--jobs", jobs],
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".out.txt.*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(child.pid, signal.SIGINT)  # as a terminal does it: to the workers too
    try:
        child.wait(timeout=2)
    except subprocess.TimeoutExpired:  # Python drops an interrupt that falls into a destructor: press again
        os.killpg(child.pid, signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert child.returncode == 130
    assert err.decode().splitlines()[-1] == "scrubber: interrupted: nothing is half-written"
    assert b"Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_folder_that_cannot_be_searched_is_told_and_counted(tmp_path, monkeypatch):
    (tmp_path / "a.837").write_bytes(RIGHT)
    closed = tmp_path / "closed"
    closed.mkdir()
    scan = os.scandir

    def scandir(path):
        if Path(path) == closed:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    ran = run(*CHECK, tmp_path)
    assert ran.code == 4
    assert [line.split(": ")[1] for line in ran.lines] == ["closed"]
    alone = run(*CHECK, closed)
    assert (alone.code, [line.split(": ")[1] for line in alone.lines]) == (3, [str(closed)])
