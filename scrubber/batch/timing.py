"""How long the stages of a file took."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Timing:
    """Seconds by stage."""

    def __init__(self) -> None:
        self._began = perf_counter()
        self.stages: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Measure a stage."""
        began = perf_counter()
        yield
        self.stages[stage] = self.stages.get(stage, 0.0) + perf_counter() - began

    def as_dict(self) -> dict[str, float]:
        """As JSON data, with the whole time since this was made."""
        whole = {"total": perf_counter() - self._began}
        return {stage: round(seconds, 6) for stage, seconds in (self.stages | whole).items()}
