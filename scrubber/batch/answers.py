"""The answers to the submitter: a 999 for each group, a 277CA for each transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from loops.answers.kinds import Status
from loops.answers.write_277 import ACCEPTED, Answerer, Note, Verdict, write_277
from loops.answers.write_999 import write_999

if TYPE_CHECKING:
    from loops import Batch
    from loops.validate import GroupResult, GuideProblem, TransactionResult
    from scrubber.batch.holds import Holds, Reason

LAST_CONTROL: Final = 999_999_999
_ACKNOWLEDGEMENT: Final = "FA"
_UNKNOWN: Final = Note((Status("A7", "481"),))


class Verdicts(Mapping[int, Verdict]):
    """The verdicts on held claims by ordinal (from 1), each made when it is asked for."""

    def __init__(self, holds: Holds) -> None:
        self._holds = holds

    def __getitem__(self, ordinal: int) -> Verdict:
        if ordinal - 1 not in self._holds:
            raise KeyError(ordinal)
        return _refused(tuple(self._holds.reasons(ordinal - 1)))

    def get(self, ordinal: int, default: Any = None) -> Any:  # most claims have none: no exception for each
        """The verdict, or `default`."""
        return self[ordinal] if ordinal - 1 in self._holds else default

    def __iter__(self) -> Iterator[int]:
        return (number + 1 for number in self._holds)

    def __len__(self) -> int:
        return len(self._holds)


@lru_cache(maxsize=1024)
def _refused(reasons: tuple[Reason, ...]) -> Verdict:
    """The verdict on a claim that is held for these reasons: many are held for the same."""
    notes = tuple(Note((reason.status,), reason.line, reason.rule) for reason in reasons)
    return Verdict(accepted=False, notes=notes or (_UNKNOWN,))


def claims_answered(
    batch: Batch, holds: Holds, *, control: int, made_on: datetime, answerer: Answerer | None
) -> Iterator[bytes]:
    """The 277CA, piece by piece; `control` is the first control number."""
    return write_277(batch, Verdicts(holds), control=control, made_on=made_on, answerer=answerer)


def groups_answered(
    batch: Batch,
    holds: Holds,
    groups: Iterable[GroupResult],
    problems: Iterable[GuideProblem],
    *,
    control: int,
    made_on: datetime,
) -> Iterator[bytes]:
    """The 999 of each group in order; `control` is the first control number, later ones count on.

    A transaction is refused (R) where it is held as a whole. Where faults hold some of its claims only, it is
    accepted with errors (E), for the others are passed on. One of another kind is refused (I6).
    """
    sets = {start: number for number, start in enumerate(batch.index.set_start)}
    problems = list(problems)
    for group in groups:
        if group.gs[:1] == (_ACKNOWLEDGEMENT,):
            continue  # which are not acknowledged in turn
        transactions = [_accepted(one, sets.get(one.start), holds) for one in group.transactions]
        answered = replace(group, transactions=transactions)
        wanted = {one.number for one in transactions}
        told = [one for one in problems if one.transaction in wanted]
        yield write_999(answered, told, control=control, made_on=made_on)
        control = next_control(control)


def next_control(control: int) -> int:
    """The control number after one; after the last comes the first."""
    return control % LAST_CONTROL + 1


def _accepted(result: TransactionResult, number: int | None, holds: Holds) -> TransactionResult:
    if number is None or not result.judged:
        return result
    if number in holds.refused:
        return replace(result, rejected=max(result.rejected, 1))
    faults = result.rejected + result.advised
    return replace(result, rejected=0, advised=faults)


__all__ = ["ACCEPTED", "Answerer", "claims_answered", "groups_answered", "next_control"]
