"""What a comparison says: changes of elements and segments, by line, by claim, and above the claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loops import Claim, Segment, ServiceLine, Spot


class Kind(StrEnum):
    """What happened: an element or component is another, a whole segment came, went, or stands elsewhere."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Of kind ``changed`` it is about `element` (and `component`, where the element has several) of a
    segment that both files have; else about a whole segment (`element` 0). `segment_before` is None
    for a segment that was added, `segment_after` for one that was removed.
    """

    kind: Kind
    segment_before: Segment | None
    segment_after: Segment | None
    element: int = 0
    component: int = 0

    @property
    def place(self) -> str:
        """Where, as a finding says it: ``2400/SV101-03``, or ``2400/NTE`` for a segment."""
        spot = self.spot_before or self.spot_after
        assert spot is not None
        return spot.place

    @property
    def spot_before(self) -> Spot | None:
        """The span in the first file; the empty span where the element would stand when it is absent."""
        return _spot(self.segment_before, self)

    @property
    def spot_after(self) -> Spot | None:
        """The span in the second file, alike."""
        return _spot(self.segment_after, self)

    @property
    def before(self) -> str | None:
        """The value as it was, one character a byte; None where nothing stood, empty where it was empty."""
        return value(self.segment_before, self.element, self.component)

    @property
    def after(self) -> str | None:
        """The value as it is, alike."""
        return value(self.segment_after, self.element, self.component)


@dataclass(frozen=True, slots=True)
class LineDiff:
    """A service line that changed: `before` is None for one that was added, `after` for one that was removed.

    `changes` tells the segments of such a line one by one.
    """

    before: ServiceLine | None
    after: ServiceLine | None
    changes: tuple[Change, ...]

    @property
    def kind(self) -> Kind:
        """Whether the line changed, was added or removed."""
        return _kind(self.before, self.after)


@dataclass(frozen=True, slots=True)
class ClaimDiff:
    """A claim that changed: `before` is None for one that only the second file has, `after` the reverse.

    `matched` says how the two were recognised as the same: ``claim`` (CLM01), ``patient`` (patient,
    date of service and provider, with a service in common or as a resubmission), empty when only one
    file has it or the caller put them together. `changes` are those of loop 2300 and below but for
    the lines; `above` those of the provider, subscriber and patient loops, which `compare` leaves to
    `Comparison.context`, as other claims share them.
    """

    before: Claim | None
    after: Claim | None
    matched: str = ""
    above: tuple[Change, ...] = ()
    changes: tuple[Change, ...] = ()
    lines: tuple[LineDiff, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.above or self.changes or self.lines) or self.before is None or self.after is None

    @property
    def kind(self) -> Kind:
        """Whether the claim changed, was added or removed."""
        return _kind(self.before, self.after)

    def all_changes(self) -> Iterator[Change]:
        """Every change, those of the lines too; none for a claim that only one file has."""
        yield from self.above
        yield from self.changes
        for line in self.lines:
            yield from line.changes


@dataclass(frozen=True, slots=True)
class ContextDiff:
    """What changed above claims, told once.

    `level` is interchange, group, transaction, billing, subscriber or patient; `claims` counts the
    claims that both files have below it. It is 0 for what stands above no claim at all.
    """

    level: str
    claims: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A difference of the whole file that is no matter of one segment.

    `what` is ``claim-order`` or ``hl-numbering`` (`count` says of how many), ``separators`` or
    ``line-ends`` (`before` and `after` say which), or ``spacing`` (blanks or line ends between segments).
    """

    what: str
    count: int = 0
    before: str = ""
    after: str = ""


def value(segment: Segment | None, element: int, component: int = 0) -> str | None:
    """The text of an element or component (element 0: of the segment); None where it is absent."""
    if segment is None:
        return None
    if not element:
        return segment.raw.decode("latin-1")
    if element >= len(segment.parts) or component > len(segment.components(element)):
        return None
    return segment.text(element, component)


def _spot(segment: Segment | None, change: Change) -> Spot | None:
    return None if segment is None else segment.spot(change.element, change.component)


def _kind(before: object, after: object) -> Kind:
    if before is None:
        return Kind.ADDED
    return Kind.REMOVED if after is None else Kind.CHANGED
