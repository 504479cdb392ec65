"""Recognise the claims of one batch in another: by bytes, by CLM01, by patient, date and provider."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from scrubber.diff.common import Behind, plain
from scrubber.diff.pairing import Key, Pair, pairs

if TYPE_CHECKING:
    from loops import Batch

Numbers = Sequence[int]
NOBODY: Final = -1
_RESUBMITTED: Final = frozenset({"6", "7", "8"})  # CLM05-3: corrected, replacement, void


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which claim is which, in numbers from 0.

    `mates` has for each claim of the second batch the one of the first, or `NOBODY`; `same` is 1
    where the two say the same; `matched` says how they were recognised, for those that differ.
    """

    mates: array[int]
    same: bytearray
    matched: dict[int, str]


def align(before: Batch, after: Batch) -> Alignment:
    """Put the claims of two batches together.

    First those that say the same, then those of the same CLM01, then what a provider sends again for
    a patient and day under another CLM01.
    """
    mates = array("q", [NOBODY]) * len(after)
    same = bytearray(len(after))
    left, right = _in_place(before, after, mates, same)
    for i, j in pairs(_prints(before, left), _prints(after, right), _PRINT_KEYS):
        mates[right[j]], same[right[j]] = left[i], 1
    matched: dict[int, str] = {}
    for how, find in (("claim", _by_head), ("claim", _by_id), ("patient", _by_service)):
        taken = set(mates)
        left = [n for n in left if n not in taken]
        right = [n for n in right if mates[n] == NOBODY]
        for i, j in find(before, left, after, right):
            mates[right[j]], matched[right[j]] = left[i], how
    return Alignment(mates, same, matched)


def _in_place(before: Batch, after: Batch, mates: array[int], same: bytearray) -> tuple[list[int], list[int]]:
    """Mark the claims that stand at the same number in both and say the same; return the others."""
    left: list[int] = []
    common = range(min(len(before), len(after)))
    people, others = before.index.person, after.index.person
    for number, one, other in zip(common, _all_said(before, common), _all_said(after, common), strict=True):
        if people[number] == others[number] and one == other:
            mates[number], same[number] = number, 1
        else:
            left.append(number)
    return [*left, *range(len(common), len(before))], [*left, *range(len(common), len(after))]


def _all_said(batch: Batch, numbers: Iterable[int]) -> Iterator[bytes]:
    """What claims of rising `numbers` say; what was read is let go of."""
    index, behind = batch.index, Behind(batch)
    for number in numbers:
        start, end = index.claim_start[number], index.claim_end[number]
        yield plain(bytes(batch.source.data[start:end]), batch.isa(number).delimiters)
        behind.let_go(start)


class _Print(NamedTuple):
    said: int
    person: int


def _prints(batch: Batch, numbers: Sequence[int]) -> list[_Print]:
    people = batch.index.person
    said = zip(numbers, _all_said(batch, numbers), strict=True)
    return [_Print(hash(text), people[number]) for number, text in said]


_PRINT_KEYS: Final[tuple[Key[_Print], ...]] = (lambda one: one, lambda one: one.said)


def _head(batch: Batch, number: int) -> tuple[bytes, ...]:
    """CLM01 and CLM02, read quickly."""
    start, delimiters = batch.index.claim_start[number], batch.isa(number).delimiters
    end = batch.source.data.find(delimiters.terminator, start, batch.index.claim_end[number])
    return tuple(bytes(batch.source.data[start : max(start, end)]).split(delimiters.element)[1:3])


def _by_head(before: Batch, left: Numbers, after: Batch, right: Numbers) -> list[Pair]:
    """Claims whose CLM01 is given once in what is left of each file, with the same CLM02: most of them."""
    heads, others = [_head(before, n) for n in left], [_head(after, n) for n in right]
    counts = Counter(head[:1] for head in heads), Counter(head[:1] for head in others)
    return pairs(heads, others, [lambda head: head if all(one[head[:1]] == 1 for one in counts) else None])


class _Facts(NamedTuple):
    """What tells a claim.

    `person` is 0 when unknown, `provider` the NPI of 2010AA, `day` that of the
    first line with one; `again` marks a resubmission.
    """

    id: str
    charge: Decimal | None
    day: date | None
    person: int
    provider: str
    frequency: str
    again: bool
    codes: frozenset[str]


def _facts(batch: Batch, number: int) -> _Facts:
    claim = batch.claim(number)
    return _Facts(
        claim.id,
        claim.charge,
        next((line.first_day for line in claim.lines if line.first_day), None),
        claim.person,
        claim.billing.npi if claim.billing else "",
        claim.frequency,
        claim.frequency in _RESUBMITTED or bool(claim.all("REF", "F8")),
        frozenset(line.code for line in claim.lines if line.code),
    )


# CLM01 may be given twice, and by two practices: then what else the claims have in common decides,
# and claims that have nothing else in common are not the same.
_ID_KEYS: Final[tuple[Key[_Facts], ...]] = (
    lambda one: (one.id, one.charge, one.day, one.person, one.provider, one.frequency) if one.id else None,
    lambda one: (one.id, one.charge, one.day, one.person, one.provider) if one.id else None,
    lambda one: (one.id, one.charge, one.day) if one.id else None,
    lambda one: (one.id, one.day) if one.id and one.day else None,
    lambda one: (one.id, one.charge) if one.id and one.charge is not None else None,
    lambda one: (one.id, one.person) if one.id and one.person else None,
    lambda one: (one.id, one.provider) if one.id and one.provider else None,
)


def _by_id(before: Batch, left: Numbers, after: Batch, right: Numbers) -> list[Pair]:
    return pairs([_facts(before, n) for n in left], [_facts(after, n) for n in right], _ID_KEYS)


def _by_service(before: Batch, left: Numbers, after: Batch, right: Numbers) -> list[Pair]:
    """What is sent again for a patient, day and provider: as a resubmission, or with a service in common."""
    facts = [_facts(before, n) for n in left]
    visits: defaultdict[object, list[int]] = defaultdict(list)
    for i, one in enumerate(facts):
        visits[_visit(one)].append(i)
    visits.pop(None, None)
    found: list[Pair] = []
    for j, number in enumerate(right):
        other = _facts(after, number)
        there = visits.get(_visit(other), [])
        best = _likest(other, there, facts)
        if best is not None:
            there.remove(best)
            found.append((best, j))
    return found


def _visit(one: _Facts) -> tuple[object, ...] | None:
    return (one.person, one.day, one.provider) if one.person and one.day and one.provider else None


def _likest(other: _Facts, there: Iterable[int], before: Sequence[_Facts]) -> int | None:
    """The claim of a visit that has most in common with `other`; None when none has enough."""

    def alike(i: int) -> tuple[int, bool]:
        return len(before[i].codes & other.codes), before[i].charge == other.charge

    enough = [i for i in there if other.again or before[i].codes & other.codes]
    return max(enough, key=lambda i: (*alike(i), -i), default=None)
