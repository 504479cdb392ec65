"""``scrubber diff``: forms, exit codes, masking, what cannot be read."""

from __future__ import annotations

import json
import re

import pytest
from commands import INSTITUTIONAL, Ran, process, run
from comparing import CLAIM, whole

import loops
from scrubber.diff import compare
from scrubber.sample.batch import sample

FORMS = ("text", "json", "html")
BEFORE = whole(f"{CLAIM}\n=== TEST0002\nCLM*GONE\nSV1*HC:96372*30*UN*1***1")
AFTER = whole(
    CLAIM,
    ("000000001*0*T", "000000002*0*T"),
    ("MI*TEST0001", "MI*TEST0009"),
    ("11:B:1*Y", "11:B:7*Y"),
    ("SV1*HC:96372*30", "SV1*HC:96372:59*30"),
)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "a.837").write_bytes(BEFORE)
    (tmp_path / "b.837").write_bytes(AFTER)
    return tmp_path / "a.837", tmp_path / "b.837"


def test_text(files):
    ran = run("diff", *files)
    assert (ran.code, ran.err) == (1, "")
    assert [line.split() for line in ran.text.splitlines() if "->" in line] == [
        ["a.837", "->", "b.837"],
        ["ISA13", "000000001", "->", "000000002"],
        ["SE01", *"51 -> 37".split()],
        ["2010BA/NM109", "xxxxxxxx", "->", "xxxxxxxx", "(masked)"],
        ["2300/CLM05-03", "1", "->", "7"],
        ["2400/SV101-03", "(absent)", "->", "59"],
    ]
    assert "claim CLAIM1  number 1  $135.00\n" in ran.text
    assert "  line 2  96372  2026-03-02  $30.00\n" in ran.text
    assert "claim GONE  number 2  $30.00  only in a.837\n        1 line: 96372\n" in ran.text
    assert ran.text.endswith("Found:  0 the same, 1 changed, 1 only in a.837, 0 only in b.837\n")


def test_text_without_difference(files):
    ran = run("diff", files[0], files[0])
    assert ran.code == 0
    assert ran.text.endswith("No difference.\n")
    assert run("diff", files[0], files[0], "--quiet").text.count("\n") == 1


def test_json(files):
    ran = run("diff", *files, "--format", "json")
    assert ran.code == 1
    told = json.loads(ran.text)
    assert told["schema"] == "scrubber.diff/1"
    assert (told["before"], told["after"]) == ({"file": "a.837", "claims": 2}, {"file": "b.837", "claims": 1})
    assert [(one["level"], one["claims"]) for one in told["context"]] == [
        ("interchange", 1),
        ("transaction", 1),
        ("subscriber", 1),
    ]
    changed, gone = told["claims"]
    assert (changed["kind"], changed["matched"], gone["kind"]) == ("changed", "claim", "removed")
    assert changed["before"] == {
        "claim": "CLAIM1",
        "claim_index": 1,
        "charge": "135.00",
        "frequency": "1",
        "lines": 3,
    }
    assert changed["after"]["frequency"] == "7"
    assert gone["after"] is None
    change = changed["lines"][0]["changes"][0]
    assert (change["place"], change["before"], change["after"]) == ("2400/SV101-03", None, "59")
    assert change["before_start"] == change["before_end"]
    assert AFTER[change["after_start"] : change["after_end"]] == b"59"
    assert told["summary"] == {
        "same": 0,
        "changed": 1,
        "removed": 1,
        "added": 0,
        "changes": 2,
        "lines": 1,
        "context_changes": 3,
        "different": True,
    }


def test_json_without_difference(files):
    told = json.loads(run("diff", files[0], files[0], "--format", "json").text)
    assert (told["claims"], told["context"], told["notes"], told["summary"]["same"]) == ([], [], [], 2)


@pytest.mark.parametrize("form", FORMS)
def test_data_of_persons_is_masked_unless_asked_for(files, form):
    for secret in (b"TEST0001", b"TEST0009", b"JANE"):
        assert secret in BEFORE + AFTER
        assert secret not in run("diff", *files, "--format", form).out
    shown = run("diff", *files, "--format", form, "--phi", "show").out
    assert b"TEST0001" in shown
    assert b"TEST0009" in shown


@pytest.mark.parametrize("form", FORMS)
def test_what_stands_where_a_code_should_is_masked_too(tmp_path, form):
    """Elements that slipped, a lost terminator, control characters, markup."""
    canaries = ["CANARYLAST", "CANARYFIRST", "19770707", "<script>"]
    broken = [
        ("SV1*HC:96372*30", "SV1*HC:CANARYLAST:CANARYFIRST*19770707"),
        ("CLM*CLAIM1*135", "CLM*CLAIM1*19770707"),
        ("LX*2~", "LX*CANARYFIRST CANARYLAST~"),
        ("HI*ABK:E538~", "HI*ABK:CANARYLAST~CANARYFIRST<script>~"),
        ("~NM1*82", "NM1*82"),
        ("LINE-A", "\x1b[31mCANARYLAST"),
    ]
    for number, change in enumerate(broken):
        path = tmp_path / f"{number}.837"
        path.write_bytes(whole(CLAIM, change))
        good = tmp_path / "good.837"
        good.write_bytes(whole(CLAIM))
        for pair in ((good, path), (path, good)):
            text = run("diff", *pair, "--format", form).text
            page = re.sub(r"<(script|style)>.*?</\1>", "", text, flags=re.DOTALL)
            assert not [one for one in canaries if one in page], (number, page)
            assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


def test_a_claim_recognised_by_its_visit(tmp_path, files):
    again = tmp_path / "again.837"
    again.write_bytes(AFTER.replace(b"CLM*CLAIM1", b"CLM*OTHER").replace(b"TEST0009", b"TEST0001"))
    ran = run("diff", files[0], again)
    assert "-> claim OTHER  number 1  $135.00  recognised by patient, date and provider" in ran.text
    assert (
        json.loads(run("diff", files[0], again, "--format", "json").text)["claims"][0]["matched"] == "patient"
    )


def test_files_of_the_same_name_are_called_by_their_paths(files, tmp_path):
    (tmp_path / "new").mkdir()
    other = tmp_path / "new" / "a.837"
    other.write_bytes(AFTER)
    assert run("diff", files[0], other).text.splitlines()[0] == f"{files[0]} -> {other}"


def test_standard_input_may_be_one_of_them(files):
    ran = run("diff", files[0], "-", stdin=BEFORE)
    assert (ran.code, ran.text.splitlines()[0]) == (0, "a.837 -> -")
    assert _line(run("diff", "-", "-"), 2) == 'only one of the two can be "-"'


def test_what_cannot_be_compared(files, tmp_path):
    (tmp_path / "text").write_bytes(b"no claims here")
    (tmp_path / "institutional.837").write_bytes(INSTITUTIONAL)
    assert _line(run("diff", files[0], tmp_path / "text"), 3).startswith(
        "text: the file does not begin with an ISA"
    )
    assert _line(run("diff", tmp_path / "institutional.837", files[0]), 3).startswith(
        "institutional.837: not read: 837 institutional"
    )
    assert "no such file" in _line(run("diff", files[0], tmp_path / "nowhere"), 3)
    assert _line(run("diff", files[0], tmp_path), 2).endswith("is a folder: name two files")


def test_transactions_of_another_kind_are_left_out_and_said_to_be(files, tmp_path):
    both = tmp_path / "both.837"
    both.write_bytes(BEFORE + INSTITUTIONAL)
    ran = run("diff", both, both)
    assert ran.code == 4
    assert all("not read: 837 institutional" in line for line in ran.lines)
    assert "No difference." in ran.text


def _line(ran: Ran, code: int) -> str:
    assert (ran.code, ran.text) == (code, "")
    (line,) = ran.lines
    return line.removeprefix("scrubber: ")


def test_output_goes_to_a_file_and_never_over_an_input(files, tmp_path):
    target = tmp_path / "told.json"
    assert run("diff", *files, "--format", "json", "-o", target).code == 1
    assert json.loads(target.read_text())["schema"] == "scrubber.diff/1"
    assert run("diff", *files, "-o", files[1]).code == 2
    assert files[1].read_bytes() == AFTER


def test_as_a_process_of_its_own(files):
    ran = process("diff", *files)
    assert ran.code == 1
    assert ran.text == run("diff", *files).text


def test_a_narrow_terminal_gets_long_values_below_one_another(files, monkeypatch, tmp_path):
    monkeypatch.setenv("COLUMNS", "60")
    other = tmp_path / "long.837"
    other.write_bytes(whole(CLAIM, ("LINE-A", "X" * 40)))
    assert f"2400/REF02\n          - LINE-A\n          + {'X' * 40}\n" in run("diff", files[0], other).text


def test_many_claims_with_few_changes():
    """The offsets of each change point into both files, whatever was left out or put in before."""
    data = "".join(f"{segment}~" for piece, _ in sample(500, 2) for segment in piece).encode()
    with loops.read(data) as batch:
        start, end = batch.index.claim_start[3], batch.index.claim_end[3]
    after = (data[:start] + data[end:]).replace(b"SV1*HC:96372*", b"SV1*HC:96372:XU*")
    with loops.read(data) as one, loops.read(after) as other:
        told = list(compare(one, other))
        assert [diff.before.index for diff in told if diff.after is None] == [4]
        changes = [change for diff in told for change in diff.all_changes()]
    assert len(changes) == after.count(b"96372:XU*")
    assert all(after[slice(*change.spot_after[1:])] == b"XU" for change in changes)
