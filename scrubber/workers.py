"""Worker processes: they hear no signal, and end with the process that began them, however that ends."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from multiprocessing import resource_tracker
from multiprocessing.process import BaseProcess
from typing import Final

from scrubber.errors import ScrubberError

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def workers(jobs: int, begin: Callable[[], object] | None = None) -> Iterator[ProcessPoolExecutor]:
    """`jobs` processes, which start at once, call `begin`, and are ended at the end of the block.

    A signal that comes while they start is heard once they have. Raises ScrubberError when one died.
    """
    others = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        with _undisturbed():
            pool = ProcessPoolExecutor(jobs, context, _begin, (begin, gc.get_threshold()))
            stack.callback(_end, pool, others)
            for _ in range(jobs):  # a process starts when it is asked for something
                pool.submit(os.getpid)
        try:
            yield pool
        except BrokenProcessPool as fault:
            raise ScrubberError(
                "a worker process died: the inputs it had are untouched, run again"
            ) from fault


def _end(pool: ProcessPoolExecutor, others: set[BaseProcess]) -> None:
    """End the processes at once: what they gave is here, and nobody waits for more."""
    for worker in set(multiprocessing.active_children()) - others:
        worker.kill()
    pool.shutdown(cancel_futures=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let the block end before a signal is heard; a process that starts in it never hears one.

    A terminal sends its interrupt to every process, a service manager its signal to stop: one that is just
    starting would die of it with a traceback, and a pool that is half made cannot be ended.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # on its start it would let the signals through
    heard: list[int] = []
    main = threading.current_thread() is threading.main_thread()  # no other hears signals
    before = {one: signal.signal(one, lambda got, _: heard.append(got)) for one in _SIGNALS if main}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for one, handler in before.items():
            signal.signal(one, handler)
        for got in heard:
            signal.raise_signal(got)


def _begin(begin: Callable[[], object] | None, thresholds: tuple[int, int, int]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where it could not be blocked
    gc.set_threshold(*thresholds)  # as seldom as in the process that begins them
    threading.Thread(target=_follow, daemon=True).start()
    if begin is not None:
        begin()


def _follow() -> None:
    """End with the parent, however that ends: nobody would take what is made here."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
