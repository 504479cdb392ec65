"""Several processes that work on inputs; what they give comes back in the order in which it was asked for."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from scrubber.batch.task import Done, Order, Task
from scrubber.batch.work import work
from scrubber.errors import ScrubberError

if TYPE_CHECKING:
    from scrubber.checker import Checker

_AHEAD: Final = 3  # pieces of work a process: what is done early waits on the disk, and not in memory
_SMALL_FILES: Final = 16
_SMALL_BYTES: Final = 1 << 20


class Pool:
    """`jobs` processes, which begin at once. Use it in a ``with``."""

    def __init__(self, jobs: int, checker: Callable[[], Checker]) -> None:
        self._jobs = jobs
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(jobs, context, _begin, (checker, gc.get_threshold()))
        for _ in range(jobs):  # a process begins when it is asked for something
            self._pool.submit(os.getpid)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """End the processes at once: what they gave is here, and nobody waits for more."""
        for worker in multiprocessing.active_children():
            worker.terminate()
        self._pool.shutdown(cancel_futures=True)

    def work(self, task: Task, orders: Iterable[Order]) -> Iterator[Done]:
        """Work on the orders. Raises as `work.work`, and ScrubberError when a process died."""
        asked: deque[Future[list[Done]]] = deque()
        try:
            for piece in _pieces(orders):
                asked.append(self._pool.submit(_work, task, piece))
                if len(asked) >= self._jobs * _AHEAD:
                    yield from asked.popleft().result()
            while asked:
                yield from asked.popleft().result()
        except BrokenProcessPool as fault:
            raise ScrubberError(
                "a worker process died: the inputs it had are untouched, run again"
            ) from fault


def _pieces(orders: Iterable[Order]) -> Iterator[list[Order]]:
    """Small files together: sending one over takes as long as working on it."""
    piece: list[Order] = []
    size = 0
    for order in orders:
        piece.append(order)
        size += order.arrival.size
        if size >= _SMALL_BYTES or len(piece) >= _SMALL_FILES:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


_own: list[Checker] = []
"""The checker of this process, made once: in a worker only."""


def _begin(checker: Callable[[], Checker], thresholds: tuple[int, int, int]) -> None:
    gc.set_threshold(*thresholds)  # as seldom as in the process that begins them
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends the workers
    threading.Thread(target=_follow, daemon=True).start()
    _own.append(checker())


def _follow() -> None:
    """End with the parent, however that ends: nobody would take what is made here."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(task: Task, orders: list[Order]) -> list[Done]:
    return [work(task, order, _own[0]) for order in orders]
