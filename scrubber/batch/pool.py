"""Several processes that work on inputs; what they give comes back in the order in which it was asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from scrubber.batch.task import Done, Order, Task
from scrubber.batch.work import work
from scrubber.workers import workers

if TYPE_CHECKING:
    from scrubber.checker import Checker

_AHEAD: Final = 3  # pieces of work a process: what is done early waits on the disk, and not in memory
_SMALL_FILES: Final = 16
_SMALL_BYTES: Final = 1 << 20


@contextmanager
def pooled(jobs: int, checker: Callable[[], Checker]) -> Iterator[Pool]:
    """`jobs` processes, each with a checker of its own; raises as `workers`."""
    with workers(jobs, partial(_begin, checker)) as processes:
        yield Pool(jobs, processes)


class Pool:
    """`jobs` processes, that are asked for pieces of work."""

    def __init__(self, jobs: int, processes: ProcessPoolExecutor) -> None:
        self._jobs = jobs
        self._processes = processes

    def work(self, task: Task, orders: Iterable[Order]) -> Iterator[Done]:
        """Work on the orders. Raises as `work.work`."""
        asked: deque[Future[list[Done]]] = deque()
        for piece in _pieces(orders):
            asked.append(self._processes.submit(_work, task, piece))
            if len(asked) >= self._jobs * _AHEAD:
                yield from asked.popleft().result()
        while asked:
            yield from asked.popleft().result()


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


def _begin(checker: Callable[[], Checker]) -> None:
    _own.append(checker())


def _work(task: Task, orders: list[Order]) -> list[Done]:
    return [work(task, order, _own[0]) for order in orders]
