"""How the segments of a place looked so far: what a block's pattern has to let through, and no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from types import MappingProxyType
from typing import Any, Final, NamedTuple

_ENOUGH: Final = 60  # segments in which an element had one value: its other codes are left to the exact check


class Seen(NamedTuple):
    """What stood in the segments of a place, or in a composite of it.

    `least` and `most` are the numbers of values; by number from 1, `filled`
    were there in some, `empty` in some though others came after, `blanks` had
    a blank inside, `only` had never another value. `inner` tells the same of
    composites in which a separator stood. `rows` segments were looked at.
    """

    rows: int
    least: int
    most: int
    filled: frozenset[int]
    empty: frozenset[int]
    blanks: frozenset[int]
    only: Mapping[int, bytes]
    inner: Mapping[int, Seen]

    def composite(self, number: int) -> Seen:
        """What was seen inside a composite."""
        return self.inner.get(number, SINGLE)

    def single(self, number: int) -> bytes | None:
        """The one value that was seen, where that tells something."""
        return self.only.get(number) if self.rows >= _ENOUGH else None

    def and_also(self, other: Seen) -> Seen:
        """What was seen here or there."""
        inner = {n: self.composite(n).and_also(other.composite(n)) for n in self.inner.keys() | other.inner}
        only = {
            n: value
            for n, value in {**self.only, **other.only}.items()
            if all(value == one.only.get(n) or n not in one.filled for one in (self, other))
        }
        return Seen(
            self.rows + other.rows,
            min(self.least, other.least),
            max(self.most, other.most),
            self.filled | other.filled,
            self.empty | other.empty,
            self.blanks | other.blanks,
            only,
            inner,
        )


_NONE: Final[Mapping[int, Any]] = MappingProxyType({})
SINGLE: Final = Seen(0, 1, 1, frozenset({1}), frozenset(), frozenset(), _NONE, _NONE)


def look(rows: Sequence[Sequence[bytes]], component: bytes) -> Seen:
    """What the values in `rows`, one row a segment, look like; `component` may stand inside them."""
    filled, empty, blanks = set(), set(), set()
    only, inner = {}, {}
    columns = list(zip_longest(*rows))
    for number, column in enumerate(columns, 1):
        if b"" in column:
            empty.add(number)
        values = list(filter(None, column))
        if values:
            filled.add(number)
            if values.count(values[0]) == len(values):
                only[number] = values[0]
            text = b"".join(values)
            if b" " in text:
                blanks.add(number)
            if component and component in text:
                inner[number] = look([value.split(component) for value in values], b"")
    return Seen(
        len(rows),
        min(map(len, rows)),
        len(columns),
        frozenset(filled),
        frozenset(empty),
        frozenset(blanks),
        only,
        inner,
    )
