"""Compare what stands above claims: envelope, transaction, provider, subscriber, patient; each pair once."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Final

from loops import Segment
from loops.scan import NONE
from loops.walker import LEADING, walker
from scrubber.diff.align import NOBODY
from scrubber.diff.claims import without_numbering
from scrubber.diff.common import Behind, plain
from scrubber.diff.model import ContextDiff
from scrubber.diff.pairing import pairs
from scrubber.diff.segments import changes

if TYPE_CHECKING:
    from loops import Batch
    from loops.delimiters import Delimiters

LEVELS: Final = ("interchange", "group", "transaction", "billing", "subscriber", "patient")
_HL_LEVELS: Final = LEVELS[3:]
_GROUP: Final = "/ISA_LOOP/GS_LOOP/GS"
_DETAIL: Final = "/ISA_LOOP/GS_LOOP/ST_LOOP/DETAIL/2000A"
# Where the walk stands before an HL block of each level.
_BEFORE: Final = {
    "billing": "/ISA_LOOP/GS_LOOP/ST_LOOP/ST",
    "subscriber": _DETAIL + "/2010AA/NM1",
    "patient": _DETAIL + "/2000B/2010BB/NM1",
}
_LEVEL_OF: Final = {"20": "billing", "22": "subscriber", "23": "patient"}
_NO_LOOP: Final = frozenset({"ST_LOOP", "HEADER"})
_ELEMENT: Final = rb"\x1d[^\x1d\x1c]*"
_NUMBERS: Final = re.compile(rb"\AHL" + _ELEMENT * 2 + b"(" + _ELEMENT + b")(?:" + _ELEMENT + b")?")


@dataclass(slots=True)
class Context:
    """What was found: `diffs` by place, and how many HL blocks differ in nothing but their numbers."""

    diffs: list[ContextDiff]
    renumbered: int = 0


def compare_context(before: Batch, after: Batch, mates: Sequence[int]) -> Context:
    """Compare what stands above the claims that `mates` puts together (see `scrubber.diff.align`).

    A loop that stands above several claims is told once, with their number. What stands above
    claims of one file only goes with them; what stands above none is held against what is left over
    in the other file.
    """
    one, other = Blocks(before), Blocks(after)
    found: Counter[tuple[str, int, int]] = Counter()
    last: dict[str, tuple[int, int]] = {}
    differing: dict[str, bool] = {}
    renumbered = 0
    for number, mate in enumerate(mates):
        if mate == NOBODY:
            continue
        for level, was, is_ in zip(LEVELS, one.above(mate), other.above(number), strict=True):
            if last.get(level) != (was, is_):
                last[level] = was, is_
                texts = one.said(level, was), other.said(level, is_)
                unequal = texts[0] != texts[1]
                differing[level] = unequal and _bare(texts[0]) != _bare(texts[1])
                renumbered += unequal and not differing[level]
            if differing[level]:
                found[level, was, is_] += 1
        one.passed(mate)
        other.passed(number)
    diffs = [
        _diff(level, one.segments(level, was), other.segments(level, is_), claims)
        for (level, was, is_), claims in found.items()
    ]
    diffs += _without_claims(one, other)
    told = [diff for diff in sorted(diffs, key=lambda diff: LEVELS.index(diff.level)) if diff.changes]
    return Context(told, renumbered)


def _diff(level: str, before: list[Segment], after: list[Segment], claims: int) -> ContextDiff:
    compare = without_numbering if level in _HL_LEVELS else changes
    return ContextDiff(level, claims, tuple(compare(before, after)))


def _without_claims(one: Blocks, other: Blocks) -> Iterator[ContextDiff]:
    """The blocks of either file that stand above no claim, where the other file has not the same."""
    for level in LEVELS:
        idle, others = one.idle(level), other.idle(level)
        if not idle and not others:
            continue
        left, right = one.left(level), other.left(level)
        told = [_bare(one.said(level, n)) for n in left], [_bare(other.said(level, n)) for n in right]
        same = pairs(*told, [lambda text: text])
        gone = {left[i] for i, _ in same}, {right[j] for _, j in same}
        was = [n for n in left if n in idle and n not in gone[0]]
        is_ = [n for n in right if n in others and n not in gone[1]]
        for a, b in zip_longest(was, is_, fillvalue=NONE):
            yield _diff(level, one.segments(level, a), other.segments(level, b), 0)


def _bare(said: bytes) -> bytes:
    """An HL block without HL01, HL02 and HL04, which only count and link the blocks."""
    return _NUMBERS.sub(rb"HL\1", said, count=1)


class Blocks:
    """What stands above the claims of a batch, by level and number; `NONE` is a level that is not there."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._index = index = batch.index
        sizes = len(index.isas), len(index.groups), len(index.set_start)
        self._behind = Behind(batch)
        self._seen = {level: bytearray(size) for level, size in zip(LEVELS, sizes, strict=False)}
        self._seen |= dict.fromkeys(_HL_LEVELS, bytearray(len(index.hl_start)))  # one for all of them

    def above(self, claim: int) -> tuple[int, ...]:
        """The numbers of what stands above a claim, by level."""
        index = self._index
        set_ = index.claim_set[claim]
        hl = index.billing[claim], index.subscriber[claim], index.patient[claim]
        return index.set_isa[set_], index.set_group[set_], set_, *hl

    def passed(self, claim: int) -> None:
        """What stands before a claim will hardly be read again."""
        self._behind.let_go(self._index.claim_start[claim])

    def said(self, level: str, number: int) -> bytes:
        """What a block says, in common separators; empty when there is none. The block counts as seen."""
        if number == NONE:
            return b""
        self._seen[level][number] = 1
        if level in _HL_LEVELS:
            start, end = self._index.hl_start[number], self._index.hl_end[number]
            return plain(bytes(self._batch.source.data[start:end]), self._delimiters_at(start))
        parts = self.segments(level, number)
        if level == "interchange":  # ISA16 is a separator: it is compared as it stands
            return b"\n".join(segment.raw for segment in parts)
        raw = b"".join(segment.raw + segment.delimiters.terminator for segment in parts)
        return plain(raw, parts[0].delimiters) if parts else b""

    def segments(self, level: str, number: int) -> list[Segment]:
        """The segments of a block in their places: for an envelope its header and trailer."""
        if number == NONE:
            return []
        if level == "interchange":
            return self._interchange(number)
        if level == "group":
            return self._group(number)
        if level == "transaction":
            return self._transaction(number)
        start, end = self._index.hl_start[number], self._index.hl_end[number]
        delimiters = self._delimiters_at(start)
        return self._batch.segments(start, end, walker(delimiters).at(_BEFORE[level]), delimiters)

    def left(self, level: str) -> list[int]:
        """The blocks of a level that nobody asked about yet, in file order."""
        left = [number for number, seen in enumerate(self._seen[level]) if not seen]
        return [n for n in left if self._level(n) == level] if level in _HL_LEVELS else left

    def idle(self, level: str) -> set[int]:
        """Those of them that stand above no claim."""
        index = self._index
        columns: dict[str, Iterable[int]] = {
            "interchange": index.set_isa,
            "group": index.set_group,
            "transaction": index.claim_set,
        }
        users = columns.get(level) or chain(index.billing, index.subscriber, index.patient)
        used = bytearray(len(self._seen[level]))
        for user in users:
            if user != NONE:
                used[user] = 1
        return {number for number in self.left(level) if not used[number]}

    def _level(self, hl: int) -> str:
        start = self._index.hl_start[hl]
        head = self._segment(start, self._delimiters_at(start))
        return _LEVEL_OF.get(head.text(3), "")

    def _delimiters_at(self, offset: int) -> Delimiters:
        isas = self._index.isas
        return isas[bisect_right(isas, offset, key=lambda isa: isa.start) - 1].delimiters

    def _interchange(self, number: int) -> list[Segment]:
        isa = self._index.isas[number]
        head = Segment("", isa.raw.decode("latin-1"), isa.start, isa.delimiters)
        return [head, *self._trailer(self._index.isa_end[number], isa.delimiters, "IEA")]

    def _group(self, number: int) -> list[Segment]:
        group = self._index.groups[number]
        head = self._segment(group.start, group.isa.delimiters)
        following = self._index.groups[number + 1 : number + 2]
        if following and following[0].isa is group.isa:
            end = following[0].start
        else:
            end = self._index.isa_end[self._index.isas.index(group.isa)]
            iea = self._trailer(end, group.isa.delimiters, "IEA")
            end = iea[0].start if iea else end
        return [head, *self._trailer(end, group.isa.delimiters, "GE")]

    def _transaction(self, number: int) -> list[Segment]:
        index = self._index
        start, end = index.set_start[number], index.set_end[number]
        delimiters = index.isas[index.set_isa[number]].delimiters
        trailer = self._trailer(end, delimiters, "SE")
        heads = bisect_right(index.hl_start, start)
        stop = min([*index.hl_start[heads : heads + 1], trailer[0].start if trailer else end])
        found = self._batch.segments(start, stop, walker(delimiters).at(_GROUP), delimiters)
        return [_named(segment) for segment in (*found, *trailer)]

    def _segment(self, start: int, delimiters: Delimiters) -> Segment:
        data = self._batch.source.data
        end = data.find(delimiters.terminator, start)
        text = bytes(data[start : end if end >= 0 else len(data)]).decode("latin-1")
        return Segment("", text, start, delimiters)

    def _trailer(self, end: int, delimiters: Delimiters, id_: str) -> list[Segment]:
        """The segment before offset `end`, if it is of that id."""
        data = self._batch.source.data
        stop = data.rfind(delimiters.terminator, 0, end)
        start = data.rfind(delimiters.terminator, 0, max(stop, 0)) + 1
        raw = bytes(data[start:stop]) if stop >= 0 else b""
        text = raw.lstrip(LEADING).decode("latin-1")
        segment = Segment("", text, stop - len(text), delimiters)
        return [segment] if segment.id == id_ else []


def _named(segment: Segment) -> Segment:
    """A segment of an envelope is called by its id alone, as in a finding."""
    if segment.loop not in _NO_LOOP:
        return segment
    return Segment("", segment.raw.decode("latin-1"), segment.start, segment.delimiters)
