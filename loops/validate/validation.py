"""The one call: problems as an iterator, results when it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from loops.source import Source, open_source
from loops.validate.engine import Engine

if TYPE_CHECKING:
    from loops.source import Readable
    from loops.validate.problem import GroupResult, GuideProblem


@dataclass(frozen=True, slots=True)
class Counters:
    """What was counted in the whole source, and how many trailers say something else."""

    interchanges: int
    groups: int
    transactions: int
    claims: int
    problems: int
    wrong_totals: int


_TOTALS = frozenset({"X12-SE-COUNT", "X12-GE-COUNT", "X12-IEA-COUNT"})


class Validation:
    """The problems of a source in the order in which they stand there; iterate it once.

    When it is exhausted `groups`, `counters` and `reference_valid` (pyx12's
    verdict on the whole file) are complete.
    """

    def __init__(self, source: Source, *, beyond: bool, errata: bool, owned: bool) -> None:
        self._source = source
        self._owned = owned
        self._engine = Engine(source, beyond=beyond, errata=errata)
        self._next = 0
        self._problems = self._wrong_totals = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> GuideProblem:
        engine = self._engine
        while self._next >= len(engine.ready):
            engine.ready.clear()
            self._next = 0
            if engine.done:
                self._close()
                raise StopIteration
            engine.advance()
        problem = engine.ready[self._next]
        self._next += 1
        self._problems += 1
        self._wrong_totals += problem.code in _TOTALS
        return problem

    def _close(self) -> None:
        if self._owned:
            self._source.close()

    @property
    def groups(self) -> list[GroupResult]:
        """The functional groups met so far."""
        return self._engine.groups

    @property
    def reference_valid(self) -> bool:
        """Whether pyx12 would call what was read so far valid."""
        return self._engine.reference_valid

    @property
    def counters(self) -> Counters:
        """What was counted so far."""
        groups = self._engine.groups
        return Counters(
            interchanges=self._engine.interchanges,
            groups=len(groups),
            transactions=sum(len(group.transactions) for group in groups),
            claims=self._engine.claim_count,
            problems=self._problems,
            wrong_totals=self._wrong_totals,
        )


def validate(source: Source | Readable, *, beyond: bool = True, errata: bool = True) -> Validation:
    """Validate an 837 professional source (path, bytes, binary stream or an open `Source`) against the guide.

    Iterate over the result to get a `GuideProblem` for each fault. `beyond`
    adds what pyx12 does not look at (SNIP 3 to 5); without `errata` the
    verdicts are pyx12's even where it is known to be wrong. Raises NotX12Error
    with one line for the user when there is no interchange header, OSError as
    the system does. An `Source` given is not closed, one opened here is.
    """
    if isinstance(source, Source):
        return Validation(source, beyond=beyond, errata=errata, owned=False)
    opened = open_source(source)
    try:
        return Validation(opened, beyond=beyond, errata=errata, owned=True)
    except BaseException:
        opened.close()
        raise
