"""Put two lists side by side: what belongs together, what came, what went, what moved."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

_Item = TypeVar("_Item")
Key = Callable[[_Item], Hashable | None]
Pair = tuple[int, int]


def pairs(before: Sequence[_Item], after: Sequence[_Item], keys: Sequence[Key[_Item]]) -> list[Pair]:
    """Positions in `before` and in `after` of items that belong together, by position in `after`.

    Each key is tried in turn on the items that are left, the strictest first. Items of equal key are
    put together in their order; a key of None puts an item together with nothing.
    """
    left, right = list(range(len(before))), list(range(len(after)))
    found: list[Pair] = []
    for key in keys:
        if not (left and right):
            break
        waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
        for j in right:
            waiting[key(after[j])].append(j)
        waiting.pop(None, None)
        rest: list[int] = []
        taken: set[int] = set()
        for i in left:
            queue = waiting.get(key(before[i]))
            if queue:
                found.append((i, queue.popleft()))
                taken.add(found[-1][1])
            else:
                rest.append(i)
        left, right = rest, [j for j in right if j not in taken]
    return sorted(found, key=lambda pair: pair[1])


def merged(found: Sequence[Pair], before: int, after: int) -> Iterator[tuple[int | None, int | None]]:
    """All positions of two lists of these lengths in one order: that of the second.

    What only the first has (second None) stands before what followed it there,
    and before what came in its stead.
    """
    mate = {j: i for i, j in found}
    gone = deque(sorted(set(range(before)).difference(mate.values())))
    ends = deque(sorted(mate))
    for j in range(after):
        limit = mate[ends[0]] if ends else before
        while gone and gone[0] < limit:
            yield gone.popleft(), None
        yield mate.get(j), j
        if ends and ends[0] == j:
            ends.popleft()
    yield from ((i, None) for i in gone)


def moved(order: Sequence[int]) -> set[int]:
    """Which of `order` (positions in the first list, in the order of the second) are out of order.

    As few as can be: those outside one longest increasing run.
    """
    if all(one < other for one, other in pairwise(order)):
        return set()
    lasts: list[int] = []  # the smallest last item of an increasing run of each length
    run: dict[int, int | None] = {}  # the item before each item in the best run that ends with it
    for item in order:
        place = bisect_left(lasts, item)
        run[item] = lasts[place - 1] if place else None
        lasts[place : place + 1] = [item]
    kept: int | None = lasts[-1]
    staying = set()
    while kept is not None:
        staying.add(kept)
        kept = run[kept]
    return set(order) - staying
