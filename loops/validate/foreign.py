"""Transaction sets of other guides: passed over, and told."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from loops.envelope import Group, foreign_name
from loops.guide.errata import GUIDES
from loops.validate.exact import Exact

if TYPE_CHECKING:
    from loops.delimiters import Delimiters, Isa
    from loops.source import Buffer
    from loops.validate.automaton import Automaton


class Foreign(Exact):
    """The exact state, and how a transaction set of another guide is passed over.

    `first` is the first interchange header, `position` where the next segment begins.
    """

    def __init__(self, data: Buffer, automaton: Automaton, first: Isa, *, reference_only: bool) -> None:
        super().__init__(data, automaton, reference_only=reference_only)
        self.first = first
        self.position = first.start

    def pass_over(self, position: int, stop: int) -> bool:
        """Pass over a transaction set of another guide, up to and with its SE; False when it is none."""
        raw = bytes(self.data[position:stop]).lstrip()
        if not raw.startswith(b"ST" + self.separator):
            return False
        parts = raw.split(self.separator)
        context = self.context
        gs = tuple(value.encode("latin-1") for value in context.group.gs) if context.group else ()
        name = foreign_name(tuple(parts[1:]), Group(self.first, gs, 0))
        if not name:
            return False
        self.leave_claim(position)
        self.envelope.sets += 1
        self.open_transaction(parts, position, judged=False)
        context.add(
            "X12-FOREIGN", (position, stop), "send it to the scrubber of its kind",
            fault=f"{name} is not judged", segment=1, segment_id="ST",
        )  # fmt: skip
        found = _trailer(self.automaton.delimiters).search(self.data, stop)
        self.position = self.counted = found.end() if found else len(self.data)
        for id_, qualifier in (("ST", b"837"), ("SE", b"")):
            self.node = self.automaton.way(self.node, id_, qualifier).node
        self.close_transaction(self.position)
        return True

    def compare_guides(self, parts: list[bytes], position: int) -> None:
        """A transaction set of ours in a group that names another guide."""
        group = self.context.group
        if group is None or group.gs[7].encode("latin-1") in GUIDES or not self.context.transaction:
            return
        end = position + len(self.separator.join(parts))
        self.context.add(
            "X12-GUIDE", (position, end), "name the same guide in GS08 and ST03", place="ST03", element=3,
            ik3="8", ik4="7", segment=1, segment_id="ST",
        )  # fmt: skip


@lru_cache(maxsize=64)
def _trailer(delimiters: Delimiters) -> re.Pattern[bytes]:
    """An SE with all of it, or the place before the trailer of a group or interchange."""
    e, t = re.escape(delimiters.element), re.escape(delimiters.terminator)
    return re.compile(
        t + rb"\s*(?:SE" + e + b"[^" + t + b"]*" + t + rb"[\r\n]*|(?=(?:GE|GS|ST|IEA|ISA)" + e + b"))"
    )
