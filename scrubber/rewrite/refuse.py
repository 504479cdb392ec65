"""The never-list, in one place and below the rules: what no fix may do, whoever offers or approves it.

Software that adds a modifier, a diagnosis or a dose to get a line paid makes a
false claim (31 USC 3729; NCCI Policy Manual ch. I: no modifier is appended
only to bypass an edit). Whoever may approve a fix, these are for the coder who
has the record before him. What is on no list is refused too: a suggested fix
may take another administration code, take a modifier off, move 25 or 59 to the
line it belongs to, count in units, charge a cent for a free drug, or leave a
line out; nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from loops import Segment
from scrubber.codes import is_drug, is_visit
from scrubber.finding import Edit, Safety
from scrubber.rewrite import form
from scrubber.rewrite.facts import Facts, Line, Matched, facts, matched
from scrubber.rules.common import DISTINCT
from scrubber.rules.edits import rests_on_charges
from scrubber.tables import Tables

NEVER_MODIFIERS: Final = frozenset(
    {"25", "59", "XE", "XS", "XP", "XU"}  # separate or distinct service
    | {"58", "76", "77", "78", "79"}  # staged or repeated service
    | {"JW", "JZ"}  # drug discarded, or not
    | {"EA", "EB", "EC", "JA", "JB"}  # indication, route
)
UNITS: Final = "UN"
CENT: Final = Decimal("0.01")
_INJECTION: Final = "96372"
_SEPARATE_VISIT: Final = "25"
# What may be billed in the place of another administration: each is told by the product on the claim.
_BILLED_INSTEAD: Final = frozenset({_INJECTION, "90471", "90480", "G0008", "G0009", "G0010", "G0012"})
_ANTIBODIES: Final = "covid-mab-admin"


@dataclass(frozen=True, slots=True)
class Family:
    """The codes that a suggested fix may write (`into`), those it may write them over (`over`).

    `renamed` are retired codes with the one that took their place: there nothing but the name changes.
    """

    into: frozenset[str]
    over: frozenset[str]
    renamed: frozenset[tuple[str, str]] = frozenset()


def administration(tables: Tables) -> Family:
    """The administration codes that may take the place of one another.

    Not those of infusion and chemotherapy: they pay more, and whether they apply
    is for the record and the payer's policy.
    """
    rows = list(tables.table("admin_codes").rows())
    known = {row["code"] for row in rows}
    into = {row["code"] for row in rows if row["code"] in _BILLED_INSTEAD or row["kind"] == _ANTIBODIES}
    renamed = {(row["code"], row["replacement"]) for row in tables.table("retired_codes").rows()}
    renamed = {(old, new) for old, new in renamed if new in into}
    return Family(frozenset(into), frozenset(known | {old for old, _ in renamed}), frozenset(renamed))


def reason(
    before: Sequence[Segment],
    after: Sequence[Segment],
    edits: Sequence[Edit],
    safety: Safety,
    family: Family,
) -> str:
    """Why a fix is refused that makes the segments `after` of those of a claim `before`; empty if it is not.

    `edits` are its edits in order, with places as the segments of `before` have them.
    """
    was, would = facts(before), facts(after)
    lines = matched(was, would, edits)
    for wrong in (*_added(was, would, lines, family), *_changed(lines)):
        return wrong
    if safety is Safety.FORMAT:
        return _beyond_form(before, after)
    return next(_beyond_catalogue(was, would, lines, family), "")


def _added(was: Facts, would: Facts, lines: Matched, family: Family) -> Iterator[str]:
    for line in lines.added:
        yield f"it would add line {line.number}"
    if would.diagnoses != was.diagnoses:
        more = set(would.diagnoses) - set(was.diagnoses)
        yield "it would add a diagnosis" if more else "it would change the order of the diagnoses"
    if set(would.texts) - set(was.texts):
        yield "it would write a note"
    yield from _modifiers_added(lines)
    for old, new in lines.kept:
        if new.code != old.code:
            yield from _recoded(old, new, family)
        if new.ndcs != old.ndcs:
            yield f"it would add an NDC to line {old.number} or change its digits"
        if set(new.texts) - set(old.texts):
            yield f"it would write a description or a note on line {old.number}"


def _recoded(old: Line, new: Line, family: Family) -> Iterator[str]:
    if new.code not in family.into or old.code not in family.over:
        yield f"it would add the code {new.code}"
    elif (old.code, new.code) not in family.renamed:
        # What 59 said of one code it would now say of another.
        for modifier in sorted(NEVER_MODIFIERS.intersection(new.modifiers)):
            yield f"it would add modifier {modifier} to {new.code}"


def _modifiers_added(lines: Matched) -> Iterator[str]:
    lost = [(old, one) for old, new in lines.kept for one in old.modifiers if one not in new.modifiers]
    for old, new in lines.kept:
        for modifier in new.modifiers:
            if modifier in old.modifiers:
                continue
            origin = next((one for one in lost if one[1] == modifier and _may_move(*one, old)), None)
            if origin is None:
                yield f"it would add modifier {modifier} to {new.code}"
            else:
                lost.remove(origin)


def _may_move(origin: Line, modifier: str, to: Line) -> bool:
    """Whether the biller's own word may be moved: 25 to a visit, 59 or X{EPSU} to an injection of the day."""
    if origin.day != to.day or is_visit(origin.code):
        return False
    if modifier == _SEPARATE_VISIT:
        return is_visit(to.code)
    return modifier in DISTINCT and to.code == _INJECTION


def _changed(lines: Matched) -> Iterator[str]:
    for old, new in lines.kept:
        if new.quantities != old.quantities:
            yield f"it would change the units or the dose of line {old.number}"
        if new.pointers != old.pointers:
            yield f"it would point line {old.number} at another diagnosis"


def _beyond_form(before: Sequence[Segment], after: Sequence[Segment]) -> str:
    for one, other in zip(before, after, strict=False):
        if form.said(one) != form.said(other):
            return f"it would change more than the form of {one.loop}/{one.id}"
    return "" if len(before) == len(after) else "it would change the number of segments"


def _beyond_catalogue(was: Facts, would: Facts, lines: Matched, family: Family) -> Iterator[str]:
    yield from _removed(lines, would, family)
    for old, new in lines.kept:
        yield from _beyond_line(old, new, family)
    if [form.said(one, ("CLM", 2)) for one in was.head] != [form.said(one, ("CLM", 2)) for one in would.head]:
        yield "it would change what stands above the lines"
    if [form.said(one) for one in was.head] == [form.said(one) for one in would.head] and not lines.removed:
        if [old.charge for old, _ in lines.kept] != [new.charge for _, new in lines.kept]:
            yield "it would change a charge and not the total"
    elif _rest(was) != _rest(would):
        yield "it would change the total by another amount than the lines"
    every = (*would.head, *(segment for line in would.lines for segment in line.segments))
    if would.charge != was.charge and rests_on_charges(every, would.charge or Decimal(0)):
        yield "it would change a total on which other amounts of the claim rest"


def _rest(claim: Facts) -> object:
    """CLM02 less the charges of the lines; what cannot be read is a rest of its own each time."""
    charges = [claim.charge, *(line.charge for line in claim.lines)]
    if None in charges:
        return object()
    total, *parts = (charge for charge in charges if charge is not None)
    return total - sum(parts)


def _removed(lines: Matched, would: Facts, family: Family) -> Iterator[str]:
    for line in lines.removed:
        if is_drug(line.code) or line.code in family.into:
            yield f"it would remove line {line.number} ({line.code})"
    if lines.removed and not would.lines:
        yield "it would remove every line"
    wanted = [str(n) for n in range(1, len(would.lines) + 1)]
    numbers = [line.number for line in would.lines]
    if numbers != (wanted if lines.removed else [old.number for old, _ in lines.kept]):
        yield "it would number the lines otherwise"


def _beyond_line(old: Line, new: Line, family: Family) -> Iterator[str]:
    wrong = f"of line {old.number}, which is not for software to change"
    one = [_rest_of(segment) for segment in old.segments]
    other = [_rest_of(segment) for segment in new.segments]
    if one != other:
        name = next((s.id for s, a, b in zip(old.segments, one, other, strict=False) if a != b), "the end")
        yield f"it would change {name} {wrong}"
    if new.basis != old.basis and not (new.basis == UNITS and new.code in family.over):
        yield f"it would change the unit basis {wrong}"
    if new.charge != old.charge and not (old.charge == 0 and new.charge == CENT and is_drug(new.code)):
        yield f"it would change the charge {wrong}"


def _rest_of(segment: Segment) -> object:
    """What a segment of a line says apart from what a suggested fix may change, which is judged by itself."""
    if segment.id == "LX":
        return segment.loop
    if segment.id == "SV1":
        composite = segment.components(1)
        rest = form.said(segment, ("SV1", 1), ("SV1", 2), ("SV1", 3))
        return (rest, composite[0], [text for text in composite[6:] if text])
    return form.said(segment)
