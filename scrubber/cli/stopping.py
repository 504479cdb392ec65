"""Stop on a signal: at once where nothing is lost, else as soon as what must not be torn is done."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """Whether a signal asked to stop. Made by `stopping`."""

    def __init__(self) -> None:
        self.wanted = 0
        self._shielded = False

    @contextmanager
    def shield(self) -> Iterator[None]:
        """Let the block end before a signal is heard."""
        self._shielded = True
        try:
            yield
        finally:
            self._shielded = False
        if self.wanted:
            raise KeyboardInterrupt

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        self.wanted = number
        if not self._shielded:
            raise KeyboardInterrupt


@contextmanager
def stopping() -> Iterator[Stop]:
    """Hear SIGINT and SIGTERM inside the block, as KeyboardInterrupt."""
    stop = Stop()
    before = {number: signal.signal(number, stop._hear) for number in (signal.SIGINT, signal.SIGTERM)}  # noqa: SLF001
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
