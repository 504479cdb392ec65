"""A difference as a person may see it: data of persons masked, control characters gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from loops.values import number
from scrubber.diff.model import Kind, value
from scrubber.report.mask import masked, masked_id
from scrubber.report.paint import clean

if TYPE_CHECKING:
    from decimal import Decimal

    from loops import Claim, Segment, ServiceLine
    from scrubber.diff.comparison import Comparison
    from scrubber.diff.model import Change, ClaimDiff, ContextDiff, Note

_NOTES: Final = {
    "separators": "separators",
    "line-ends": "line ends",
    "claim-order": "claims in another order",
    "hl-numbering": "HL loops that are only numbered otherwise",
    "spacing": "blanks or line ends between segments",
}


class Shown(NamedTuple):
    """Place and values of a change, None where nothing stands; `hidden` when something of them is masked."""

    place: str
    before: str | None
    after: str | None
    hidden: bool


def shown(change: Change, *, mask: bool = True) -> Shown:
    """The values of a change; with `mask` names, member ids, birth dates and addresses are x."""
    before = text(change.segment_before, change.element, change.component, mask=mask)
    after = text(change.segment_after, change.element, change.component, mask=mask)
    hidden = before != change.before or after != change.after
    return Shown(_place(change, mask=mask), before, after, hidden)


def _place(change: Change, *, mask: bool) -> str:
    """The place; where a lost or stray terminator made a name of a segment's id, it is masked."""
    segment = change.segment_before or change.segment_after
    place = change.place
    if segment is None or not mask or masked_id(segment.id) == segment.id:
        return place
    return place.replace(segment.id, masked_id(segment.id))


def text(segment: Segment | None, element: int = 0, component: int = 0, *, mask: bool = True) -> str | None:
    """The text of a segment, element or component; masked as what it is in the segment."""
    plain = value(segment, element, component)
    if segment is None or plain is None or not mask:
        return plain
    whole = masked(segment.raw.decode("latin-1"), segment.delimiters)
    spot = segment.spot(element, component)
    return whole[spot.start - segment.start : spot.end - segment.start]


class ClaimFacts(NamedTuple):
    """What names a claim: CLM01, its ordinal in the file, CLM02, CLM05-3; the patient when not masked."""

    claim: str
    claim_index: int
    charge: Decimal | None
    frequency: str
    patient: str


class LineFacts(NamedTuple):
    """What names a line: LX01, SV101-2, first day of service (ISO), SV102."""

    line: str
    code: str
    service_date: str | None
    charge: Decimal | None


def claim_facts(claim: Claim, *, mask: bool) -> ClaimFacts:
    """What names a claim."""

    def of(element: int, component: int = 0) -> str:
        return text(claim.clm, element, component, mask=mask) or ""

    return ClaimFacts(of(1), claim.index, number(of(2)), of(5, 3), "" if mask else _patient(claim))


def line_facts(line: ServiceLine, *, mask: bool) -> LineFacts:
    """What names a line."""

    def of(element: int, component: int = 0) -> str:
        return text(line.sv1, element, component, mask=mask) or ""

    day = line.first_day.isoformat() if line.first_day else None
    lx = text(line.lx, 1, mask=mask) or ""
    return LineFacts(lx, of(1, 2) if line.sv1 is not line.lx else "", day, number(of(2)))


def _patient(claim: Claim) -> str:
    """The patient's name, last name first."""
    segments = claim.patient.segments if claim.patient else ()
    names = {one.text(1): one for one in reversed(segments) if one.id == "NM1"}
    name = names.get("QC") or names.get("IL")
    return ", ".join(filter(None, (name.text(3), name.text(4)))) if name else ""


def note_text(note: Note) -> tuple[str, str]:
    """What a note is about, and what it says."""
    says = f"{note.before} -> {note.after}" if note.before or note.after else f"{note.count:,}"
    return _NOTES[note.what], says if note.what != "spacing" else "these alone"


def known(line: LineFacts) -> Iterator[str]:
    """What is known of a line, for a heading: code, day, charge."""
    yield from filter(None, (clean(line.code), line.service_date))
    if line.charge is not None:
        yield f"${line.charge:,.2f}"


@dataclass(slots=True)
class Counts:
    """What a comparison found: claims, and changes, lines and notes in all."""

    claims_before: int
    claims_after: int
    changed: int = 0
    added: int = 0
    removed: int = 0
    changes: int = 0
    lines: int = 0
    above: int = 0
    notes: list[Note] = field(default_factory=list)

    @classmethod
    def of(cls, comparison: Comparison) -> Counts:
        """The counts before any claim was gone through."""
        counts = cls(len(comparison.before), len(comparison.after), notes=comparison.notes())
        counts.above = sum(len(diff.changes) for diff in comparison.context())
        return counts

    @property
    def same(self) -> int:
        """Claims that both files have and that say the same."""
        return self.claims_after - self.changed - self.added

    @property
    def any(self) -> bool:
        """Whether there is any difference."""
        return bool(self.changed or self.added or self.removed or self.above or self.notes)

    def passing(self, diffs: Iterable[ClaimDiff]) -> Iterator[ClaimDiff]:
        """The same differences, counted as they go by."""
        for diff in diffs:
            self.changed += diff.kind is Kind.CHANGED
            self.added += diff.kind is Kind.ADDED
            self.removed += diff.kind is Kind.REMOVED
            self.changes += sum(1 for _ in diff.all_changes())
            self.lines += len(diff.lines)
            yield diff


def above_text(diff: ContextDiff) -> str:
    """What stands above which claims."""
    if not diff.claims:
        return f"{diff.level}, above no claim"
    return f"{diff.level}, above {diff.claims:,} claim" + ("" if diff.claims == 1 else "s")
