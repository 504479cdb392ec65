"""Which claims are held, and why.

A fault of a claim holds that claim. One outside the claims holds what depends on it: a fault in an HL block
the claims below it, one of the levels or of the frame of a transaction that transaction, one of a group or an
interchange what stands in it. A receiver does so too: its 999 refuses whole transactions, its 277CA claims.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from loops.walker import LEADING
from scrubber.batch.statuses import status_of

if TYPE_CHECKING:
    from loops import Batch
    from loops.answers.kinds import Status
    from loops.delimiters import Delimiters
    from scrubber.finding import Finding

_LEVELS: Final = ("X12-HL-NUMBER", "X12-HL-PARENT")  # who belongs to whom is not sure any more
_OF_INTERCHANGE: Final = ("ISA", "IEA", "TA1", "GE")


class Reason(NamedTuple):
    """Why a claim is held: the rule, what the 277CA says, the line (ordinal from 1; 0: the claim)."""

    rule: str
    status: Status
    line: int = 0


class Holds(Collection[int]):
    """The claims (numbers from 0) of `batch` that are held; `refused`: transactions held as a whole."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._index = batch.index
        self._flags = bytearray(len(batch))
        self._of_claim: defaultdict[int, list[Reason]] = defaultdict(list)
        self._of_set: defaultdict[int, list[Reason]] = defaultdict(list)
        self.refused: set[int] = set()

    def __len__(self) -> int:
        return self._flags.count(1)

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and self._flags[number : number + 1] == b"\1"

    def __iter__(self) -> Iterator[int]:
        number = self._flags.find(1)
        while number >= 0:
            yield number
            number = self._flags.find(1, number + 1)

    def reasons(self, number: int) -> Sequence[Reason]:
        """Why a claim is held: its own faults, then those around it."""
        return [*self._of_claim.get(number, ()), *self._of_set.get(self._index.claim_set[number], ())]

    def hold(self, finding: Finding) -> None:
        """Hold what depends on a finding."""
        number = self._claim(finding)
        if number >= 0:
            self.hold_claim(number, Reason(finding.rule, status_of(finding), self._line(finding, number)))
            return
        reason = Reason(finding.rule, status_of(finding))
        below = [] if finding.rule in _LEVELS else self._below(finding)
        for one in below:
            self.hold_claim(one, reason)
        if not below:
            for one in self._sets(finding):
                self._hold_set(one, reason)

    def hold_claim(self, number: int, reason: Reason) -> None:
        """Hold one claim."""
        self._flags[number] = 1
        if reason not in self._of_claim[number]:
            self._of_claim[number].append(reason)

    def let_go(self, number: int) -> None:
        """Release a claim of which somebody said so; one held with its transaction stays."""
        if self._index.claim_set[number] not in self.refused:
            self._flags[number] = 0
            self._of_claim.pop(number, None)

    def _hold_set(self, number: int, reason: Reason) -> None:
        self.refused.add(number)
        if reason not in self._of_set[number]:
            self._of_set[number].append(reason)
        sets = self._index.claim_set
        first, last = bisect_left(sets, number), bisect_right(sets, number)
        self._flags[first:last] = b"\1" * (last - first)

    def _claim(self, finding: Finding) -> int:
        """The claim that a finding is about; -1 when it stands outside."""
        if finding.claim_index is None:
            return -1
        # What is missing at the end of a claim is told where the next thing begins. Validation counts claims
        # outside transactions too, so that the place decides.
        starts, ends, place = self._index.claim_start, self._index.claim_end, finding.byte_start
        number = finding.claim_index - 1
        if number < len(starts) and starts[number] <= place <= ends[number]:
            return number
        number = bisect_right(starts, place) - 1
        return number if number >= 0 and place < ends[number] else -1

    def _below(self, finding: Finding) -> list[int]:
        """The claims below the HL block that a finding stands in."""
        index = self._index
        # What is missing is told where the next thing begins: it belongs to what stands before.
        place = finding.byte_start - (finding.byte_start == finding.byte_end)
        hl = bisect_right(index.hl_start, place) - 1
        if hl < 0 or place >= index.hl_end[hl]:
            return []
        number = bisect_right(index.claim_start, index.hl_start[hl])
        found = []
        while number < len(index.claim_start) and hl in (
            index.billing[number],
            index.subscriber[number],
            index.patient[number],
        ):
            found.append(number)
            number += 1
        return found

    def _sets(self, finding: Finding) -> Sequence[int]:
        """The transactions that a finding outside of claims is about: its own, or those around it."""
        index, place = self._index, finding.byte_start
        own = bisect_right(index.set_start, place) - 1
        if own >= 0 and place < index.set_end[own]:
            return [own]
        every = range(len(index.set_start))
        isa = next((n for n, end in enumerate(index.isa_end) if index.isas[n].start <= place < end), None)
        if isa is None:
            return every
        if not finding.place.startswith(_OF_INTERCHANGE):
            starts = [group.start for group in index.groups]
            group = bisect_right(starts, place) - 1
            if group >= 0 and starts[group] >= index.isas[isa].start:
                return [number for number in every if index.set_group[number] == group]
        return [number for number in every if index.set_isa[number] == isa]

    def _line(self, finding: Finding, number: int) -> int:
        """The ordinal of the service line that a finding is about: LX01 may be anything."""
        if finding.line is None:
            return 0
        start = self._index.claim_start[number]
        data = bytes(self._batch.source.data[start : finding.byte_start + 3])
        return len(_line_starts(self._batch.isa(number).delimiters).findall(data))


@lru_cache(maxsize=64)
def _line_starts(delimiters: Delimiters) -> re.Pattern[bytes]:
    leading = LEADING.translate(None, delimiters.terminator + delimiters.element)
    return re.compile(
        re.escape(delimiters.terminator) + b"[" + re.escape(leading) + b"]*LX" + re.escape(delimiters.element)
    )
