"""``scrubber watch``: on arrival, until a signal ends it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time

import pytest
from batches import FAULTY, RIGHT, check_outbox, claims, tree
from commands import SCRUBBER

from scrubber.batch.intake import Intake
from scrubber.cli.watch import Once, Seen

PATIENCE = 60


@pytest.fixture
def watching(tmp_path):
    """Start a watch with some more arguments; it is ended with the test."""
    (tmp_path / "in").mkdir()
    started = []

    def start(*args):
        command = [SCRUBBER, "watch", tmp_path / "in", "-o", tmp_path / "out"]
        command += ["--settle", "0.1", "--interval", "0.1", *args]
        child = subprocess.Popen(
            [str(one) for one in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        started.append(child)
        return child

    yield start
    for child in started:
        child.kill()
        child.communicate()


def wait_for(what):
    """Wait until something is true."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_on_arrival(number, code, watching, tmp_path):
    inbox, outbox = tmp_path / "in", tmp_path / "out"
    child = watching()
    for n, text in enumerate((FAULTY, RIGHT), 1):
        (inbox / f".{n}").write_bytes(claims(text, RIGHT, control=n))
        (inbox / f".{n}").rename(inbox / f"{n}.837")
        wait_for((outbox / f"reports/{n}.837.run.json").exists)
    (inbox / "link").symlink_to(tmp_path)
    events = []
    too_late = threading.Timer(PATIENCE, child.kill)
    too_late.start()
    for line in child.stderr:
        events.append(json.loads(line))
        if events[-1]["event"] == "note":
            break
    too_late.cancel()
    child.send_signal(number)
    out, err = child.communicate(timeout=PATIENCE)
    assert child.returncode == code
    assert out == b""
    events += [json.loads(line) for line in err.splitlines()]
    assert [event["file"] for event in events if event["event"] == "done"] == ["1.837", "2.837"]
    notes = [event["text"] for event in events if event["event"] == "note"]
    assert notes == [
        "link: is a link, and links are not followed: not read",
        "stopped: nothing is half-written",
    ]
    check_outbox(inbox, outbox)


def test_a_signal_in_the_middle_of_the_work(watching, tmp_path):
    """Whatever was going on is left whole or undone, and the lock is free."""
    inbox, outbox = tmp_path / "in", tmp_path / "out"
    for n in range(1, 40):
        (inbox / f"{n:02}.837").write_bytes(claims(*[FAULTY, RIGHT] * 20, control=n))
    child = watching("--jobs", "2")
    wait_for(
        lambda: any(path.is_file() for path in (outbox / "released").glob("*")) if outbox.exists() else False
    )
    child.send_signal(signal.SIGTERM)
    child.communicate(timeout=PATIENCE)
    assert child.returncode == 0
    assert not list(outbox.rglob("*.part"))
    again = watching()
    wait_for((outbox / "reports/39.837.run.json").exists)
    again.send_signal(signal.SIGTERM)
    again.communicate(timeout=PATIENCE)
    check_outbox(inbox, outbox)


def test_a_file_is_looked_at_once_until_it_changes(tmp_path):
    path = tmp_path / "a.837"
    path.write_bytes(b"one")
    intake, seen = Intake(tmp_path, settle=0), Seen()

    def look():
        found = intake.arrivals(print, seen.has)
        seen.take(found)
        seen.turn()
        return [one.name for one in found]

    assert look() == ["a.837"]
    assert look() == []
    path.write_bytes(b"another")
    assert look() == ["a.837"]
    path.chmod(0o600)
    assert look() == ["a.837"], "it may be readable now"
    content = path.read_bytes()
    path.unlink()
    assert look() == []
    path.write_bytes(content)
    assert look() == ["a.837"]


def test_what_is_true_at_every_look_is_said_once():
    said = []
    once = Once(said.append)
    for lines in (["a", "a", "b"], ["a"], ["a", "b"], [], ["a"]):
        for line in lines:
            once.say(line)
        once.turn()
    assert said == ["a", "b", "b", "a"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="POSIX")
def test_workers_end_with_who_started_them(watching, tmp_path):
    """Killed, it leaves no process behind that goes on to write."""
    inbox, outbox = tmp_path / "in", tmp_path / "out"
    for n in range(1, 30):
        (inbox / f"{n:02}.837").write_bytes(claims(*[FAULTY, RIGHT] * 20, control=n))
    child = watching("--jobs", "2")
    wait_for(lambda: any(outbox.rglob("*.part")) if outbox.exists() else False)
    child.kill()
    child.communicate(timeout=PATIENCE)  # ends when nobody holds its standard error any more
    before = tree(outbox)
    time.sleep(0.3)
    assert tree(outbox) == before
    again = watching()
    wait_for((outbox / "reports/29.837.run.json").exists)
    again.send_signal(signal.SIGTERM)
    again.communicate(timeout=PATIENCE)
    check_outbox(inbox, outbox)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_batch_that_is_interrupted(number, tmp_path):
    """The command of one run ends at once, and the next run does what was left."""
    inbox, outbox = tmp_path / "in", tmp_path / "out"
    inbox.mkdir()
    for n in range(1, 40):
        (inbox / f"{n:02}.837").write_bytes(claims(*[FAULTY, RIGHT] * 20, control=n))
    command = [SCRUBBER, "batch", inbox, "-o", outbox, "--settle", "0", "--jobs", "2"]
    child = subprocess.Popen([str(one) for one in command], stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    wait_for(lambda: any(outbox.rglob("*.part")) if outbox.exists() else False)
    child.send_signal(number)
    _, err = child.communicate(timeout=PATIENCE)
    assert child.returncode == 130
    assert err.decode().splitlines()[-1] == "scrubber: interrupted: nothing is half-written"
    assert not list(outbox.rglob("*.part"))
    done = subprocess.run([str(one) for one in command], capture_output=True, check=False)
    assert done.returncode == 1
    assert b"released    780 claims" in done.stdout or b"done before" in done.stdout
    check_outbox(inbox, outbox)
