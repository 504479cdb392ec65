"""``scrubber sample`` with ``--days`` and ``--answers``."""

from __future__ import annotations

import json

import pytest
from commands import run

import loops
from scrubber.sample.batch import sample


def folder(path):
    return {one.name: one.read_bytes() for one in path.iterdir()}


def test_a_month_into_folders(tmp_path):
    out, answers = tmp_path / "out", tmp_path / "answers"
    done = run("sample", "-n", "300", "--days", "14", "-o", out, "--answers", answers, "--seed", "5")
    assert done.code == 0
    assert sorted(one.name for one in out.iterdir()) == [
        f"202609{day}.837" for day in (17, 18, 21, 22, 23, 24, 25, 28, 29, 30)
    ]
    planted = [json.loads(row) for row in (tmp_path / "out.truth.jsonl").read_text().splitlines()]
    fates = [json.loads(row) for row in (tmp_path / "answers.truth.jsonl").read_text().splitlines()]
    truth = json.loads((tmp_path / "answers.truth.json").read_text())
    assert [one["claim"] for one in planted] == [one["claim"] for one in fates]
    assert truth["submitted"] == len(fates) >= 300
    assert {one["state"] for one in fates} == {"rejected", "denied", "paid", "open"}
    again, other = tmp_path / "again", tmp_path / "other"
    assert (
        run("sample", "-n", "300", "--days", "14", "-o", again, "--answers", other, "--seed", "5").code == 0
    )
    assert (folder(again), folder(other)) == (folder(out), folder(answers))


def test_answers_to_a_single_batch_leave_the_batch_as_it_is(tmp_path):
    alone, batch, answers = tmp_path / "alone.837", tmp_path / "batch.837", tmp_path / "answers"
    assert run("sample", "-n", "600", "-o", alone).code == 0
    assert run("sample", "-n", "600", "-o", batch, "--answers", answers).code == 0
    assert batch.read_bytes() == alone.read_bytes()
    truth = json.loads((tmp_path / "answers.truth.json").read_text())
    assert truth["submitted"] == 600
    fates = [json.loads(row) for row in (tmp_path / "answers.truth.jsonl").read_text().splitlines()]
    with loops.read(batch) as read:
        places = [(one.id, one.envelope.st02, one.index) for one in read.claims()]
    assert places == [(one["claim"], one["sent"][0]["st02"], one["sent"][0]["claim_index"]) for one in fates]
    assert {one["sent"][0]["file"] for one in fates} == {"batch.837"}
    assert (answers / "batch.999").exists()


def test_days_without_answers(tmp_path):
    assert run("sample", "-n", "20", "--days", "3", "-o", tmp_path / "out").code == 0
    assert sorted(one.name for one in tmp_path.iterdir()) == ["out", "out.truth.jsonl"]


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "answers").mkdir()
    args = ("-o", tmp_path / "out", "--days", "2", "--answers", tmp_path / "answers")
    assert run("sample", "-n", "20", *args).code == 0
    assert list((tmp_path / "answers").iterdir())


@pytest.mark.parametrize(
    ("output", "days", "answers", "says"),
    [
        ("full", ("--days", "3"), "answers", "not an empty folder"),
        ("out", ("--days", "3"), "full", "not an empty folder"),
        ("out", ("--days", "3"), "full/file", "not an empty folder"),
        ("out", ("--days", "3"), "out/answers", "must stand apart"),
        ("out", ("--days", "3"), "out", "must stand apart"),
        ("answers/a.837", (), "answers", "must stand apart"),
        ("out", ("--days", "91"), "answers", "91"),
        ("no/out", ("--days", "3"), "answers", "cannot be written"),
    ],
)
def test_wrong_usage_writes_nothing(tmp_path, output, days, answers, says):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    done = run("sample", "-n", "5", "-o", tmp_path / output, *days, "--answers", tmp_path / answers)
    assert done.code == 2
    assert says in done.err
    assert sorted(tmp_path.rglob("*")) == before


def test_the_pieces_of_a_batch_know_their_claims():
    counted = 0
    for segments, piece in sample(700, 2):
        if piece:
            assert all(segments[at - 1].startswith(f"CLM*{claim.control}*") for claim, at in piece.claims)
            counted += len(piece.claims)
    assert counted == 700
