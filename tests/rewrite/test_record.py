"""The edit record and the draft: undo byte for byte; complete or not at all; never onto an input."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fixing import replacing, settled, text
from hypothesis import given
from hypothesis import strategies as st

from loops.source import open_source
from scrubber.errors import ConfigError, GuardError, ScrubberError
from scrubber.finding import Edit, Safety
from scrubber.rewrite import record
from scrubber.rewrite.changes import By, Change
from scrubber.rewrite.draft import Draft
from scrubber.rewrite.splice import in_order, spliced


def sha(data: bytes) -> str:
    return record.sha256(open_source(data))


def change(edit: Edit) -> Change:
    return Change(edit, "CLAIM1", 1, (By("INJ-T01", "1", "2400/SV101", Safety.FORMAT, "mend it"),))


TIME = datetime(2026, 11, 23, 12, tzinfo=UTC)


def written(folder: Path, *files: tuple[str, bytes, list[Edit]]) -> tuple[Path, Path]:
    """The record of some files (name, original, edits), and what became of the last one."""
    recorder, rows = record.Recorder(TIME), []
    for name, data, edits in files:
        out = spliced(data, edits)
        rows += recorder.lines(name, [change(edit) for edit in edits], sha(data), sha(out))
    (folder / "out").write_bytes(out)
    (folder / "edits.jsonl").write_bytes(b"".join(rows))
    return folder / "edits.jsonl", folder / "out"


def one(folder: Path, data: bytes, edits: list[Edit]) -> tuple[Path, Path]:
    return written(folder, ("a.837", data, edits))


@given(st.data())
def test_undo_gives_the_original_back(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("undo")
    original = data.draw(st.binary(max_size=60))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(original)), max_size=6)))
    spans = zip(cuts[::2], cuts[1::2], strict=False)
    edits = in_order(Edit(a, b, original[a:b], data.draw(st.binary(max_size=4))) for a, b in spans)
    edits_file, out = one(folder, original, edits)
    assert record.undo(edits_file, out, folder / "back") == len(edits)
    assert (folder / "back").read_bytes() == original


def test_the_record_says_who_did_what_where(tmp_path):
    outcome, _ = settled(text("SV1*HC:96372:kx*30*UN*1***1"), replacing("INJ-T01", b"kx", b"KX"))
    (row,) = map(json.loads, record.Recorder(TIME).lines("a.837", outcome.changes, "1" * 64, "2" * 64))
    edit = outcome.changes[0].edit
    own = row.pop("hash")
    assert own == record.digest(row)
    assert row == {
        "schema": "scrubber.edit/1",
        "file": "a.837",
        "rule": "INJ-T01",
        "claim": "CLAIM1",
        "claim_index": 1,
        "line": "1",
        "place": "2400/SV101",
        "byte_start": edit.start,
        "byte_end": edit.end,
        "before": "kx",
        "after": "KX",
        "safety": "format",
        "title": "write INJ-T01",
        "approver": None,
        "reason": None,
        "by": [
            {
                "rule": "INJ-T01",
                "line": "1",
                "place": "2400/SV101",
                "safety": "format",
                "title": "write INJ-T01",
            }
        ],
        "tables": [],
        "time": "2026-11-23T12:00:00+00:00",
        "sha256_before": "1" * 64,
        "sha256_after": "2" * 64,
        "prev": "0" * 64,
    }


def test_a_file_without_edits_has_a_record_too_and_can_be_undone(tmp_path):
    edits_file, out = one(tmp_path, b"whatever", [])
    assert json.loads(edits_file.read_bytes())["rule"] is None
    assert record.undo(edits_file, out, tmp_path / "back") == 0
    assert (tmp_path / "back").read_bytes() == b"whatever"


def test_of_a_record_of_several_files_the_right_one_is_taken(tmp_path):
    edits_file, out = written(
        tmp_path,
        ("a.837", b"abcdef", [Edit(1, 2, b"b", b"xy")]),
        ("b.837", b"abcdeg", [Edit(0, 1, b"a", b"")]),
    )
    record.undo(edits_file, out, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == b"abcdeg"


def test_bytes_of_any_value_go_through_the_record(tmp_path):
    original = bytes(range(256))
    edits_file, out = one(tmp_path, original, [Edit(0, 200, original[:200], original[::-1])])
    record.undo(edits_file, out, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == original


def test_undo_of_another_file_is_refused(tmp_path):
    edits_file, out = one(tmp_path, b"abcdef", [Edit(1, 2, b"b", b"xy")])
    out.write_bytes(out.read_bytes() + b"\n")
    with pytest.raises(GuardError, match="hash"):
        record.undo(edits_file, out, tmp_path / "back")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["edits.jsonl", "out"]


def rows_of(edits_file: Path) -> list[dict]:
    return [json.loads(line) for line in edits_file.read_bytes().splitlines()]


def write(edits_file: Path, rows: list[dict], *, chained: bool) -> None:
    """Write rows again; with `chained` as one who makes a new chain of them would."""
    last = record.BEGIN
    for row in rows if chained else ():
        row["prev"] = last
        last = row["hash"] = record.digest(row)
    edits_file.write_text("".join(json.dumps(row) + "\n" for row in rows))


TWO = [Edit(1, 2, b"b", b"xy"), Edit(4, 5, b"e", b"")]
TAMPERED = [
    ("before", "c"),  # the original would be another
    ("after", "xz"),  # the output is another
    ("byte_start", 0),
    ("byte_start", -5),
    ("byte_end", 99),
    ("sha256_before", "0" * 64),
    ("sha256_after", "0" * 64),
]


@pytest.mark.parametrize("chained", [False, True])
@pytest.mark.parametrize(("key", "value"), TAMPERED)
def test_a_record_that_was_tampered_with_is_refused(tmp_path, key, value, chained):
    edits_file, out = one(tmp_path, b"abcdef", TWO)
    rows = rows_of(edits_file)
    rows[0][key] = value
    write(edits_file, rows, chained=chained)
    with pytest.raises(GuardError) as told:
        record.undo(edits_file, out, tmp_path / "back")
    assert ("the chain is broken at line 1" in str(told.value)) is not chained
    assert not (tmp_path / "back").exists()


@pytest.mark.parametrize(
    "key", ["rule", "claim", "line", "place", "safety", "approver", "reason", "time", "tables"]
)
def test_the_chain_holds_who_did_it_too(tmp_path, key):
    edits_file, out = one(tmp_path, b"abcdef", TWO)
    rows = rows_of(edits_file)
    rows[1][key] = "another"
    write(edits_file, rows, chained=False)
    with pytest.raises(GuardError, match="broken at line 2: the record was changed"):
        record.undo(edits_file, out, tmp_path / "back")


@pytest.mark.parametrize(
    ("title", "break_", "line"),
    [
        ("one taken out", lambda rows: rows[1:], 1),
        ("the middle taken out", lambda rows: [rows[0], rows[2]], 2),
        ("two moved", lambda rows: [rows[1], rows[0], rows[2]], 1),
        ("one twice", lambda rows: [rows[0], rows[0], *rows[1:]], 2),
    ],
)
def test_records_taken_out_moved_or_put_in_break_the_chain(tmp_path, title, break_, line):
    edits_file, out = one(tmp_path, b"abcdefghi", [*TWO, Edit(7, 7, b"", b"!")])
    write(edits_file, break_(rows_of(edits_file)), chained=False)
    with pytest.raises(GuardError, match=f"broken at line {line}: it does not follow"):
        record.undo(edits_file, out, tmp_path / "back")
    assert not (tmp_path / "back").exists()


def test_records_cut_off_at_the_end_do_not_give_the_original(tmp_path):
    edits_file, out = one(tmp_path, b"abcdef", TWO)
    write(edits_file, rows_of(edits_file)[:1], chained=False)
    with pytest.raises(GuardError, match="not the recorded original"):
        record.undo(edits_file, out, tmp_path / "back")
    assert not (tmp_path / "back").exists()


def test_what_is_billed_is_not_changed_without_an_approver(tmp_path):
    edits_file, out = one(tmp_path, b"abcdef", TWO)
    rows = rows_of(edits_file)
    rows[1]["safety"] = "suggested"
    write(edits_file, rows, chained=True)
    with pytest.raises(GuardError, match="line 2 changes what is billed and names no approver"):
        record.undo(edits_file, out, tmp_path / "back")


def test_a_chain_goes_on_from_file_to_file(tmp_path):
    edits_file, _ = written(tmp_path, ("a.837", b"abcdef", TWO), ("b.837", b"xy", []))
    rows = rows_of(edits_file)
    assert [row["prev"] for row in rows] == [record.BEGIN, rows[0]["hash"], rows[1]["hash"]]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "1",
        '{"schema": 1}',
        "\x00",
        '{"sha256_after": null, "file": 1',
        "",
        "[" * 99999,
        '"' + "9" * 9,
    ],
)
def test_what_is_no_record_is_told_with_its_line(tmp_path, line):
    edits_file, out = one(tmp_path, b"abcdef", [Edit(1, 2, b"b", b"xy")])
    edits_file.write_text(edits_file.read_text() + line + "\n")
    with pytest.raises(GuardError, match="line 2 is no edit record"):
        record.undo(edits_file, out, tmp_path / "back")


def test_a_record_of_another_schema_is_told(tmp_path):
    edits_file, out = one(tmp_path, b"abcdef", TWO)
    rows = [row | {"schema": "scrubber.edit/9"} for row in rows_of(edits_file)]
    write(edits_file, rows, chained=True)
    with pytest.raises(GuardError, match="line 1 is no edit record of schema"):
        record.undo(edits_file, out, tmp_path / "back")


def test_a_draft_appears_complete_or_not_at_all(tmp_path):
    target = tmp_path / "out.837"
    target.write_bytes(b"older")
    with Draft(target) as draft:
        draft.write(lambda out: out.write(b"first, and longer"))
        draft.write(lambda out: out.write(b"second"))
        assert target.read_bytes() == b"older"
        draft.publish()
    assert target.read_bytes() == b"second"
    with Draft(target) as draft, pytest.raises(ZeroDivisionError):
        draft.write(lambda out: out.write(b"third" * (1 // 0)))
    assert target.read_bytes() == b"second"
    assert [path.name for path in tmp_path.iterdir()] == ["out.837"]


def test_a_draft_is_for_its_owner_alone_and_takes_the_permissions_of_the_input(tmp_path):
    source, target = tmp_path / "in.837", tmp_path / "out.837"
    source.write_bytes(b"x")
    source.chmod(0o640)
    with Draft(target, [source]) as draft:
        assert draft.path.stat().st_mode & 0o777 == 0o600
        draft.publish()
    assert target.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("link", ["same", "symbolic", "hard", "dots"])
def test_never_onto_the_input(tmp_path, link):
    source = tmp_path / "in.837"
    source.write_bytes(b"x")
    target = tmp_path / "other.837"
    if link == "same":
        target = source
    elif link == "symbolic":
        target.symlink_to(source)
    elif link == "hard":
        os.link(source, target)
    else:
        target = tmp_path / ".." / tmp_path.name / "in.837"
    with pytest.raises(ConfigError, match="is an input"):
        Draft(target, [source])
    assert source.read_bytes() == b"x"


@pytest.mark.parametrize("target", ["/dev/null", "."])
def test_only_plain_files_are_replaced(target):
    with pytest.raises(ConfigError, match="not a plain file"):
        Draft(Path(target), [])


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ScrubberError, match="cannot be written"):
        Draft(tmp_path / "no" / "out", [])
