"""INJ-A05: every service line points at diagnoses that the claim has, each once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Edit, Expected, Fix, Safety, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.common import guide

# The pointers that have something to point at, by the number of diagnoses.
_KNOWN: Final = tuple(frozenset(map(str, range(1, count + 1))) for count in range(13))


@rule(
    code="INJ-A05",
    name="diagnosis-pointers",
    severity=Severity.REJECT,
    cites=(guide("loop 2400, SV107: one pointer at least, each to a diagnosis in HI of loop 2300"),),
    expected=Expected(status=("A7:477",), carc=("16",), rarc=("M76", "MA63")),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A service line must point at a diagnosis of the claim; one refused line takes the injection with it.

    Why: SV107 ties the line to its reason. A line without pointer, a pointer to
    a diagnosis that the claim lacks, and the same pointer twice are refused.

    Bad:
        HI*ABK:E538
        SV1*HC:96372*30*UN*1***2
        SV1*HC:J3420*5*UN*1***1

    Good:
        HI*ABK:E538*ABF:I10
        SV1*HC:96372*30*UN*1***2:1
        SV1*HC:J3420*5*UN*1***1
    """
    count = len(claim.diagnoses)
    known = _KNOWN[min(count, len(_KNOWN) - 1)]
    for line in claim.lines:
        pointers = line.pointers
        if pointers and known.issuperset(pointers) and len(set(pointers)) == len(pointers):
            continue
        if not pointers or not pointers[0]:
            says = f"line {line.number}: no diagnosis pointer (SV107): point at the reason for {line.code}"
            yield Hit(line.sv1.spot(7, 1), says, (line,))
        yield from _unresolved(line, known, count)
        yield from _repeated(line)


def _unresolved(line: ServiceLine, known: frozenset[str], count: int) -> Iterator[Hit]:
    for place, pointer in enumerate(line.pointers, 1):
        if pointer and pointer not in known:
            says = (
                f"line {line.number}: diagnosis pointer {pointer} (SV107-{place}) points at nothing, "
                f"the claim has {count} {'diagnosis' if count == 1 else 'diagnoses'}: "
                "mend the pointer or add the diagnosis of the record"
            )
            yield Hit(line.sv1.spot(7, place), says, (line,), evidence={"pointer": pointer})


def _repeated(line: ServiceLine) -> Iterator[Hit]:
    extra = [place for place, pointer in enumerate(line.pointers, 1) if pointer in line.pointers[: place - 1]]
    extra = [place for place in extra if 1 <= len(line.pointers[place - 1]) <= 2]  # longer ones are none
    if extra:
        edits = tuple(_drop(line, place) for place in extra)
        fix = Fix(Safety.FORMAT, "drop the repeated diagnosis pointer", edits)
        says = f"line {line.number}: diagnosis pointer repeated (SV107-{extra[0]}): drop the repeat"
        evidence = {"pointers": list(line.pointers)}
        yield Hit(line.sv1.spot(7, extra[0]), says, (line,), evidence=evidence, fix=fix)


def _drop(line: ServiceLine, place: int) -> Edit:
    spot, separator = line.sv1.spot(7, place), line.sv1.delimiters.component
    before = separator + line.pointers[place - 1].encode("latin-1")
    return Edit(spot.start - len(separator), spot.end, before, b"")
