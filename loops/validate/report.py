"""Turn faults into problems: code, words, span, and the claim and transaction set around them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from loops.validate.catalogue import CATALOGUE
from loops.validate.problem import GroupResult, GuideProblem, Reference, TransactionResult

if TYPE_CHECKING:
    from loops.guide import SegmentPlace

ELEMENTS: Final = {
    "missing": ("X12-ELE-MISSING", "1", "send it"),
    "unused": ("X12-ELE-UNUSED", "I10", "leave it out"),
    "short": ("X12-ELE-SHORT", "4", "send it in full"),
    "long": ("X12-ELE-LONG", "5", "shorten it"),
    "control": ("X12-ELE-CONTROL", "6", "take the control character out"),
    "blank": ("X12-ELE-BLANK", "6", "cut the blanks"),
    "characters": ("X12-ELE-CHARACTERS", "6", "send plain ASCII"),
    "number": ("X12-ELE-NUMBER", "6", "send digits, a sign and a decimal point only"),
    "date": ("X12-ELE-DATE", "8", "send a calendar day in the format named before it"),
    "time": ("X12-ELE-TIME", "9", "send HHMM"),
    "code": ("X12-ELE-CODE", "7", "send a code of the guide"),
    "shape": ("X12-ELE-SHAPE", "7", "send nine digits"),
    "composite": ("X12-ELE-COMPOSITE", "6", "take the component separator out"),
    "components": ("X12-ELE-COMPONENTS", "13", "send only the components of the guide"),
    "elements": ("X12-SEG-ELEMENTS", "3", "send only the elements of the guide"),
    "syntax": ("X12-SEG-SYNTAX", "2", "send the elements that belong together"),
}
READER: Final = {
    ("seg", "1"): ("X12-SEG-ID", "1", "", "send a segment id of the guide"),
    ("seg", "BLANK"): ("X12-SEG-LEADING-BLANK", "1", "", "begin the segment with its id"),
    ("seg", "SEG1"): ("X12-SEG-TRAILING", "8", "", "cut the separators at the end"),
    ("seg", "8"): ("X12-SEG-EMPTY", "8", "", "leave the segment out"),
    ("seg", "HL1"): ("X12-HL-NUMBER", "8", "7", "number the levels from 1 in each transaction set"),
    ("seg", "HL2"): ("X12-HL-PARENT", "8", "7", "name the level that this one stands under"),
    ("seg", "LX"): ("X12-LX-NUMBER", "8", "7", "number the lines of each claim from 1"),
    ("st", "23"): ("X12-ST-DUPLICATE", "23", "", "number the transaction sets of a group apart"),
    ("st", "3"): ("X12-SE-NUMBER", "3", "", "repeat ST02"),
    ("st", "4"): ("X12-SE-COUNT", "4", "", "count the segments from ST to SE; the file may be cut"),
    ("st", "2"): ("X12-SE-MISSING", "2", "", "close the transaction set; the file may be cut"),
    ("gs", "6"): ("X12-GS-DUPLICATE", "6", "", "number the groups of an interchange apart"),
    ("gs", "3"): ("X12-GE-MISSING", "3", "", "close the group; the file may be cut"),
    ("gs", "4"): ("X12-GE-NUMBER", "4", "", "repeat GS06"),
    ("gs", "5"): ("X12-GE-COUNT", "5", "", "count the transaction sets; the file may be cut"),
    ("isa", "025"): ("X12-ISA-DUPLICATE", "025", "", "number the interchanges apart"),
    ("isa", "001"): ("X12-IEA-NUMBER", "001", "", "repeat ISA13"),
    ("isa", "021"): ("X12-IEA-COUNT", "021", "", "count the groups; the file may be cut"),
    ("isa", "023"): ("X12-IEA-MISSING", "023", "", "close the interchange; the file may be cut"),
    ("isa", "024"): ("X12-GE-MISSING", "024", "", "close the group before the interchange"),
}
STRUCTURE: Final = {
    "1": ("X12-SEG-UNEXPECTED", "move it to its place or leave it out"),
    "3": ("X12-SEG-MISSING", "send it"),
    "4": ("X12-LOOP-OVER", "send the loop less often"),
    "5": ("X12-SEG-OVER", "send the segment less often"),
}


InClaim = tuple[bytes, int, bytes]
"""CLM01, the ordinal of the claim in the source, LX01."""


class Words(NamedTuple):
    """What is the same for all faults of a kind at one place: a `GuideProblem`'s first fields and `ik4`."""

    code: str
    snip: int
    severity: str
    message: str
    place: str
    ik4: str


@dataclass(slots=True)
class Context:
    """What is around the segment at hand; `problems` wait here until their claim is done."""

    isa: tuple[str, ...] = ()
    group: GroupResult | None = None
    transaction: TransactionResult | None = None
    transactions: int = 0
    isa13: str = ""
    gs06: str = ""
    st02: str = ""
    claim: bytes | None = None
    claim_index: int = 0
    line: bytes = b""
    problems: list[GuideProblem] = field(default_factory=list)

    @property
    def in_claim(self) -> InClaim:
        """CLM01, the ordinal of the claim in the source, and LX01 of its line; all empty outside a claim."""
        return (b"", 0, self.line) if self.claim is None else (self.claim, self.claim_index, self.line)

    def add(
        self,
        code: str,
        span: tuple[int, int],
        cure: str,
        *,
        place: str = "",
        element: int = 0,
        component: int = 0,
        ik3: str = "",
        ik4: str = "",
        ik5: str = "",
        ak9: str = "",
        ta1: str = "",
        segment: int = 0,
        segment_id: str = "",
        severity: str = "",
        fault: str = "",
        reference: Reference | None = None,
        line: bytes | None = None,
        inside: InClaim | None = None,
    ) -> None:
        """Add a problem; `cure` and `fault` are words, `cure` empty where `fault` holds it.

        `line` and `inside` stand in for the ones at hand.
        """
        entry = CATALOGUE[code]
        said = fault or entry.meaning
        where = f"{place}: " if place and not said.startswith(place) else ""
        severity = severity or entry.severity
        name, index, lx = inside or self.in_claim
        line = lx if line is None else line
        problem = GuideProblem(
            code, entry.snip, severity, f"{where}{said}: {cure}" if cure else f"{where}{said}",
            place, element, component, ik3, ik4, ik5, ak9, ta1, segment, segment_id, *span,
            name.decode("latin-1"), index, line.decode("latin-1"),
            self.isa13, self.gs06, self.st02, self.transactions, reference,
        )  # fmt: skip
        self.problems.append(problem)
        self._count(problem)

    def add_element(
        self,
        words: Words,
        span: tuple[int, int],
        where: tuple[int, int, int, str],
        reference: Reference | None,
    ) -> None:
        """Add a fault of an element; `where` is element, component, ordinal and id of the segment."""
        code, snip, severity, message, place, ik4 = words
        name, index, line = self.in_claim
        element, component, segment, segment_id = where
        problem = GuideProblem(
            code, snip, severity, message,
            place, element, component, "8", ik4, "", "", "", segment, segment_id, *span,
            name.decode("latin-1"), index, line.decode("latin-1"),
            self.isa13, self.gs06, self.st02, self.transactions, reference,
        )  # fmt: skip
        self.problems.append(problem)
        if self.transaction:
            if severity == "reject":
                self.transaction.rejected += 1
            else:
                self.transaction.advised += 1

    def _count(self, problem: GuideProblem) -> None:
        """Let the fault decide on the transaction set or group, where a 999 would name it."""
        if problem.ak9 and self.group:
            self.group.codes.append(problem.ak9)
        elif (problem.ik3 or problem.ik5) and self.transaction:
            if problem.ik5:
                self.transaction.codes.append(problem.ik5)
            if problem.severity == "reject":
                self.transaction.rejected += 1
            else:
                self.transaction.advised += 1


def place_text(place: SegmentPlace | None, id_: str, element: int = 0, component: int = 0) -> str:
    """``2400/SV101-02``; envelope and header loops are not named."""
    text = id_ if place is None or not place.loop.id[:1].isdigit() else f"{place.loop.id}/{id_}"
    if element:
        text += f"{element:02}"
    if component:
        text += f"-{component:02}"
    return text


def element_span(
    start: int, parts: list[bytes], inner: bytes, element: int, component: int
) -> tuple[int, int]:
    """Byte span of an element or component of a segment at `start`; empty at the end where absent.

    `parts` is the segment split into elements, `inner` the separator of components.
    """
    if not 0 < element < len(parts):
        end = start + sum(map(len, parts)) + len(parts) - 1
        return end if element else start, end
    begin = start + sum(map(len, parts[:element])) + element
    value = parts[element]
    if component:
        *before, value = value.split(inner, component)[:component]
        begin += sum(map(len, before)) + len(before)
        if len(before) < component - 1:
            return begin + len(value), begin + len(value)
    return begin, begin + len(value)
