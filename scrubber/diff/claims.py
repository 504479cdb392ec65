"""Compare two claims: loop 2300 and below, their lines, and the provider, subscriber and patient above."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from loops import Claim, OtherPayer, Segment, ServiceLine
from scrubber.diff.common import Said, said, texts
from scrubber.diff.model import Change, ClaimDiff, Kind, LineDiff
from scrubber.diff.pairing import Key, merged, moved, pairs
from scrubber.diff.segments import changes, of_said, only


def compare_claims(before: Claim, after: Claim) -> ClaimDiff:
    """What makes `before` into `after`, in loop 2300 and below and in the loops above; false when nothing.

    The claims may be of one file or of two, with other separators too. Lines are put together by
    control number (REF*6R), then by code, date and charge, then by LX01. The numbering of HL
    segments is passed over.
    """
    return compared(before, after, above=tuple(_above(before, after)))


def compared(before: Claim, after: Claim, *, matched: str = "", above: tuple[Change, ...] = ()) -> ClaimDiff:
    """The same for claims of which the loops above were compared already."""
    return ClaimDiff(
        before=before,
        after=after,
        matched=matched,
        above=above,
        changes=tuple(_of_claim(before, after)),
        lines=tuple(_of_lines(_lines(before.lines), _lines(after.lines))),
    )


def _above(before: Claim, after: Claim) -> Iterator[Change]:
    yield from without_numbering(before.billing_segments, after.billing_segments)
    yield from without_numbering(_of_subscriber(before), _of_subscriber(after))
    yield from without_numbering(_of_patient(before), _of_patient(after))


def without_numbering(before: Sequence[Segment], after: Sequence[Segment]) -> Iterator[Change]:
    """The changes of an HL block but for HL01, HL02 and HL04, which only count and link the blocks."""
    for change in changes(before, after):
        segment = change.segment_before
        if not (segment and segment.id == "HL" and change.element in _NUMBERING):
            yield change


_NUMBERING: Final = frozenset({1, 2, 4})


def _of_subscriber(claim: Claim) -> tuple[Segment, ...]:
    return claim.subscriber.segments if claim.subscriber else ()


def _of_patient(claim: Claim) -> tuple[Segment, ...]:
    """The segments of the patient's own HL block; none where the patient is the subscriber."""
    if claim.patient is None or (claim.subscriber and claim.patient is claim.subscriber.party):
        return ()
    return claim.patient.segments


def _of_claim(before: Claim, after: Claim) -> Iterator[Change]:
    yield from changes(_own(before), _own(after))
    found = pairs(before.other_payers, after.other_payers, _PAYER_KEYS)
    for i, j in merged(found, len(before.other_payers), len(after.other_payers)):
        was = before.other_payers[i].segments if i is not None else ()
        is_ = after.other_payers[j].segments if j is not None else ()
        yield from changes(was, is_)


def _own(claim: Claim) -> list[Segment]:
    """The segments of loops 2300 and 2310."""
    return [*claim.segments, *(segment for provider in claim.providers for segment in provider.segments)]


_PAYER_KEYS: Final[tuple[Key[OtherPayer], ...]] = (
    lambda payer: texts(said(payer.segments)),
    lambda payer: (payer.responsibility, payer.payer.id),
    lambda payer: payer.payer.id or None,
    lambda payer: payer.responsibility,
    lambda _: "",
)


class _Line(NamedTuple):
    line: ServiceLine
    parts: list[Said]
    text: tuple[bytes, ...]

    @property
    def service(self) -> tuple[object, ...]:
        return self.line.code, self.line.first_day, self.line.charge

    @property
    def control(self) -> str | None:
        """REF*6R; None where it is absent or but counts the lines, as then it says no more than LX01."""
        number = self.line.control_number
        return None if len(number) < 3 and number.isdigit() else number or None


_LINE_KEYS: Final[tuple[Key[_Line], ...]] = (
    lambda one: one.text,
    lambda one: (one.line.control_number, one.line.number, one.service),
    lambda one: (one.control, one.service) if one.control else None,
    lambda one: (one.control, one.line.number) if one.control else None,
    lambda one: one.control,
    lambda one: (one.service, one.line.number),
    lambda one: one.service,
    lambda one: (one.line.code, one.line.first_day, one.line.number),
    lambda one: (one.line.code, one.line.first_day),
    lambda one: (one.line.code, one.line.number),
    lambda one: one.line.code or None,
    lambda one: one.line.number,
)


def _lines(lines: Iterable[ServiceLine]) -> list[_Line]:
    told = ((line, said(line.segments)) for line in lines)
    return [_Line(line, parts, texts(parts)) for line, parts in told]


def _of_lines(before: Sequence[_Line], after: Sequence[_Line]) -> Iterator[LineDiff]:
    found = pairs(before, after, _LINE_KEYS)
    away = moved([i for i, j in found if before[i].text == after[j].text])
    for i, j in merged(found, len(before), len(after)):
        was, is_ = before[i] if i is not None else None, after[j] if j is not None else None
        made = tuple(_of_line(was, is_, away=i in away))
        if made:
            yield LineDiff(was and was.line, is_ and is_.line, made)


def _of_line(was: _Line | None, is_: _Line | None, *, away: bool) -> Iterable[Change]:
    if was is None or is_ is None:
        return only(was.line.segments if was else (), is_.line.segments if is_ else ())
    if away:
        return [Change(Kind.MOVED, was.line.lx, is_.line.lx)]
    return of_said(was.parts, is_.parts)
