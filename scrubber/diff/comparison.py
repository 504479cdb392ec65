"""Compare two batches: notes on the whole file, what stands above claims, and the claims."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Final

from scrubber.diff.align import NOBODY, align
from scrubber.diff.claims import compared
from scrubber.diff.context import Context, compare_context
from scrubber.diff.model import ClaimDiff, ContextDiff, Note
from scrubber.diff.pairing import merged, moved

if TYPE_CHECKING:
    from loops import Batch

_BLOCK: Final = 1 << 20
_ENDS: Final = {b"": "none", b"\r\n": "CR LF", b"\n": "LF", b"\r": "CR"}


def compare(before: Batch, after: Batch) -> Iterator[ClaimDiff]:
    """The claims in which two batches differ, in the order of `after`.

    What only `before` has stands before what followed it there. What stands above several claims
    is not told here: see `Comparison`. Both batches must stay open while this is gone through.
    """
    return Comparison(before, after).claims()


class Comparison:
    """The comparison of two batches, which must stay open while it is used."""

    def __init__(self, before: Batch, after: Batch) -> None:
        self.before = before
        self.after = after
        self._alignment = align(before, after)

    @cached_property
    def _context(self) -> Context:
        return compare_context(self.before, self.after, self._alignment.mates)

    def claims(self) -> Iterator[ClaimDiff]:
        """As `compare` gives them."""
        mates = self._alignment.mates
        found = [(mate, number) for number, mate in enumerate(mates) if mate != NOBODY]
        for i, j in merged(found, len(self.before), len(self.after)):
            diff = self._claim(i, j)
            if diff:
                yield diff

    def _claim(self, i: int | None, j: int | None) -> ClaimDiff | None:
        if i is None or j is None:
            one = self.before.claim(i) if i is not None else None
            return ClaimDiff(one, self.after.claim(j) if j is not None else None)
        if self._alignment.same[j]:
            return None
        matched = self._alignment.matched[j]
        return compared(self.before.claim(i), self.after.claim(j), matched=matched)

    def context(self) -> list[ContextDiff]:
        """What differs above claims: envelope first, then provider, subscriber, patient; each pair once."""
        return self._context.diffs

    def notes(self) -> list[Note]:
        """What differs and is no matter of one segment: separators, line ends, numbering, order of claims."""
        one, other = _layout(self.before), _layout(self.after)
        found = [
            Note(what, before=was, after=is_)
            for what, was, is_ in zip(("separators", "line-ends"), one, other, strict=True)
            if was != is_
        ]
        if self._context.renumbered:
            found.append(Note("hl-numbering", self._context.renumbered))
        order = moved([mate for mate in self._alignment.mates if mate != NOBODY])
        if order:
            found.append(Note("claim-order", len(order)))
        return found or self._spacing()

    def _spacing(self) -> list[Note]:
        """A note where the bytes differ and nothing else does."""
        if _same_bytes(self.before, self.after) or self.context() or next(self.claims(), None):
            return []
        return [Note("spacing")]


def _layout(batch: Batch) -> tuple[str, str]:
    """The separators of the first interchange, and what ends its lines."""
    isa = batch.index.isas[0]
    marks = isa.delimiters
    shown = [marks.element, marks.component, marks.repetition, marks.terminator]
    behind = re.match(rb"[\r\n]*", bytes(batch.source.data[isa.end : isa.end + 2]))
    end = behind[0] if behind else b""
    return " ".join(_legible(mark) for mark in shown), _ENDS.get(end, _legible(end))


def _legible(mark: bytes) -> str:
    text = mark.decode("latin-1")
    return text if text.isprintable() and not text.isspace() else "0x" + mark.hex()


def _same_bytes(before: Batch, after: Batch) -> bool:
    one, other = before.source, after.source
    if len(one) != len(other):
        return False
    for position in range(0, len(one), _BLOCK):
        stop = position + _BLOCK
        if one.data[position:stop] != other.data[position:stop]:
            return False
        one.release(position, stop)
        other.release(position, stop)
    return True
