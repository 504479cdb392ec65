"""The byte edits that fixes are made of, and when a fix may touch the money of a claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain, pairwise
from typing import Final

from loops import Claim, Segment, ServiceLine
from loops.values import number
from scrubber.finding import Edit, Fix, Safety

FIRST_MODIFIER = 3  # component of SV101
_VOID: Final = "8"  # CLM05-3: it must say what the voided claim said
# What a line may hold that is left out with it. More may matter to somebody, or be about a person, and
# what is left out stands in the edit record.
_PLAIN_LINE: Final = {"LX": None, "SV1": None, "DTP": "472", "REF": "6R"}
_LAST_OF_SV1: Final = 21
# Amounts of others that were worked out from the charges: adjudication, contract, pricing.
_RESTS_ON_CHARGES: Final = frozenset({"SVD", "CAS", "MOA", "CN1", "HCP"})
_PAID_BY_PATIENT: Final = "F5"
_LINE_ENDS: Final = (b"", b"\n", b"\r\n")


def without_modifier(line: ServiceLine, index: int) -> Edit:
    """Take modifier `index` (from 0) out of SV101, with the separator before it."""
    spot = line.modifier_spot(index)
    return _edit(line.sv1, spot.start - len(line.sv1.delimiters.component), spot.end, b"")


def with_modifier(line: ServiceLine, modifier: str) -> Edit:
    """Put `modifier` before the modifiers of SV101."""
    at = line.sv1.spot(1, FIRST_MODIFIER - 1).end
    return _edit(line.sv1, at, at, line.sv1.delimiters.component + modifier.encode("ascii"))


def with_code(line: ServiceLine, code: str) -> Edit:
    """Put `code` in the place of the procedure code SV101-2."""
    spot = line.sv1.spot(1, FIRST_MODIFIER - 1)
    return _edit(line.sv1, spot.start, spot.end, code.encode("ascii"))


def billed_as(line: ServiceLine, code: str) -> Fix | None:
    """The fix that bills a line of one unit as `code`; None where modifiers speak of the code as it is."""
    if line.units != 1 or line.modifiers:
        return None
    return Fix(Safety.SUGGESTED, f"bill {code} in place of {line.code}", (with_code(line, code),))


def with_charge(segment: Segment, charge: Decimal) -> Edit:
    """Put `charge` (dollars) in the place of CLM02 or SV102."""
    spot = segment.spot(2)
    return _edit(segment, spot.start, spot.end, f"{charge:f}".encode("ascii"))


def may_recharge(claim: Claim) -> bool:
    """Whether the charges of a claim may change without another amount on it becoming wrong.

    CLM02 is the sum of the lines; no payer has adjudicated or priced the claim; it voids none.
    """
    charges = [line.charge for line in claim.lines]
    if claim.charge is None or claim.frequency == _VOID or not claim.lines:
        return False
    balanced = sum((one for one in charges if one is not None), Decimal(0)) == claim.charge
    return balanced and None not in charges and not rests_on_charges(_all(claim), claim.charge)


def rests_on_charges(segments: Iterable[Segment], charge: Decimal) -> bool:
    """Whether a segment of the claim holds an amount that was worked out from its charges.

    What the patient paid (AMT*F5) is one where it is more than the total would be, `charge`.
    """
    for segment in segments:
        if segment.id in _RESTS_ON_CHARGES:
            return True
        if segment.id == "AMT":
            paid = number(segment.text(2)) if segment.text(1) == _PAID_BY_PATIENT else None
            if paid is None or paid > charge:
                return True
    return False


def left_out(claim: Claim, line: ServiceLine, title: str) -> Fix | None:
    """The fix that leaves a service line out; None when the claim has to say more about it than that.

    All or nothing: the line with its segments, CLM02 less its charge, the lines behind it numbered
    anew. SE01 is counted anew by whoever makes the fix. The line must be a plain one (LX, SV1 without
    description, date, control number), the lines numbered from 1, and no other amount rest on the charges.
    """
    numbered = [one.number for one in claim.lines] == [str(n + 1) for n in range(len(claim.lines))]
    if not (numbered and _plain(line) and len(claim.lines) > 1 and may_recharge(claim)):
        return None
    assert claim.charge is not None
    assert line.charge is not None
    total = claim.charge - line.charge
    removal = _removal(claim, line)
    if removal is None or line.charge < 0 or rests_on_charges(_all(claim), total):
        return None
    edits = [removal, *_numbered_anew(claim, line)]
    if line.charge:
        edits.insert(0, with_charge(claim.clm, _as_written(claim.clm.text(2), total)))
    return Fix(Safety.SUGGESTED, title, tuple(edits))


def _plain(line: ServiceLine) -> bool:
    """Whether a line holds nothing but what its service, day and control number take."""
    elements = line.sv1.texts(_LAST_OF_SV1)
    codes = (*line.modifiers, *line.pointers, elements[2], *elements[4:6], *elements[7:])
    short = line.units is not None and not line.description and all(len(one) <= 2 for one in codes)
    known = (s.id in _PLAIN_LINE and _PLAIN_LINE[s.id] in (None, s.text(1)) for s in line.segments)
    return short and all(known)


def _as_written(before: str, charge: Decimal) -> Decimal:
    """`charge` with as many decimals as `before` has, or as it needs."""
    needed = charge.normalize().as_tuple().exponent
    assert isinstance(needed, int)
    return charge.quantize(Decimal(1).scaleb(min(-len(before.partition(".")[2]), needed, 0)))


def _numbered_anew(claim: Claim, line: ServiceLine) -> Iterator[Edit]:
    """LX01 one lower in each line behind `line`."""
    for one in claim.lines:
        if one.lx.start > line.lx.start:
            spot = one.lx.spot(1)
            yield _edit(one.lx, spot.start, spot.end, str(int(one.number) - 1).encode("ascii"))


def _removal(claim: Claim, line: ServiceLine) -> Edit | None:
    """Take the line out from the terminator before it to its own, with the line ends before its segments.

    None where other bytes than a line end stand between the segments: nobody can see them from here.
    """
    before = max((s for s in _all(claim) if s.start < line.lx.start), key=lambda s: s.start)
    removed = bytearray()
    for one, other in pairwise((before, *line.segments)):
        between = other.start - one.end - len(one.delimiters.terminator)
        if not 0 <= between < len(_LINE_ENDS):
            return None
        removed += _LINE_ENDS[between] + other.raw + other.delimiters.terminator
    start = before.end + len(before.delimiters.terminator)
    return Edit(start, start + len(removed), bytes(removed), b"")


def _all(claim: Claim) -> Iterator[Segment]:
    """Every segment of the claim."""
    providers = (one.segments for one in claim.providers)
    payers = (one.segments for one in claim.other_payers)
    lines = (one.segments for one in claim.lines)
    return chain(claim.segments, *providers, *payers, *lines)


def _edit(segment: Segment, start: int, end: int, after: bytes) -> Edit:
    return Edit(start, end, segment.raw[start - segment.start : end - segment.start], after)
