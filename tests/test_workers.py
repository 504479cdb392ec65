"""Worker processes: deaf to signals, begun at once, ended with the block and nobody else."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scrubber.errors import ScrubberError
from scrubber.workers import ProcessPoolExecutor, workers

masked = pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="no signal can be blocked here")


def deaf() -> set[int]:
    """The signals that this process does not hear."""
    return {int(number) for number in signal.pthread_sigmask(signal.SIG_BLOCK, ())}


def pids(pool, jobs: int) -> set[int]:
    """The processes of a pool."""
    found = set()
    while len(found) < jobs:
        found |= set(pool.map(_pid, range(jobs)))
    return found


def _pid(_number: int) -> int:
    time.sleep(0.01)  # so that another has its turn
    return os.getpid()


def begun_elsewhere() -> set[int]:
    """The signals that a worker does not hear that another thread than the main one began."""
    with workers(1) as pool:
        return pool.submit(deaf).result()


@masked
def test_they_hear_no_signal_whichever_thread_begins_them():
    heard = deaf()
    with workers(1) as pool, ThreadPoolExecutor(1) as thread:
        assert {signal.SIGINT, signal.SIGTERM} <= pool.submit(deaf).result()
        assert {signal.SIGINT, signal.SIGTERM} <= thread.submit(begun_elsewhere).result()
        assert deaf() == heard


@masked
def test_nor_does_the_first_one_of_a_program():
    """Before it multiprocessing begins a process of its own, and then lets signals through again."""
    program = (
        "import signal\n"
        "from scrubber.workers import workers\n"
        "with workers(1) as pool:\n"
        "    heard = pool.submit(signal.pthread_sigmask, signal.SIG_BLOCK, ()).result()\n"
        "    assert {signal.SIGINT, signal.SIGTERM} <= heard, heard\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def late(path: Path) -> None:
    """Leave a file, some time after the beginning."""
    path.with_suffix(".begun").touch()
    time.sleep(2)
    path.touch()


def test_the_end_of_the_block_ends_them_at_work(tmp_path):
    with workers(1) as pool:
        pool.submit(late, tmp_path / "done")
        while not (tmp_path / "done.begun").exists():
            time.sleep(0.01)
    assert not (tmp_path / "done").exists()


def test_they_end_with_the_block():
    with workers(2) as pool:
        began = pids(pool, 2)
        assert {child.pid for child in multiprocessing.active_children()} >= began
    assert not {child.pid for child in multiprocessing.active_children()} & began


@masked
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_they_start_is_heard_when_they_have(number, monkeypatch):
    before = set(multiprocessing.active_children())
    submit = ProcessPoolExecutor.submit
    started = []

    def disturbed(pool, *args):
        os.kill(os.getpid(), number)  # to whichever thread takes it
        started.append(submit(pool, *args))
        return started[-1]

    def hear(got, _frame):
        assert got == number
        raise KeyboardInterrupt

    monkeypatch.setattr(ProcessPoolExecutor, "submit", disturbed)
    over = threading.Event()
    threading.Thread(target=over.wait).start()
    handler = signal.signal(number, hear)
    try:
        with pytest.raises(KeyboardInterrupt), workers(2):
            raise AssertionError("the block is not entered")
    finally:
        over.set()
        assert signal.signal(number, handler) is hear
    assert len(started) == 2
    assert set(multiprocessing.active_children()) <= before


def dying(path: Path) -> None:
    """One works, the other dies."""
    with workers(2) as pool:
        pool.submit(late, path)
        pool.submit(os._exit, 3).result()


def test_one_that_died_is_told_and_the_others_end(tmp_path):
    with pytest.raises(ScrubberError, match="a worker process died"):
        dying(tmp_path / "done")
    assert not (tmp_path / "done").exists()


def test_the_processes_of_others_live_on():
    other = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(60,))
    other.start()
    try:
        with workers(1) as pool:
            pool.submit(os.getpid).result()
        assert other.is_alive()
    finally:
        other.kill()
        other.join()
