"""Every file of the reference corpus, of every kind: a result or one line, the right exit code, never a traceback."""

from __future__ import annotations

import csv
import json

import pytest
from commands import run

from scrubber.errors import FINDINGS, OK, PARTLY, UNREADABLE

OURS = ("005010X222", "005010X222A1", "005010X222A2")


@pytest.mark.shared
def test_every_file_gives_a_result_or_one_line(shared):
    with (shared / "corpus" / "INDEX.csv").open(encoding="utf-8") as index:
        rows = list(csv.DictReader(index))
    wrong = []
    read = 0
    for row in rows:
        path = shared / "corpus" / row["file"]
        ran = run("check", path, "--format", "jsonl", "--fail-on", "advise")
        failed = any(json.loads(line)["outcome"] == "fail" for line in ran.text.splitlines())
        told = len(ran.lines)
        good = {
            OK: told == 0 and not failed,
            FINDINGS: told == 0 and failed,
            UNREADABLE: told == 1 and not ran.text,
            PARTLY: told == 1,
        }.get(ran.code, False)
        if not good or "internal fault" in ran.err or "ENG-" in ran.text:
            wrong.append((row["file"], ran.code, ran.err))
        read += ran.code in (OK, FINDINGS)
        if row["file"].startswith("837p/") and row["guide"] in OURS and ran.code == UNREADABLE:
            wrong.append((row["file"], "not read", ran.err))
    assert not wrong
    assert read >= 100
    assert len(rows) > 500
