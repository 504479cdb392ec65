"""Read the answers to groups and interchanges: 999 (005010X231, X231A1), 997 and TA1."""

from __future__ import annotations

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
    """Takes the segments of one 999 or 997; `ready` holds the answers that are complete."""

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

    def take(self, elements: Elements) -> None:
        """Take in the next segment."""
        id_ = elements[0]
        if id_ == "AK1":
            self._group = GroupHead(elements[1].strip(), elements[2], elements[3])
        elif id_ == "AK2":
            self._close()
            self._ak2, self._start = elements, self._segments.start
            self._verdict, self._faults = [], []
        elif id_ in ("IK3", "AK3"):
            self._faults.append(_Fault(elements))
        elif id_ == "CTX" and self._faults:
            self._context(self._faults[-1], elements)
        elif id_ in ("IK4", "AK4") and self._faults:
            self._faults[-1].elements.append(self._element(elements))
        elif id_ in ("IK5", "AK5"):
            self._verdict = elements
        elif id_ == "AK9":
            self._close()
            self._summary(elements)

    def end(self) -> None:
        """There are no more segments."""
        self._close()

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

    def _context(self, fault: _Fault, ctx: Elements) -> None:
        name, _, value = ctx[1].partition(self._segments.component)
        if name == _CLAIM:
            fault.claim = value
        elif name.startswith(_TRIGGER):
            element, component, _ = self._position(ctx[5])
            fault.triggers.append(Trigger(ctx[2], place(ctx[3]), ctx[4], element, component))

    def _element(self, ik4: Elements) -> ElementFault:
        return ElementFault(*self._position(ik4[1]), ik4[2], ik4[3])

    def _position(self, composite: str) -> tuple[int, int, int]:
        """Element, component and repetition of C030."""
        parts = [*composite.split(self._segments.component), "", ""]
        return place(parts[0]), place(parts[1]), place(parts[2])

    def _summary(self, ak9: Elements) -> None:
        included, received, accepted = map(whole, ak9[2:5])
        start = self._segments.start
        self.ready.append(
            GroupAck(self._origin, start, self._group, ak9[1], included, received, accepted, codes(ak9[5:10]))
        )
        told, taken = len(self._letters), sum(letter in _ACCEPTED for letter in self._letters)
        self._letters = []
        # Accepted sets may go without an AK2 of their own, so fewer than AK903 is no fault.
        if received is not None and (told > received or (told == received and taken != accepted)):
            message = (
                f"AK9 counts {received} transaction sets received and {accepted} accepted,"
                f" the AK2 before it {told} and {taken}"
            )
            self.ready.append(Problem("X12-AK9-COUNT", message, start, start))
