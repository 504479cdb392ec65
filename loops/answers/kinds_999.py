"""What a TA1 and a 999 (005010X231, X231A1) say; a 997 has the same shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from loops.answers.origin import Origin


@dataclass(frozen=True, slots=True)
class InterchangeAck:
    """TA1: `control` is the ISA13 answered, `code` A, E or R, `note` TA105 (000 when nothing is wrong)."""

    origin: Origin
    start: int
    control: str
    made_on: date | None
    code: str
    note: str


@dataclass(frozen=True, slots=True)
class GroupHead:
    """AK1, the functional group that is answered: its GS01, GS06 and GS08 (empty in a 997)."""

    functional_id: str
    control: str
    version: str


@dataclass(frozen=True, slots=True)
class ElementFault:
    """IK4 (AK4): `element`, `component`, `repetition` (0 where not given), `reference` IK402, `code` IK403.

    IK404, the copy of the bad value, may be data of a person and is not read.
    """

    element: int
    component: int
    repetition: int
    reference: str
    code: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """CTX of a situational rule: the segment (id, position in its set, loop) and element behind it."""

    segment_id: str
    position: int
    loop: str
    element: int
    component: int


@dataclass(frozen=True, slots=True)
class SegmentFault:
    """IK3 (AK3) with its CTX and IK4.

    `position` is that of the segment in its transaction set (ST is 1), `code`
    IK304. `claim` is the CLM01 that a business unit CTX names; units of other
    kinds (member ids) are not read.
    """

    segment_id: str
    position: int
    loop: str
    code: str
    claim: str
    triggers: tuple[Trigger, ...]
    elements: tuple[ElementFault, ...]


@dataclass(frozen=True, slots=True)
class TransactionAck:
    """AK2 to IK5 (AK5): `kind`, `control`, `guide` are ST01, ST02, ST03 of what is answered.

    `code` is IK501 (A, E, P, R, M, W, X), `codes` IK502 to IK506.
    """

    origin: Origin
    start: int
    group: GroupHead
    kind: str
    control: str
    guide: str
    code: str
    codes: tuple[str, ...]
    faults: tuple[SegmentFault, ...]


@dataclass(frozen=True, slots=True)
class GroupAck:
    """AK9, after the transactions of its group: `code` AK901, the three counts, `codes` AK905 to AK909.

    A group that is refused (R) is refused as a whole, whatever IK5 says of its transactions.
    """

    origin: Origin
    start: int
    group: GroupHead
    code: str
    included: int | None
    received: int | None
    accepted: int | None
    codes: tuple[str, ...]
