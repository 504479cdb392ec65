"""Take claims out of a batch: what may be sent, and what is held, each an 837P of its own.

Whole claims go, and with them the levels, transaction sets, groups and interchanges that have no claim left
for that. Every other byte stays what it was, but for the numbers and counts of what stays (HL01, HL02, HL04,
SE01, GE01, IEA01). What is released keeps its control numbers; what is held has new ones, as it is sent, if
ever, after the other. Transaction sets of other kinds, and what is in no transaction set, are released;
where no transaction set is left to release, all of the input is held.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from loops.scan import NONE
from scrubber.batch.split_frames import Passing, frames
from scrubber.batch.split_levels import Levels
from scrubber.batch.split_numbers import Numbers, fresh_numbers
from scrubber.batch.split_outputs import BOTH, HELD, RELEASED, Held, Parted, Released, Removed
from scrubber.batch.split_patch import Patch, Patching

if TYPE_CHECKING:
    from loops import Batch

__all__ = ["Added", "Numbers", "Patch", "Removed", "Renewed", "Split", "fresh_numbers", "hold_all", "split"]

_TORN: Final = (
    "its subscriber's own claims and those of dependents stand in one loop 2000B:"
    " without the others it would not be told right who the patient is"
)


class Added(NamedTuple):
    """A claim (number from 0) that is held though nobody asked for it, and why, in one line."""

    claim: int
    reason: str


class Renewed(NamedTuple):
    """A transaction set (ordinal from 0 among the 837P sets) of the held file: control numbers, old and new.

    Both are ISA13, GS06, ST02 and BHT03 as `loops.claim.Envelope` has them, empty where there is none.
    """

    set_number: int
    old: tuple[str, str, str, str]
    new: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Split:
    """A batch in two.

    `released` and `held` make the outputs of the source; None where there would be nothing in them. An empty
    `released` patch is the input unchanged. `hold` has a byte for each claim, 1 where it is held; `added` are
    those among them that were not asked for. `released_sets` and `held_sets` name the transaction sets that
    stand in each output, in order: ordinals from 0 of all ST of the source, those of other kinds included
    (`scrubber.batch.balance` asks for them). `renewed` has the control numbers of the held file.
    """

    released: Patch | None
    held: Patch | None
    hold: bytes
    added: tuple[Added, ...]
    released_sets: array[int]
    held_sets: array[int]
    renewed: tuple[Renewed, ...]
    removed: Removed

    def held_claims(self) -> Iterator[int]:
        """The numbers (from 0) of the held claims in file order."""
        return _ones(self.hold)


def split(
    batch: Batch,
    hold: Collection[int],
    numbers: Numbers,
    *,
    hold_sets: Collection[int] = (),
    hold_others: bool = False,
) -> Split:
    """Part `batch` into what may be released and the claims `hold` (numbers from 0, as of `Batch.claim`).

    More claims are held (`Split.added`) where a transaction set cannot be taken apart, because its levels are
    not numbered as they should or its SE is missing, and where a subscriber's own claims would be parted
    from those of dependents in the same loop. `numbers` are for the held file. `hold_sets` are 837P sets
    (from 0) that are held also when they have no claim; those that have some need all of them in `hold`.
    Sets of other kinds are released, or with `hold_others` held, byte for byte. Raises IndexError when a
    number is none of a claim or set.
    """
    asked = bytearray(len(batch))
    for claim in hold:
        if claim < 0:
            raise IndexError(claim)
        asked[claim] = 1
    parted, added = _decided(batch, asked, HELD if hold_others else RELEASED)
    for number in hold_sets:
        parted.stand[number] = HELD
    sets = [*parted.sets()]
    stands = [parted.where(one) for one in sets]
    nothing_left = bool(sets) and all(stand == HELD for stand in stands)
    released = Released(parted)
    holds = any(stands)
    return Split(
        released=None if nothing_left else released.out.done(),
        held=Held(parted, numbers, everything=nothing_left).out.done() if holds else None,
        hold=bytes(parted.hold),
        added=added,
        released_sets=_ordinals(n for n, stand in enumerate(stands) if stand != HELD),
        held_sets=_ordinals(n for n, stand in enumerate(stands) if stand != RELEASED),
        renewed=tuple(_renewed(batch, parted, numbers)),
        removed=released.removed,
    )


def hold_all(batch: Batch, reason: str) -> Split:
    """All of `batch` held, byte for byte and with its own control numbers, as nothing of it is sent.

    For one that cannot be parted, and with it transaction sets of other kinds. `reason` is of every claim.
    """
    index = batch.index
    count = len(index.set_start) + len(index.foreign)
    old = [
        (one.isa13, one.gs06, one.st02, one.bht03) for one in map(batch.envelope, range(len(index.set_start)))
    ]
    return Split(
        released=None,
        held=Patching().done(),
        hold=b"\1" * len(batch),
        added=tuple(Added(claim, reason) for claim in range(len(batch))),
        released_sets=_ordinals(()),
        held_sets=_ordinals(range(count)),
        renewed=tuple(Renewed(number, one, one) for number, one in enumerate(old)),
        removed=Removed(len(batch), len(index.hl_start), count, len(index.groups), len(index.isas)),
    )


def _decided(batch: Batch, asked: bytearray, others: int) -> tuple[Parted, tuple[Added, ...]]:
    """Say where each transaction set stands, and which claims more than those asked for are held."""
    index = batch.index
    count = len(index.set_start)
    hold, stand = bytearray(asked), bytearray(count)
    parts: dict[int, Levels] = {}
    added: list[Added] = []
    passing = Passing(batch.source)
    claim = asked.find(1)
    while claim >= 0:
        number = index.claim_set[claim]
        claims = range(bisect_left(index.claim_set, number), bisect_left(index.claim_set, number + 1))
        if hold.count(1, claims.start, claims.stop) < len(claims):
            levels = Levels(batch, number, passing)
            if levels.fault:
                added += _more(hold, claims, levels.fault)
            else:
                for torn in levels.torn(hold):
                    added += _more(hold, torn, _TORN)
            parts[number] = levels
        whole = hold.count(1, claims.start, claims.stop) == len(claims)
        stand[number] = HELD if whole else BOTH
        claim = asked.find(1, claims.stop)
    return Parted(batch, hold, stand, parts, tuple(frames(batch)), others), tuple(added)


def _more(hold: bytearray, claims: range, reason: str) -> Iterator[Added]:
    """Hold `claims` too; give those that were not held."""
    for claim in claims:
        if not hold[claim]:
            hold[claim] = 1
            yield Added(claim, reason)


def _renewed(batch: Batch, parted: Parted, numbers: Numbers) -> Iterator[Renewed]:
    index, passing = batch.index, Passing(batch.source)
    for number, stand in enumerate(parted.stand):
        if stand == RELEASED:
            continue
        passing.at(index.set_start[number])
        old, group = batch.envelope(number), index.set_group[number]
        new = (
            numbers.isa13[index.set_isa[number]].decode("ascii") or old.isa13,
            (numbers.gs06[group].decode("ascii") if group != NONE else "") or old.gs06,
            numbers.st02[number].decode("ascii") or old.st02,
            numbers.bht03[number].decode("ascii") or old.bht03,
        )
        yield Renewed(number, (old.isa13, old.gs06, old.st02, old.bht03), new)


def _ones(flags: bytes) -> Iterator[int]:
    place = flags.find(1)
    while place >= 0:
        yield place
        place = flags.find(1, place + 1)


def _ordinals(numbers: Iterable[int]) -> array[int]:
    return array("L", numbers)
