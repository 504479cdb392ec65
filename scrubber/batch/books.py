"""The account of one file: what came in, what is released, what is held, per transaction and together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scrubber.batch.balance import Sums, Tally, balance, tally
from scrubber.batch.task import NOTHING, Sum
from scrubber.errors import GuardError

if TYPE_CHECKING:
    from loops import Batch
    from loops.source import Readable
    from scrubber.batch.split import Split


@dataclass(frozen=True, slots=True)
class Account:
    """One transaction of the input, or all 837P transactions together: received, released, held."""

    received: Sum = NOTHING
    released: Sum = NOTHING
    held: Sum = NOTHING

    def __add__(self, other: Account) -> Account:
        return Account(self.received + other.received, self.released + other.released, self.held + other.held)

    def as_dict(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "received": self.received.as_dict(),
            "released": self.released.as_dict(),
            "held": self.held.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Books:
    """The accounts of all transactions of a file in order; `ours` tells which of them are 837P."""

    accounts: tuple[Account, ...]
    ours: tuple[bool, ...]

    @property
    def total(self) -> Account:
        """The 837P transactions together."""
        return sum(self.transactions(), Account())

    def transactions(self) -> Iterator[Account]:
        """The account of each 837P transaction."""
        return (one for one, ours in zip(self.accounts, self.ours, strict=True) if ours)


def balanced(
    batch: Batch,
    before: Readable,
    parted: Split,
    released: Readable | None,
    held: Readable | None,
    *,
    exact: bool = True,
    received: Readable | None = None,
) -> Books:
    """Count the input `before` and both outputs, as they were written (None: there is none).

    `exact` as for `balance`. Where `before` was mended, `received` is what came in, for the account. Raises
    GuardError with the first sum that does not add up.
    """
    tallies = [tally(before)]
    for one in (released, held):  # where nothing is held, the same bytes were written: they count the same
        tallies.append(Tally() if one is None else tallies[0] if one == before else tally(one))
    mismatches = balance(
        batch.name,
        tallies[0],
        None if released is None else tallies[1],
        None if held is None else tallies[2],
        released_sets=parted.released_sets,
        held_sets=parted.held_sets,
        exact=exact,
    )
    for mismatch in mismatches:
        where = f"transaction {mismatch.transaction}: " if mismatch.transaction else ""
        raise GuardError(f"{where}{mismatch.what}")
    if received is not None:
        tallies[0] = tally(received)
    sets = [range(len(tallies[0].sets)), parted.released_sets, parted.held_sets]
    ours = _ours(batch)
    if len(ours) != len(tallies[0].sets):
        raise GuardError(f"{len(tallies[0].sets)} transactions were counted in it, {len(ours)} were read")
    books = Books(tuple(_accounts(tallies, sets)), ours)
    if books.total.received.claims != len(batch):
        raise GuardError(f"{books.total.received.claims} claims were counted in it, {len(batch)} were read")
    return books


def _accounts(tallies: Sequence[Tally], sets: Sequence[Sequence[int]]) -> Iterator[Account]:
    columns = [dict(zip(numbers, one.sets, strict=True)) for one, numbers in zip(tallies, sets, strict=True)]
    for number in columns[0]:
        yield Account(*(_sum(column.get(number, Sums())) for column in columns))


def _ours(batch: Batch) -> tuple[bool, ...]:
    """Of each ST of the source in order, whether it is an 837P."""
    starts = [(start, True) for start in batch.index.set_start]
    starts += [(foreign.start, False) for foreign in batch.index.foreign]
    return tuple(ours for _, ours in sorted(starts))


def _sum(sums: Sums) -> Sum:
    return Sum(sums.claims, sums.lines, sums.charges)
