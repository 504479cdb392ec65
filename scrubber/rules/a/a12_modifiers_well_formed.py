"""INJ-A12: modifiers are two letters or digits, each once, without a gap, valid on the day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from loops import Claim, Segment, ServiceLine
from scrubber.context import Context
from scrubber.finding import Edit, Expected, Fix, Safety, Severity
from scrubber.rule import Hit, fact, rule
from scrubber.rules.common import front_end
from scrubber.rules.gates import MODIFIER, on_claim

_FORM: Final = re.compile(r"[0-9A-Z]{2}", re.ASCII)


@rule(
    code="INJ-A12",
    name="modifiers-well-formed",
    severity=Severity.REJECT,
    cites=(front_end("edit X222.351.2400.SV101-3.040: the same modifier twice on a line"),),
    expected=Expected(status=("A7:453",), carc=("182", "4"), rarc=("N519", "N822", "N823")),
    when=on_claim(MODIFIER),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Modifiers stand in SV101-3 to SV101-6 from the left, in capitals, none of them twice.

    Why: A repeated modifier is refused by a front-end edit; a gap or a small
    letter hides the modifier from the payer. These three change nothing that is
    said. A modifier that is too short, holds a sign or did not exist on the day needs a coder.

    Bad:
        SV1*HC:96372:KX:KX*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:96372:GC:KX*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    for line in claim.lines:
        if line.modifiers:
            yield from _ill_formed(line)
            yield from _mendable(line)
            yield from _not_yet(line, ctx)


def _ill_formed(line: ServiceLine) -> Iterator[Hit]:
    for index, modifier in enumerate(line.modifiers):
        if modifier and not _FORM.fullmatch(modifier.upper()):
            says = (
                f"line {line.number}: modifier {index + 1} of {line.code} is not two letters or digits: "
                "take it from the record"
            )
            yield Hit(line.modifier_spot(index), says, (line,), evidence={"modifier": modifier})


def _mendable(line: ServiceLine) -> Iterator[Hit]:
    mended = list(dict.fromkeys(modifier.upper() for modifier in line.modifiers if modifier))
    if mended == list(line.modifiers):
        return
    faults = [
        name
        for name, found in (
            ("a gap", "" in line.modifiers),
            ("small letters", any(modifier != modifier.upper() for modifier in line.modifiers)),
            ("a repeat", len(mended) < sum(map(bool, line.modifiers))),
        )
        if found
    ]
    fix = None
    if all(len(modifier) <= 2 for modifier in mended):  # else text of another kind has strayed there
        edit = _rewrite(line.sv1, mended)
        fix = Fix(Safety.FORMAT, f"mend {' and '.join(faults)} among the modifiers", (edit,))
    says = f"line {line.number}: {' and '.join(faults)} among the modifiers of {line.code}: write each once"
    index = next(
        n
        for n, pair in enumerate(zip(line.modifiers, [*mended, "", "", ""], strict=False))
        if pair[0] != pair[1]
    )
    yield Hit(line.modifier_spot(index), says, (line,), evidence={"modifiers": list(line.modifiers)}, fix=fix)


def _rewrite(sv1: Segment, mended: list[str]) -> Edit:
    """The smallest edit that makes SV101-3 to SV101-6 read `mended`; what follows keeps its place."""
    parts = sv1.components(1)
    pad = [""] * (4 - len(mended)) if len(parts) > 6 else []
    separator = sv1.delimiters.component.decode("latin-1")
    before, after = separator.join(parts[2:6]), separator.join([*mended, *pad])
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    offset = sv1.spot(1, 3).start
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    return Edit(offset + start, offset + start + len(old), old.encode("latin-1"), new.encode("latin-1"))


def _not_yet(line: ServiceLine, ctx: Context) -> Iterator[Hit]:
    for index, modifier in enumerate(line.modifiers):
        if not _FORM.fullmatch(modifier) or ctx.find("modifiers", modifier, line) is not None:
            continue
        rows = ctx.table("modifiers").rows(modifier)  # of other days; a modifier without a row is not judged
        if rows and line.first_day:
            begun = [row for row in rows if row.from_ <= line.first_day]
            when = "was valid only before" if begun else "did not exist on"
            says = f"line {line.number}: modifier {modifier} {when} {line.first_day}: code the line anew"
            rests = (fact(rows[0]),)
            yield Hit(
                line.modifier_spot(index), says, (line,), rests_on=rests, evidence={"modifier": modifier}
            )
