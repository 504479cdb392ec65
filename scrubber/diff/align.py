"""Recognise the claims of one batch in another: by bytes, by CLM01, by patient, date and provider."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
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
_AHEAD: Final = 16
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
    left, right = _in_step(before, after, mates, same)
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


def _in_step(before: Batch, after: Batch, mates: array[int], same: bytearray) -> tuple[list[int], list[int]]:
    """Go through both at once and mark the claims that say the same; return those that are left."""
    one, other = _Texts(before), _Texts(after)
    left: list[int] = []
    right: list[int] = []
    i = j = 0
    while i < len(before) and j < len(after):
        if one.person(i) == other.person(j) and one.said(i) == other.said(j):
            mates[j], same[j] = i, 1
            more = (1, 1)
        else:
            more = _next(one, i, other, j)
            left += range(i, i + more[0])
            right += range(j, j + more[1])
        i, j = i + more[0], j + more[1]
    return [*left, *range(i, len(before))], [*right, *range(j, len(after))]


def _next(one: _Texts, i: int, other: _Texts, j: int) -> tuple[int, int]:
    """How far to go on in each, from two claims that differ, to be in step again: at the same CLM01."""
    here, there = one.head(i)[:1], other.head(j)[:1]
    if here == there:
        return 1, 1
    for ahead in range(1, _AHEAD):
        if one.head(i + ahead)[:1] == there:
            return ahead, 0
        if other.head(j + ahead)[:1] == here:
            return 0, ahead
    return 1, 1


class _Texts:
    """What the claims of a batch say; what was read is let go of."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._behind = Behind(batch)

    def person(self, number: int) -> int:
        """Who the patient is."""
        return self._batch.index.person[number]

    def said(self, number: int) -> bytes:
        """The whole claim in common separators."""
        index, data = self._batch.index, self._batch.source.data
        start, end = index.claim_start[number], index.claim_end[number]
        self._behind.let_go(start)
        return plain(bytes(data[start:end]), self._batch.isa(number).delimiters)

    def head(self, number: int) -> tuple[bytes, ...]:
        """CLM01 and CLM02; nothing where there is no such claim."""
        if number >= len(self._batch):
            return ()
        index, data = self._batch.index, self._batch.source.data
        start, delimiters = index.claim_start[number], self._batch.isa(number).delimiters
        end = data.find(delimiters.terminator, start, index.claim_end[number])
        return tuple(bytes(data[start : max(start, end)]).split(delimiters.element)[1:3])


class _Print(NamedTuple):
    said: int
    person: int


def _prints(batch: Batch, numbers: Sequence[int]) -> list[_Print]:
    texts = _Texts(batch)
    return [_Print(hash(texts.said(number)), texts.person(number)) for number in numbers]


_PRINT_KEYS: Final[tuple[Key[_Print], ...]] = (lambda one: one, lambda one: one.said)


def _by_head(before: Batch, left: Numbers, after: Batch, right: Numbers) -> list[Pair]:
    """Claims whose CLM01 is given once in what is left of each file, with the same CLM02: most of them."""
    one, other = _Texts(before), _Texts(after)
    heads, others = [one.head(n) for n in left], [other.head(n) for n in right]
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
