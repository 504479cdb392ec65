"""A disk that fails at its n-th deed, for every n: a clean error, and nothing half, then or after the next run."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing

import pytest
from batches import FAULTY, RIGHT, Failing, Heard, check_outbox, claims, go, published, tree
from commands import process

from scrubber.errors import ScrubberError
from scrubber.ledger import open_ledger

KINDS = ("create", "write", "sync", "rename", "sync folder", "make folder", "remove")


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.837").write_bytes(claims(FAULTY, RIGHT))
    (folder / "b.837").write_bytes(claims(RIGHT, control=2))
    (folder / "c.txt").write_bytes(b"no X12")
    (folder / "sub" / "a.837").write_bytes(claims(FAULTY, control=3))
    (folder / "twice.837").write_bytes(claims(RIGHT, control=2))
    return folder


def runs(outbox):
    """The inputs that the ledger has; none when there is no ledger yet."""
    path = outbox / "ledger.sqlite"
    if not path.exists():
        return set()
    with open_ledger(path) as book:
        return {run.name for run in book.runs()}


@pytest.mark.parametrize("kind", KINDS)
def test_every_deed_fails_once(kind, inbox, tmp_path):
    before, whole = tree(inbox), tmp_path / "whole"
    go(inbox, whole)
    expected = published(whole)
    number, failures = 0, 0
    while True:
        number += 1
        outbox = tmp_path / f"out{number}"
        disk, log = Failing(kind, number), Heard()
        told = ""
        try:
            go(inbox, outbox, disk=disk, log=log)
        except ScrubberError as fault:
            told = str(fault)
        assert not told or "no space left on device" in told
        failures += bool(told)
        assert tree(inbox) == before
        if not disk.failed:
            break
        known = runs(outbox)
        seen = {name for name in published(outbox) if not name.endswith(".part")}
        released = {name.removeprefix("released/") for name in seen if name.startswith("released/")}
        assert released <= known, "what may be sent is in the ledger"
        go(inbox, outbox)
        check_outbox(inbox, outbox)
        assert set(published(outbox)) == set(expected)
        for name, data in published(outbox).items():
            if name.startswith(("released/", "held/", "bad/")) and not name.endswith("reason.json"):
                assert data == expected[name]
    assert number > 2
    assert failures or kind == "remove"


def test_a_failing_disk_leaves_the_other_files_of_the_outbox_alone(inbox, tmp_path):
    outbox = tmp_path / "out"
    go(inbox, outbox)
    before = published(outbox)
    (inbox / "new.837").write_bytes(claims(FAULTY, control=9))
    with pytest.raises(ScrubberError):
        go(inbox, outbox, disk=Failing("sync", 2))
    assert published(outbox) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to this user")
def test_an_outbox_that_may_not_be_written(inbox, tmp_path):
    outbox = tmp_path / "out"
    outbox.mkdir(mode=0o500)
    with pytest.raises(ScrubberError, match="cannot be written: permission denied"):
        go(inbox, outbox)
    assert tree(outbox) == {}


def test_a_folder_of_the_outbox_is_a_file(inbox, tmp_path):
    outbox = tmp_path / "out"
    outbox.mkdir()
    (outbox / "held").write_bytes(b"")
    with pytest.raises(ScrubberError, match="held: cannot be written"):
        go(inbox, outbox)
    assert runs(outbox) == set()


def test_the_line_tells_the_path(inbox, tmp_path):
    disk = Failing("rename", 1, errno.EROFS)
    with pytest.raises(ScrubberError, match="read-only file system"):
        go(inbox, tmp_path / "out", disk=disk)


def test_a_ledger_that_takes_no_claim_ends_the_command_with_one_line(inbox, tmp_path):
    outbox = tmp_path / "out"
    (tmp_path / "empty").mkdir()
    assert process("batch", tmp_path / "empty", "-o", outbox, "--settle", 0).code == 0
    with closing(sqlite3.connect(outbox / "ledger.sqlite")) as book:
        refuse = "BEFORE INSERT ON ledger_claims BEGIN SELECT RAISE(ABORT, 'no more'); END"
        book.execute(f"CREATE TRIGGER refuse {refuse}")
        book.commit()
    before = tree(inbox)
    ran = process("batch", inbox, "-o", outbox, "--settle", 0)
    said = [line for line in ran.err.splitlines() if not line.startswith("{")]
    assert (ran.code, len(said)) == (2, 1)
    assert said[0].startswith(f"scrubber: {outbox / 'ledger.sqlite'}: ")
    assert tree(inbox) == before
    assert not [name for name in published(outbox) if name.startswith(("released/", "held/"))]
