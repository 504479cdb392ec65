"""Read the answers to groups and interchanges: 999 (005010X231, X231A1), 997 and TA1."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from loops.answers.kinds import (
    Answer,
    ElementFault,
    GroupAck,
    GroupHead,
    InterchangeAck,
    Origin,
    Problem,
    SegmentFault,
    TransactionAck,
    Trigger,
)
from loops.answers.segments import Elements, Segments
from loops.answers.values import codes, place, short_day, whole

_CLAIM: Final = "CLM01"
_TRIGGER: Final = "SITUATIONAL TRIGGER"
_ACCEPTED: Final = frozenset("AEP")


def read_ta1(ta1: Elements, origin: Origin, start: int) -> InterchangeAck:
    """The answer to an interchange."""
    return InterchangeAck(origin, start, ta1[1], short_day(ta1[2]), ta1[4], ta1[5])


class _Fault:
    """An IK3 that is still open."""

    def __init__(self, ik3: Elements) -> None:
        self.ik3 = ik3
        self.claim = ""
        self.triggers: list[Trigger] = []
        self.elements: list[ElementFault] = []

    def done(self) -> SegmentFault:
        ik3 = self.ik3
        triggers, elements = tuple(self.triggers), tuple(self.elements)
        return SegmentFault(ik3[1], place(ik3[2]), ik3[3], ik3[4], self.claim, triggers, elements)


class Reader999:
    """Takes the segments of one 999 or 997 by its `handlers`; `ready` holds the answers that are complete."""

    def __init__(self, origin: Origin, segments: Segments) -> None:
        self.ready: list[Answer] = []
        self._origin = origin
        self._segments = segments
        self._start = segments.start
        self._group = GroupHead("", "", "")
        self._ak2: Elements | None = None
        self._verdict: Elements = []
        self._faults: list[_Fault] = []
        self._letters: list[str] = []
        self.handlers: Mapping[str, Callable[[Elements], None]] = {
            "AK1": self._group_head,
            "AK2": self._transaction,
            "IK3": self._segment,
            "AK3": self._segment,
            "CTX": self._context,
            "IK4": self._element,
            "AK4": self._element,
            "IK5": self._end_transaction,
            "AK5": self._end_transaction,
            "AK9": self._summary,
        }

    def end(self) -> None:
        """There are no more segments."""
        self._close()

    def _group_head(self, ak1: Elements) -> None:
        self._group = GroupHead(ak1[1].strip(), ak1[2], ak1[3])

    def _transaction(self, ak2: Elements) -> None:
        self._close()
        self._ak2, self._start = ak2, self._segments.start
        self._verdict, self._faults = [], []

    def _segment(self, ik3: Elements) -> None:
        self._faults.append(_Fault(ik3))

    def _end_transaction(self, ik5: Elements) -> None:
        self._verdict = ik5

    def _close(self) -> None:
        """End the transaction that is open, if one is."""
        ak2, ik5 = self._ak2, self._verdict or [""] * 7
        if ak2 is None:
            return
        faults = tuple(fault.done() for fault in self._faults)
        what = (self._origin, self._start, self._group, ak2[1], ak2[2], ak2[3])
        self.ready.append(TransactionAck(*what, ik5[1], codes(ik5[2:7]), faults))
        self._letters.append(ik5[1])
        self._ak2 = None

    def _context(self, ctx: Elements) -> None:
        if not self._faults:
            return
        fault = self._faults[-1]
        name, value = [*self._segments.components(ctx[1]), ""][:2]
        if name == _CLAIM:
            fault.claim = value
        elif name.startswith(_TRIGGER):
            element, component, _ = self._position(ctx[5])
            fault.triggers.append(Trigger(ctx[2], place(ctx[3]), ctx[4], element, component))

    def _element(self, ik4: Elements) -> None:
        if self._faults:
            self._faults[-1].elements.append(ElementFault(*self._position(ik4[1]), ik4[2], ik4[3]))

    def _position(self, composite: str) -> tuple[int, int, int]:
        """Element, component and repetition of C030."""
        parts = [*self._segments.components(composite), "", ""]
        return place(parts[0]), place(parts[1]), place(parts[2])

    def _summary(self, ak9: Elements) -> None:
        self._close()
        included, received, accepted = map(whole, ak9[2:5])
        start = self._segments.start
        self.ready.append(
            GroupAck(self._origin, start, self._group, ak9[1], included, received, accepted, codes(ak9[5:10]))
        )
        told, taken = len(self._letters), sum(letter in _ACCEPTED for letter in self._letters)
        self._letters = []
        # Accepted sets may go without an AK2 of their own, so fewer than AK903 is no fault.
        taken = 0 if ak9[1] == "R" else taken  # a group may be refused whose sets are right
        if received is not None and (told > received or (told == received and taken != accepted)):
            message = (
                f"AK9 counts {received} transaction sets received and {accepted} accepted,"
                f" the AK2 before it {told} and {taken}"
            )
            self.ready.append(Problem("X12-AK9-COUNT", message, start, start))
