"""Split, write, read back, validate: a split that brings a new guide problem is made wider until none is."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from loops.errors import NotX12Error
from loops.scan import NONE, scan
from loops.source import Source, open_source
from loops.validate import validate
from scrubber.batch.balance import balance, tally
from scrubber.batch.split import Added, Numbers, Split, hold_all, split

if TYPE_CHECKING:
    from collections.abc import Callable

    from loops import Batch
    from loops.source import Readable
    from loops.validate import GuideProblem

Known: TypeAlias = Counter[tuple[str, str]]
Output: TypeAlias = "Source | Readable | None"
Render: TypeAlias = "Callable[[Split], tuple[Output, Output]]"

_OF_CLAIMS: Final = ("23", "24")  # loops; what is above them may stand in both outputs
_ENOUGH: Final = 1000
_LOOP: Final = "without it the guide would find a new fault in its subscriber loop: all of that is held"
_BATCH: Final = "the guide would find a new fault in a part of the batch: all of it is held as it came"


def known(problems: Iterable[GuideProblem]) -> Known:
    """What the outputs may show: how often the input has each problem, by code and place."""
    return Counter((problem.code, problem.place) for problem in problems)


def settle(
    batch: Batch,
    hold: Collection[int],
    numbers: Numbers,
    before: Known,
    render: Render,
    *,
    quick: bool = False,
    hold_sets: Collection[int] = (),
    hold_others: bool = False,
) -> Split:
    """Split `batch` so that the outputs have no guide problem beyond those `before`, of the input.

    `render` writes both outputs of a split and gives them to be read (None where there is none; an open
    `Source` is not closed); what it wrote last stands. Where a problem is new, all claims of its subscriber
    loop are held. Where that does not help, the envelope or the levels are beyond parting: all of the batch
    is held byte for byte, with the control numbers it has, as nothing of it is sent. `Split.added` has the
    reasons. With `quick` a released file is validated only where the input has problems above its claims:
    where it has none, there is nothing another could come from. `hold_sets` and
    `hold_others` are as for `split`.
    """
    wanted, reasons = set(hold), dict[int, str]()
    sound = not any(map(_above_claims, before))
    while True:
        parted = split(batch, wanted, numbers, hold_sets=hold_sets, hold_others=hold_others)
        outputs = render(parted)
        if parted.held is None:
            return parted
        checked = (None, outputs[1]) if quick and sound and not parted.added else outputs
        found = _found(before, checked)
        if found == [] and (sound or _balanced(batch, parted, outputs)):
            return _explained(parted, reasons)
        more = set(_loops(batch, parted, outputs, found)) - wanted if found and not reasons else set()
        if not more:
            parted = hold_all(batch, _BATCH)
            render(parted)
            return replace(parted, added=tuple(one for one in parted.added if one.claim not in hold))
        reasons.update(dict.fromkeys(more, _LOOP))
        wanted |= more


def _explained(parted: Split, reasons: dict[int, str]) -> Split:
    added = {**reasons, **dict(parted.added)}
    return replace(parted, added=tuple(Added(*one) for one in sorted(added.items())))


def _found(before: Known, outputs: Sequence[Output]) -> list[tuple[int, GuideProblem]] | None:
    """The first new problems; None when an output is no X12 at all."""
    try:
        return list(islice(strange(before, outputs), _ENOUGH))
    except NotX12Error:
        return None


def _balanced(batch: Batch, parted: Split, outputs: Sequence[Output]) -> bool:
    """Whether what stands above the claims holds no service line, that would be in both outputs."""
    counted = [None if output is None else tally(output) for output in outputs]
    return not balance(
        batch.name,
        tally(batch.source),
        counted[0],
        counted[1],
        released_sets=parted.released_sets,
        held_sets=parted.held_sets,
    )


def strange(before: Known, outputs: Sequence[Output]) -> Iterator[tuple[int, GuideProblem]]:
    """The guide problems of `outputs` beyond `before`, each with the ordinal of its output.

    What is wrong in a claim may stand in one of them, what is wrong above claims in each.
    """
    left = Counter(before)
    for side, output in enumerate(outputs):
        if output is None:
            continue
        above = Counter(before)
        for problem in validate(output):
            key = (problem.code, problem.place)
            counts = above if _above_claims(key) else left
            counts[key] -= 1
            if counts[key] < 0:
                yield side, problem


def _above_claims(key: tuple[str, str]) -> bool:
    return not key[1].startswith(_OF_CLAIMS)


def _loops(
    batch: Batch, parted: Split, outputs: Sequence[Output], found: Iterable[tuple[int, GuideProblem]]
) -> Iterator[int]:
    """The claims of each subscriber loop in which a problem was found."""
    subscriber, loops = batch.index.subscriber, set[int]()
    claims = [
        [claim for claim, flag in enumerate(parted.hold) if flag == side] for side in range(len(outputs))
    ]
    starts = [_claim_starts(output) for output in outputs]
    for side, problem in found:
        ordinal = problem.claim_index - 1 if problem.claim_index else bisect_left(starts[side], problem.start)
        loops.update(subscriber[claim] for claim in claims[side][ordinal : ordinal + 1])
    return (claim for claim, loop in enumerate(subscriber) if loop in loops and loop != NONE)


def _claim_starts(output: Output) -> Sequence[int]:
    if output is None:
        return ()
    source = output if isinstance(output, Source) else open_source(output)
    return scan(source, frozenset()).claim_start
