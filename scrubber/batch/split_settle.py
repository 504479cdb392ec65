"""Split, write, read back, validate: a split that makes a new guide problem is widened, or refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, TypeAlias

from scrubber.batch.split import Numbers, Split

if TYPE_CHECKING:
    from loops import Batch
    from loops.source import Source
    from loops.validate import GuideProblem

Known: TypeAlias = Counter[tuple[str, str, str, str]]
Render: TypeAlias = "Callable[[Split], tuple[Source | None, Source | None]]"


def known(problems: Iterable[GuideProblem]) -> Known:
    """What an output may show: the problems of the input, without their offsets."""
    raise NotImplementedError


def settle(batch: Batch, hold: Collection[int], numbers: Numbers, before: Known, render: Render) -> Split:
    """Split `batch` so that neither output has a guide problem that `before` does not hold.

    `render` writes both outputs of a split and opens them again (None where there is none); it may be called
    up to three times, the last call stands. Where a problem comes new, all claims of its subscriber loop are
    held and the reason given. Raises GuardError when two such rounds do not help.
    """
    raise NotImplementedError
