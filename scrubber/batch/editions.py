"""A batch with edits made, written and read back: in memory when small, else in a file of the outbox."""

from __future__ import annotations

import io
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from scrubber.batch.files import IN_MEMORY, Part
from scrubber.batch.outbox import OWN
from scrubber.rewrite.splice import splice

if TYPE_CHECKING:
    from loops import Batch
    from loops.source import Readable
    from scrubber.batch.task import Task
    from scrubber.checker import Checker
    from scrubber.finding import Edit


class Editions:
    """Makes editions of `batch`, one at a time. Use it in a ``with``: the last one goes with it.

    `name` is one that no other file of the run has in the outbox's own folder. `data` is the last edition
    for code that counts it; None while there was none.
    """

    def __init__(self, task: Task, checker: Checker, batch: Batch, name: str) -> None:
        self._task, self._checker, self._batch = task, checker, batch
        self._target = task.root / OWN / name
        self._part: Part | None = None
        self.data: Readable | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drop()

    def render(self, edits: Iterable[Edit]) -> Batch:
        """The batch with `edits` made to its bytes; the edition before must not be read any more."""
        self._drop()
        if len(self._batch.source) <= IN_MEMORY:
            out = io.BytesIO()
            splice(self._batch.source, edits, out)
            self.data = out.getvalue()
        else:
            self._part = Part(self._task.disk, self._target, self._task.token, 0)
            splice(self._batch.source, edits, self._part.stream)
            self._part.finish()
            self.data = self._part.path
        return self._checker.read(self.data, self._batch.name)

    def _drop(self) -> None:
        if self._part is not None:
            self._part.discard()
            self._part = None
