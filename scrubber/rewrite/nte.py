"""Put findings into the claim: one line note ``NTE*TPO`` in loop 2400 of each line with a fault.

The slot is for what a third party tells the payer. It stands after the
provider's own note (NTE*ADD, NTE*DCP) and before PS1, HCP and loop 2410; there
is one a line, and a note that somebody else has put there is never touched.
Source: pyx12 4.0.0, map 837.5010.X222.A1, loop 2400.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from loops import Batch, Claim, Segment, ServiceLine
from loops.delimiters import Delimiters
from scrubber.finding import Edit, Finding, Outcome, Safety, Severity
from scrubber.rewrite.changes import By, Change, PutOff
from scrubber.rewrite.kept import Kept

LONGEST: Final = 80  # NTE02
_PREFIXES: Final = ("SCRUB", "EDIT", "X")
_JOINERS: Final = (";", ",", "/", ".", "-")
_BLANKS: Final = (" ", "-", ".", "/", "+")
_LATER: Final = frozenset({"PS1", "HCP"})


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes to insert, by place, and those that cannot be, by claim, each with the reason."""

    changes: Kept[Change] = field(default_factory=Kept)
    put_off: Kept[PutOff] = field(default_factory=Kept)

    def add(self, one: Change | PutOff) -> None:
        """Take in a note, or one that cannot be."""
        if isinstance(one, Change):
            self.changes.add(one.edit.start, one)
        else:
            self.put_off.add(one.claim_index, one)

    def without(self, worse: Callable[[int], object]) -> Notes:
        """The same without notes in claims that are `worse`, in which they would be faults themselves.

        `worse` is asked for ordinals from 1.
        """
        kept = Notes()
        for put_off in self.put_off:
            kept.add(put_off)
        reason = "the claim does not stand where the guide wants it, nor would the note"
        for one in self.changes:
            drop = worse(one.claim_index)
            kept.add(PutOff(one.claim, one.claim_index, one.by[0], reason) if drop else one)
        return kept


@dataclass(frozen=True, slots=True)
class Fault:
    """What a note says of a finding, and which line it is about."""

    rule: str
    severity: Severity
    line: str | None
    offset: int


def notes(batch: Batch, findings: Iterable[Finding]) -> Notes:
    """Plan the notes for `findings` of `batch`, in any order.

    A line that has the very note already needs none, so a second run changes nothing.
    """
    faults: Kept[Fault] = Kept()
    for finding in findings:
        if finding.outcome is Outcome.FAIL and finding.claim_index is not None:
            fault = Fault(finding.rule, finding.severity, finding.line, finding.byte_start)
            faults.add(finding.claim_index - 1, fault)
    planned = Notes()
    for number, found in faults.groups():
        for one in _of_claim(batch, number, found):
            planned.add(one)
    return planned


def _of_claim(batch: Batch, number: int, faults: list[Fault]) -> Iterator[Change | PutOff]:
    claim = batch.claim(number)
    delimiters = batch.isa(number).delimiters
    by_line: dict[int, list[Fault]] = {}
    for fault in faults:
        place = _line_of(claim, fault)
        if place is None:
            yield PutOff(claim.id, claim.index, _by([fault], None), "it speaks of no single line")
        else:
            by_line.setdefault(place, []).append(fault)
    for place, found in sorted(by_line.items()):
        line, by = claim.lines[place], _by(found, claim.lines[place])
        outcome = _edit(batch, line, text(found, delimiters))
        if isinstance(outcome, Edit):
            yield Change(outcome, claim.id, claim.index, (by,))
        elif outcome:
            yield PutOff(claim.id, claim.index, by, outcome)


def _line_of(claim: Claim, fault: Fault) -> int | None:
    """Which line of the claim a fault is about; LX01 may be given twice, then the bytes decide."""
    named = [n for n, line in enumerate(claim.lines) if line.number == fault.line]
    around = [n for n in named if _spans(claim.lines[n], fault.offset)]
    return next(iter(around or named), None)


def _spans(line: ServiceLine, offset: int) -> bool:
    return line.lx.start <= offset <= line.segments[-1].end


def _by(found: list[Fault], line: ServiceLine | None) -> By:
    rules = ",".join(dict.fromkeys(fault.rule for fault in _worst_first(found)))
    number = line.number if line else None
    return By(rules, number, "2400/NTE", Safety.FORMAT, "note the findings of the line")


def text(found: Iterable[Fault], delimiters: Delimiters) -> str:
    """NTE02: codes and severities, the worst first, at most 80 characters, no separator of the file.

    Empty when the separators of the file leave no way to write it.
    """
    taken = {*_characters(delimiters)}
    joiner = next((one for one in _JOINERS if one not in taken), "")
    blank = next((one for one in _BLANKS if one not in taken), "")
    prefix = next((one for one in _PREFIXES if taken.isdisjoint(one)), "")
    items = list(dict.fromkeys(blank.join(_words(fault, taken)) for fault in _worst_first(found)))
    whole = prefix + blank + joiner.join(items)
    kept = len(items)
    while len(whole) > LONGEST:
        kept -= 1
        whole = prefix + blank + joiner.join([*items[:kept], f"{len(items) - kept}{blank}MORE"])
    return whole if joiner and blank and prefix and taken.isdisjoint(whole) else ""


def _characters(delimiters: Delimiters) -> str:
    separators = (delimiters.element, delimiters.component, delimiters.repetition, delimiters.terminator)
    return b"".join(separators).decode("latin-1")


def _words(fault: Fault, taken: set[str]) -> tuple[str, str]:
    code = fault.rule.removeprefix("INJ-")
    return code.replace("-", "") if "-" in taken else code, fault.severity.value.upper()


def _worst_first(found: Iterable[Fault]) -> list[Fault]:
    return sorted(found, key=lambda fault: (-fault.severity.rank, fault.rule))


def _edit(batch: Batch, line: ServiceLine, note: str) -> Edit | str:
    """The edit that inserts `note`, or why it cannot be made; empty when the line has it already."""
    theirs = line.all("NTE", "TPO")
    if theirs:
        return "" if [one.text(2) for one in theirs] == [note] else "the line has a note of a third party"
    if not note:
        return "the separators of the file leave no way to write a note"
    last = _before_note(line)
    delimiters = last.delimiters
    data = batch.source.data
    if bytes(data[last.end : last.end + 1]) != delimiters.terminator:
        return "the file is cut off in the line"
    lead = bytes(data[data.rfind(delimiters.terminator, 0, last.start) + 1 : last.start])
    line_end = lead.translate(None, b" \t")  # an indent before a segment is a fault that we do not repeat
    segment = delimiters.element.join((b"NTE", b"TPO", note.encode("ascii"))) + delimiters.terminator
    return Edit(last.end + 1, last.end + 1, b"", line_end + segment)


def _before_note(line: ServiceLine) -> Segment:
    """The segment of a line that its note of a third party follows."""
    last = line.lx
    for segment in line.segments:
        if segment.loop not in ("2400", "") or segment.id in _LATER:
            break
        last = segment
    return last
