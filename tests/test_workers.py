"""Worker processes: deaf to signals, begun at once, ended with the block and nobody else."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time

import pytest

from scrubber.errors import ScrubberError
from scrubber.workers import ProcessPoolExecutor, workers

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")


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


def test_they_hear_no_signal_and_end_with_the_block():
    heard = deaf()
    with workers(2) as pool:
        assert {signal.SIGINT, signal.SIGTERM} <= pool.submit(deaf).result()
        assert deaf() == heard
        began = pids(pool, 2)
        assert {child.pid for child in multiprocessing.active_children()} >= began
    assert not {child.pid for child in multiprocessing.active_children()} & began


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_they_start_is_heard_when_they_have(number, monkeypatch):
    before = set(multiprocessing.active_children())
    submit = ProcessPoolExecutor.submit
    started = []

    def disturbed(pool, *args):
        signal.raise_signal(number)
        started.append(submit(pool, *args))
        return started[-1]

    def hear(got, _frame):
        assert got == number
        raise KeyboardInterrupt

    monkeypatch.setattr(ProcessPoolExecutor, "submit", disturbed)
    handler = signal.signal(number, hear)
    try:
        with pytest.raises(KeyboardInterrupt), workers(2):
            raise AssertionError("the block is not entered")
    finally:
        assert signal.signal(number, handler) is hear
    assert len(started) == 2
    assert set(multiprocessing.active_children()) <= before


def test_one_that_died_is_told():
    with pytest.raises(ScrubberError, match="a worker process died"), workers(1) as pool:
        pool.submit(os._exit, 3).result()


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
