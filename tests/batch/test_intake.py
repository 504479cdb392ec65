"""The inbox: what is taken, what is left alone and why, and what outputs are called."""

from __future__ import annotations

import errno
import os
import threading
import time
from pathlib import Path

import pytest
from batches import AT, FAULTY, HOLD, RIGHT, Heard, check_outbox, checker, claims, go, published, tree
from commands import run
from hypothesis import example, given
from hypothesis import strategies as st

from scrubber.batch import intake as module
from scrubber.batch import run as runner
from scrubber.batch import work
from scrubber.batch.intake import Gone, Intake, Opened
from scrubber.batch.names import LONGEST, marked, output_name
from scrubber.batch.outbox import Outbox
from scrubber.batch.setting import Setting, session
from scrubber.errors import ConfigError

SHA = "ab" * 32


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def names(inbox, **more):
    said = []
    found = Intake(inbox, **{"settle": 0, **more}).arrivals(said.append)
    return [one.name for one in found], said


def test_order_and_what_is_passed_over(inbox):
    for name in ("b.837", "a.txt", "c.837.part", "d.tmp", "e.FILEPART", ".hidden", "Z.837"):
        (inbox / name).write_bytes(b"ISA")
    for folder in ("sub", ".cache", "made.tmp"):
        (inbox / folder).mkdir()
        (inbox / folder / "x.837").write_bytes(b"ISA")
    assert names(inbox) == (["Z.837", "a.txt", "b.837", "sub/x.837"], [])


def test_what_is_no_plain_file(inbox, tmp_path):
    (tmp_path / "secret").write_bytes(b"ISA")
    (inbox / "link.837").symlink_to(tmp_path / "secret")
    (inbox / "nowhere").symlink_to(tmp_path / "nothing")
    (inbox / "folder").symlink_to(tmp_path)
    os.mkfifo(inbox / "pipe.837")
    found, said = names(inbox)
    assert found == []
    assert sorted(said) == [
        "folder: is a link, and links are not followed: not read",
        "link.837: is a link, and links are not followed: not read",
        "nowhere: is a link, and links are not followed: not read",
        "pipe.837: is a pipe: not read",
    ]


def test_what_replaces_an_arrival_is_not_followed(inbox, tmp_path):
    (tmp_path / "secret").write_bytes(b"ISA")
    (inbox / "a.837").write_bytes(b"ISA")
    (one,) = Intake(inbox, settle=0).arrivals(print)
    (inbox / "a.837").unlink()
    with pytest.raises(Gone, match="vanished"):
        Opened(one)
    (inbox / "a.837").symlink_to(tmp_path / "secret")
    with pytest.raises(Gone):
        Opened(one)
    (inbox / "a.837").unlink()
    os.mkfifo(inbox / "a.837")
    with pytest.raises(Gone):  # and does not wait for who writes to it
        Opened(one)


def test_still_being_written(inbox):
    growing, whole = inbox / "growing.837", inbox / "whole.837"
    growing.write_bytes(b"ISA")
    whole.write_bytes(b"ISA")
    os.utime(whole, (0, 0))
    stop = threading.Event()

    def write():
        with growing.open("ab") as stream:
            while not stop.wait(0.02):
                stream.write(b"*")
                stream.flush()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        found, said = names(inbox, settle=0.3)
    finally:
        stop.set()
        writer.join()
    assert found == ["whole.837"]
    assert said == ["growing.837: is still being written: left for the next run"]
    assert names(inbox, settle=0.1)[0] == ["growing.837", "whole.837"]


def test_old_files_need_no_wait(inbox, monkeypatch):
    (inbox / "a.837").write_bytes(b"ISA")
    os.utime(inbox / "a.837", (0, 0))
    monkeypatch.setattr(module.time, "sleep", lambda _seconds: pytest.fail("it waited"))
    assert names(inbox, settle=60)[0] == ["a.837"]


def test_a_clock_that_goes_ahead_waits_no_longer_than_the_settle_time(inbox, monkeypatch):
    (inbox / "a.837").write_bytes(b"ISA")
    os.utime(inbox / "a.837", (time.time() + 86400,) * 2)
    waited = []
    monkeypatch.setattr(module.time, "sleep", waited.append)
    assert names(inbox, settle=7)[0] == ["a.837"]
    assert waited == [7]


def test_sentinel(inbox):
    for name in ("a.837", "a.837.ok", "b.837", "orphan.ok"):
        (inbox / name).write_bytes(b"ISA")
    assert names(inbox, sentinel=".ok")[0] == ["a.837"]


def test_changed_while_it_was_read(inbox, tmp_path, monkeypatch):
    (inbox / "a.837").write_bytes(claims(RIGHT))
    (inbox / "b.837").write_bytes(claims(RIGHT, control=2))
    judge = work.Batched.run

    def meddle(self):
        done = judge(self)
        if self.order.name == "a.837":
            (inbox / "a.837").write_bytes(claims(FAULTY, control=3))
        return done

    monkeypatch.setattr(work.Batched, "run", meddle)
    log = Heard()
    totals = go(inbox, tmp_path / "out", log=log)
    assert log.lines == ["a.837: changed while it was read: left for the next run"]
    assert totals.failed == 1
    assert list(tree(tmp_path / "out" / "released")) == ["b.837"]
    monkeypatch.undo()
    go(inbox, tmp_path / "out")
    check_outbox(inbox, tmp_path / "out")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to this user")
def test_not_readable(inbox, tmp_path):
    (inbox / "a.837").write_bytes(claims(RIGHT))
    (inbox / "a.837").chmod(0)
    log = Heard()
    assert go(inbox, tmp_path / "out", log=log).failed == 1
    assert log.lines == ["a.837: permission denied"]


@pytest.mark.parametrize("sentinel", ["", ".ok"])
def test_a_folder_that_cannot_be_searched_is_told_and_counted(sentinel, inbox, tmp_path, monkeypatch):
    (inbox / "a.837").write_bytes(claims(RIGHT))
    (inbox / "a.837.ok").touch()
    closed = inbox / "closed"
    closed.mkdir()
    (closed / "b.837").write_bytes(claims(FAULTY))
    (closed / "b.837.ok").touch()
    scan, fault = os.scandir, PermissionError(errno.EACCES, "Permission denied")

    def scandir(path):
        if Path(path) == closed:
            raise fault
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    log = Heard()
    setting = Setting(tmp_path / "out", checker, HOLD)
    with session(setting, log, AT) as work:
        work.run(Intake(inbox, settle=0, sentinel=sentinel).arrivals(log.say), AT)
    assert log.events["failed"] == 1
    assert work.totals.failed == 1 + (not sentinel)  # a.837.ok is no batch
    assert [line.split(": ")[0] for line in log.lines if line.startswith("closed")] == ["closed"]


def test_folders_that_cannot_be(inbox, tmp_path):
    for args, told in (
        ((tmp_path / "none", "-o", tmp_path / "out"), "is no folder"),
        ((inbox, "-o", inbox / "out"), "must not stand one in the other"),
        ((inbox, "-o", tmp_path), "must not stand one in the other"),
        ((inbox, "-o", inbox), "must not stand one in the other"),
    ):
        ran = run("batch", *args)
        assert ran.code == 2
        assert told in ran.err
    assert list(inbox.iterdir()) == []


def test_a_second_run_on_the_same_outbox(inbox, tmp_path):
    (inbox / "a.837").write_bytes(claims(RIGHT))
    with Outbox(tmp_path / "out"):
        ran = run("batch", inbox, "-o", tmp_path / "out", "--settle", "0")
    assert ran.code == 2
    assert f"another run works on this outbox (process {os.getpid()}): let it finish" in ran.err
    assert run("batch", inbox, "-o", tmp_path / "out", "--settle", "0").code == 0
    with Outbox(tmp_path / "out"), pytest.raises(ConfigError), Outbox(tmp_path / "out"):
        pass


def test_nothing_to_do(inbox, tmp_path):
    ran = run("batch", inbox, "-o", tmp_path / "out")
    assert ran.code == 0
    assert "files     none" in ran.text


# --- names ---


def test_a_name_stands_for_one_content(inbox, tmp_path):
    """The same name every day, as some senders do it: the second content gets a name of its own."""
    outbox = tmp_path / "out"
    for n, text in enumerate((RIGHT, FAULTY, RIGHT), 1):
        (inbox / "daily.837").write_bytes(claims(text, control=n))
        go(inbox, outbox)
        go(inbox, outbox)
    found = [name for name in published(outbox) if name.endswith(".run.json")]
    assert len(found) == 3
    assert "reports/daily.837.run.json" in found
    assert all(name.startswith("reports/daily") for name in found)


def test_subfolders_are_kept_apart(inbox, tmp_path):
    for n, name in enumerate(("a.837", "one/a.837", "two/a.837", "one/two/a.837"), 1):
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_bytes(claims(RIGHT, control=n))
    go(inbox, tmp_path / "out")
    check_outbox(inbox, tmp_path / "out")
    assert sorted(tree(tmp_path / "out" / "released")) == ["a.837", "one/a.837", "one/two/a.837", "two/a.837"]


def test_names_that_differ_in_case(inbox, tmp_path):
    for n, name in enumerate(("CLAIMS.837", "Claims.837", "claims.837"), 1):
        (inbox / name).write_bytes(claims(RIGHT, control=n))
    go(inbox, tmp_path / "out")
    check_outbox(inbox, tmp_path / "out")
    assert len(tree(tmp_path / "out" / "released")) == 3


def test_names_that_differ_in_case_where_that_is_no_difference(inbox, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "_folds_case", lambda _root: str.casefold)
    for n, name in enumerate(("CLAIMS.837", "Claims.837", "claims.837"), 1):
        (inbox / name).write_bytes(claims(RIGHT, control=n))
    go(inbox, tmp_path / "out")
    released = tree(tmp_path / "out" / "released")
    assert len({name.casefold() for name in released}) == 3


def test_names_no_system_likes(inbox, tmp_path):
    odd = ["a\nb.837", "x.reason.json", "x", "n" * 250, "ümlaut.837", "a*b?.837", "end.", b"\xff\xfe.837"]
    for n, name in enumerate(odd, 1):
        path = os.path.join(os.fsencode(inbox), os.fsencode(name))  # noqa: PTH118 - a name that is no text
        with open(path, "wb") as stream:  # noqa: PTH123
            stream.write(claims(RIGHT, control=n) if n != 3 else b"no X12")
    log = Heard()
    totals = go(inbox, tmp_path / "out", log=log)
    assert totals.files == len(odd) - 1
    assert totals.failed == 1
    assert len(tree(tmp_path / "out" / "released")) == len(odd) - 1
    assert go(inbox, tmp_path / "out").again == len(odd)


def test_a_name_never_comes_from_inside(inbox, tmp_path):
    data = claims(RIGHT).replace(b"TESTSENDER     ", b"../../ESCAPED  ")
    (inbox / "a.837").write_bytes(data)
    go(inbox, tmp_path / "out")
    assert sorted(tree(tmp_path / "out" / "released")) == ["a.837"]
    assert not list(tmp_path.rglob("*ESCAPED*"))


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=()), min_size=1))
@example("0" * 201)
def test_output_names_fit_and_stay(name):
    if name in (".", ".."):
        return
    fit = output_name(name, SHA)
    assert output_name(fit, SHA) == fit or fit.endswith(".reason.json")
    assert len(fit.encode()) <= LONGEST + 40
    assert "/" not in fit
    assert fit.isprintable()
    assert fit not in (".", "..", "")
    assert marked(fit, SHA) != fit or SHA[:12] in fit  # a cut name has the mark: no other content takes it


def test_groups_are_counted_wherever_they_stand(tmp_path, monkeypatch):
    monkeypatch.setattr("scrubber.batch.intake._BLOCK", 16)
    for ahead in range(40):
        data = b"x" * ahead + b"~\r\nGS*HC~GS|HC*PAGS*1~\nGS*HC~G"
        (tmp_path / "a.837").write_bytes(data)
        (one,) = Intake(tmp_path, settle=0).arrivals(print)
        with Opened(one) as opened:
            assert opened.groups == 3
