"""The never-list, in one place and below the rules: what no fix may do, whoever offers it.

Software that adds a modifier, a diagnosis or a dose to get a line paid makes a
false claim (31 USC 3729; NCCI Policy Manual ch. I: no modifier is appended
only to bypass an edit). Whoever may approve a fix, these are for the coder who
has the record before him.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from loops import Segment
from scrubber.finding import Safety
from scrubber.rewrite import form
from scrubber.tables import Tables

NEVER_MODIFIERS: Final = frozenset(
    {"25", "59", "XE", "XS", "XP", "XU"}  # separate or distinct service
    | {"58", "76", "77", "78", "79"}  # staged or repeated service
    | {"JW", "JZ"}  # drug discarded, or not
    | {"EA", "EB", "EC", "JA", "JB"}  # indication, route
)

_CHEMOTHERAPY: Final = ("964", "965")


def administration(tables: Tables) -> frozenset[str]:
    """The administration codes, the only ones that a suggested fix may put in the place of another.

    Not those of chemotherapy: they pay more, and whether they apply is the payer's policy.
    """
    codes = (row["code"] for row in tables.table("admin_codes").rows())
    return frozenset(code for code in codes if not code.startswith(_CHEMOTHERAPY))


def reason(
    before: Sequence[Segment], after: Sequence[Segment], safety: Safety, family: frozenset[str]
) -> str:
    """Why a fix that makes the segments `after` of those of a claim `before` is refused; empty if it is not.

    `family` are the codes that may take the place of another, see `administration`.
    """
    was, would = _facts(before), _facts(after)
    for wrong in (*_added(was, would, family), *_changed(was, would)):
        return wrong
    return _beyond_form(before, after) if safety is Safety.FORMAT else ""


@dataclass(slots=True)
class _Line:
    """What is counted on one service line."""

    quantities: list[object] = field(default_factory=list)
    pointers: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Facts:
    """What a claim asserts, counted so that a fact moved is told from a fact made."""

    modifiers: Counter[tuple[str, str]] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    diagnoses: Counter[str] = field(default_factory=Counter)
    drugs: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)
    lines: dict[tuple[str, int], _Line] = field(default_factory=dict)


def _facts(segments: Iterable[Segment]) -> _Facts:
    facts, line = _Facts(), _Line()
    seen: Counter[str] = Counter()
    for segment in segments:
        if segment.id == "LX":
            lx = segment.text(1)
            line = facts.lines[(lx, seen[lx])] = _Line()
            seen[lx] += 1
        _take(facts, line, segment)
    return facts


def _take(facts: _Facts, line: _Line, segment: Segment) -> None:
    if segment.id in form.PROCEDURE:
        components = segment.components(form.PROCEDURE[segment.id])
        facts.codes.update(form.plain(code) for code in components[1:2])
        facts.modifiers.update((segment.id, modifier) for modifier in form.modifiers(components))
        facts.texts.update(text for text in components[6:7] if text)
    if segment.id == "SV1":
        line.quantities.append(form.quantity(segment.text(4)))
        line.pointers.update(form.pointers(segment.components(7)))
    elif segment.id == "CTP":
        line.quantities += [form.quantity(segment.text(4)), segment.text(5)]
    elif segment.id == "MEA":
        line.quantities += [segment.text(1), segment.text(2), form.quantity(segment.text(3))]
    elif segment.id == "LIN":
        facts.drugs[form.ndc(segment.text(3))] += 1
    elif segment.id == "NTE":
        facts.texts[segment.text(2)] += 1
    elif segment.id == "HI":
        for element in range(1, len(segment.parts)):
            facts.diagnoses.update(code.replace(".", "") for code in segment.components(element)[1:2])


def _added(was: _Facts, would: _Facts, family: frozenset[str]) -> Iterator[str]:
    for _, modifier in would.modifiers - was.modifiers:
        if modifier in NEVER_MODIFIERS:
            yield f"it would add modifier {modifier}"
    for code in would.codes - was.codes:
        if code not in family:
            yield f"it would add the code {code}"
    if would.diagnoses - was.diagnoses:
        yield "it would add a diagnosis"
    if would.drugs - was.drugs:
        yield "it would add an NDC or change its digits"
    if would.texts - was.texts:
        yield "it would write a description or a note"


def _changed(was: _Facts, would: _Facts) -> Iterator[str]:
    for (lx, repeat), line in would.lines.items():
        old = was.lines.get((lx, repeat))
        if old is None:
            yield f"it would add line {lx}"
        elif line.quantities != old.quantities:
            yield f"it would change the units or the dose of line {lx}"
        elif not line.pointers <= old.pointers:
            yield f"it would point line {lx} at another diagnosis"


def _beyond_form(before: Sequence[Segment], after: Sequence[Segment]) -> str:
    for one, other in zip(before, after, strict=False):
        if form.said(one) != form.said(other):
            return f"it would change more than the form of {one.loop}/{one.id}"
    return "" if len(before) == len(after) else "it would change the number of segments"
