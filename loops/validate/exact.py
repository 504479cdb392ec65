"""Look at one segment exactly: walk, count, check elements, and file what is wrong as the reference does.

pyx12 keeps one cursor, the node of its error tree that takes the next fault.
A fault of a segment that fits nowhere waits for the next that fits; what comes
while the cursor stands on ISA, GS or ST is lost. `Reference` tells where a
fault ends up there; the problem itself says where it stands.
"""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from loops.guide import errata
from loops.validate.automaton import Automaton, Node, Way
from loops.validate.catalogue import CATALOGUE
from loops.validate.elements import ElementFault, checker
from loops.validate.envelope import Envelope, ReaderFault
from loops.validate.problem import GroupResult, Reference, TransactionResult
from loops.validate.report import (
    ELEMENTS,
    READER,
    STRUCTURE,
    Context,
    InClaim,
    Words,
    element_span,
    place_text,
)
from loops.validate.states import LOOP_OVER, MISSING, Fault

if TYPE_CHECKING:
    from loops.delimiters import Delimiters
    from loops.guide import SegmentPlace
    from loops.source import Buffer

MOST_CLAIMS: Final = 100
MOST_LINES: Final = 50
_ID: Final = re.compile(r"[A-Z][A-Z0-9]{1,2}")
_AFTER_A_CLAIM: Final = frozenset({b"CLM", b"HL", b"SE", b"ST", b"GE", b"GS", b"IEA", b"ISA"})
_HEADERS: Final = frozenset({"ISA", "GS", "ST"})
_TRAILERS: Final = MappingProxyType({"SE": "ST", "GE": "GS", "IEA": "ISA"})


class Exact:
    """The exact state of validation at a segment boundary, and how one segment changes it.

    `node` is where the walk stands, `claims` and `lines` the counts of loops
    2300 and 2400 that the walk leaves to us, `waiting` the faults that the
    reference has not filed yet.
    """

    def __init__(self, data: Buffer, automaton: Automaton, *, reference_only: bool) -> None:
        self.data = data
        self.reference_only = reference_only
        self.context = Context()
        self.envelope = Envelope()
        self.groups: list[GroupResult] = []
        self.interchanges = 0
        self.waiting: list[tuple[ReaderFault, int, int, int, InClaim]] = []
        self.claims = self.lines = 0
        self.claim_start = -1
        self.claim_count = 0
        # As the index has it: a CLM outside any transaction set, or after an IEA, begins no claim.
        self.in_set = self.after_iea = False
        self._claim_ordinal = 0
        self.counted = 0  # up to here segments are in the envelope's count
        self.reference_valid = True
        self.enter(automaton)
        self._cursor: tuple[str, int, str] | None = ("ROOT", 0, "")
        self._letter_faults = 0
        self._last: TransactionResult | None = None
        self._claims_before = 0

    def enter(self, automaton: Automaton) -> None:
        """Begin with other delimiters."""
        self.automaton = automaton
        self.node: Node = automaton.start
        delimiters: Delimiters = automaton.delimiters
        self.separator, self.inner = delimiters.element, delimiters.component
        self._terminator = delimiters.terminator

    def settled(self) -> None:
        """A segment was accepted without a look: the reference's cursor stands on it."""
        self._cursor = None

    def segment(self, start: int, stop: int) -> tuple[Way, list[bytes], bool]:
        """Take in the segment ``[start, stop)``; return its way, its parts and whether nothing was wrong."""
        problems = len(self.context.problems)
        text, faults = self._read(bytes(self.data[start:stop]))
        start = stop - len(text)
        parts = text.split(self.separator)
        inner = self.separator if parts[0] == b"ISA" else self.inner
        last = self.envelope.segments
        faults += self.envelope.read(parts, inner)
        way = self.way_of(parts)
        if self._cursor is None:
            place = self.node.state.place
            self._cursor = "SEG", last, place.id if place else ""
        structure = self._structure(way)
        self._tell_structure([f for f in structure if f.code == MISSING], parts[0], start, stop)
        self._open(way, parts, start)
        self._tell_structure([f for f in structure if f.code != MISSING], parts[0], start, stop)
        if faults:
            ordinal, inside = self._ordinal(parts[0]), self.context.in_claim
            self.waiting += [(fault, start, stop, ordinal, inside) for fault in faults]
        if way.place is not None:
            self._file(parts)
            self.tell_elements(way.place, text, parts, start)
        self._close(parts, stop)
        self.node = way.node
        return way, parts, problems == len(self.context.problems) and not self.waiting

    def _read(self, raw: bytes) -> tuple[bytes, list[ReaderFault]]:
        faults = []
        text = raw
        if raw[:1] == b" ":
            faults.append(ReaderFault("seg", "BLANK"))
            text = raw.decode("latin-1").lstrip().encode("latin-1") or raw
        if text[-1:] == self.separator:
            faults.append(ReaderFault("seg", "SEG1"))
        return text, faults

    def way_of(self, parts: list[bytes]) -> Way:
        """The way that a segment takes from where the walk stands."""
        id_ = parts[0].decode("latin-1")
        where = self.automaton.keys.get(id_, "")
        number = 3 if where == "03" else 1
        qualifier = b""
        if where and number < len(parts):
            value = parts[number]
            qualifier = value.partition(self.inner)[0] if where == "01-1" else value.rstrip(self.inner)
        return self.automaton.way(self.node, id_, qualifier)

    def _ordinal(self, id_: bytes) -> int:
        """Ordinal of the segment just read in its transaction set; 0 outside one."""
        if self.context.transaction is None:
            return 0
        return self.envelope.segments + (id_ == b"SE")

    # Structure

    def _structure(self, way: Way) -> tuple[Fault, ...]:
        over = self._count_outside(way.place) if way.place else None
        return (over, *way.faults) if over else way.faults

    def _tell_structure(self, faults: list[Fault], id_: bytes, start: int, stop: int) -> None:
        for fault in faults:
            name = fault.id if fault.code == MISSING else id_.decode("latin-1")
            self._cursor = "SEG", self.envelope.segments, name
            code, cure = STRUCTURE[fault.code]
            self.context.add(
                code,
                (start, start if fault.code == MISSING else stop),
                cure,
                place=place_text(fault.place, shown_id(name)),
                ik3=fault.code,
                segment=self._ordinal(id_),
                segment_id=shown_id(name),
                reference=self._reference(fault.code),
            )

    def _count_outside(self, place: SegmentPlace) -> Fault | None:
        if place.id == "HL":
            self.claims = 0
        elif place.id == "CLM":
            self.claims += 1
            self.lines = 0
            if self.claims > MOST_CLAIMS:
                return Fault(LOOP_OVER, "CLM", place)
        elif place.id == "LX":
            self.lines += 1
            if self.lines > MOST_LINES:
                return Fault(LOOP_OVER, "LX", place)
        return None

    def _reference(self, code: str, element: int = 0, component: int = 0) -> Reference | None:
        """Where the reference files a fault at its cursor; None where it is lost."""
        kind, ordinal, id_ = self._cursor or ("", 0, "")
        number = self.context.transactions
        if kind == "SEG":
            if not number:
                return None
            self._letter_faults += 1
        elif not element:
            return None
        elif kind != "ST":
            number = 0
        self.reference_valid = False
        return Reference(number, ordinal, id_ if kind == "SEG" else kind, code, element, component)

    # What needs no guide

    def _file(self, parts: list[bytes]) -> None:
        """File what the reader found where the reference files it, and set the cursor."""
        id_ = parts[0].decode("latin-1")
        if id_ in _TRAILERS:
            self.tell_waiting()
            self._cursor = _TRAILERS[id_], 0, ""
            if id_ == "SE" and self._last:
                self._last.reference = "R" if self._letter_faults else "A"
            return
        self._cursor = (id_, 0, "") if id_ in _HEADERS else ("SEG", self.envelope.segments, id_)
        self.tell_waiting()

    def tell_waiting(self) -> None:
        """Report the reader faults that waited for the next segment with a place, or the end."""
        for fault, start, stop, ordinal, inside in self.waiting:
            self._tell_one(fault, start, stop, ordinal, inside)
        self.waiting = []

    def close(self, end: int) -> None:
        """The source ends at `end`: report what waits, and trailers that never came."""
        self.leave_claim(end)
        self.tell_waiting()
        for level, code in self.envelope.close():
            self._tell_one(ReaderFault(level, code), end, end, self._ordinal(b"SE"), self.context.in_claim)
        self.close_transaction(end)

    def _tell_one(self, fault: ReaderFault, start: int, stop: int, ordinal: int, inside: InClaim) -> None:
        code, ack, ik4, cure = READER[fault.level, fault.code]
        parts = bytes(self.data[start:stop]).split(self.separator)
        id_ = shown_id(parts[0].decode("latin-1"))
        reference = self._reader_reference(fault)
        level = {"seg": "ik3", "st": "ik5", "gs": "ak9", "isa": "ta1"}[fault.level]
        self.context.add(
            "X12-TRAILER" if fault.orphan else code,
            element_span(start, parts, self.inner, fault.element, 0),
            cure,
            place=place_text(None, id_, fault.element) if id_ else "",
            element=fault.element,
            ik4=ik4,
            segment=ordinal,
            segment_id=id_,
            reference=reference,
            inside=inside,
            **{level: ack},  # type: ignore[arg-type]
        )

    def _reader_reference(self, fault: ReaderFault) -> Reference | None:
        code = {"BLANK": "1"}.get(fault.code, fault.code)
        if fault.level == "seg":
            return self._reference(code)
        self.reference_valid = False
        self._letter_faults += fault.level == "st"
        number = self.context.transactions if fault.level == "st" else 0
        return Reference(number, 0, fault.level.upper(), code)

    # Elements

    def filed_at(self, place: SegmentPlace) -> None:
        """The reference's cursor stands on the segment just counted, which has its place."""
        self._cursor = "SEG", self.envelope.segments, place.id

    def tell_elements(self, place: SegmentPlace, raw: bytes, parts: list[bytes], start: int) -> None:
        """Report what is wrong with the elements of `raw`, which begins at `start`."""
        inner = self.separator if place.id == "ISA" else self.inner
        for fault in checker(place).check(raw, self.separator, inner):
            if self.reference_only or not errata.excused(place, fault, parts):
                self._tell_element(place, fault, parts, start)

    def _tell_element(self, place: SegmentPlace, fault: ElementFault, parts: list[bytes], start: int) -> None:
        words = _words(place, fault)
        reference = self._reference(fault.ik3 or fault.ik4, *(() if fault.ik3 else fault[1:3]))
        self.reference_valid = False
        ordinal = self._ordinal(place.id.encode())
        span = element_span(start, parts, self.inner, fault.element, fault.component)
        self.context.add_element(words, span, (fault.element, fault.component, ordinal, place.id), reference)

    # Envelope and claims around the segment

    def _open(self, way: Way, parts: list[bytes], start: int) -> None:
        id_ = parts[0]
        if id_ in _AFTER_A_CLAIM:
            self.leave_claim(start)
        if id_ == b"CLM":
            if self.in_set:
                self.open_claim(start, parts[1] if len(parts) > 1 else b"", self.envelope.segments)
        elif id_ == b"LX":
            self.context.line = parts[1] if len(parts) > 1 else b""
        elif id_ in (b"ISA", b"GS", b"ST"):
            self.after_iea = self.after_iea and id_ != b"ISA"
            self.in_set = id_ == b"ST" and not self.after_iea
            if way.place:
                self._open_envelope(id_, parts, start)

    def open_claim(self, start: int, number: bytes, ordinal: int = 0) -> None:
        """A claim begins at `start`; `ordinal` of its CLM where that is counted already."""
        self.claim_start = start
        self._claim_ordinal = ordinal
        self.claim_count += 1
        context = self.context
        context.claim = number
        context.claim_index = self.claim_count
        context.line = b""

    def claim_ordinal(self) -> int:
        """Ordinal of the CLM at hand in its transaction set."""
        if not self._claim_ordinal:
            self._claim_ordinal = self.envelope.segments + self._between(self.counted, self.claim_start) + 1
        return self._claim_ordinal

    def count(self, position: int) -> None:
        """Count the segments that were passed without a look up to `position`."""
        if position > self.counted:
            if self.counted <= self.claim_start <= position and not self._claim_ordinal:
                self._count_to(self.claim_start)
                self._claim_ordinal = self.envelope.segments + 1
            self._count_to(position)

    def _count_to(self, position: int) -> None:
        self.envelope.segments += self._between(self.counted, position)
        self.counted = position

    def _between(self, start: int, stop: int) -> int:
        data = self.data
        if isinstance(data, bytes):
            return data.count(self._terminator, start, stop)
        return data[start:stop].count(self._terminator)

    def leave_claim(self, end: int) -> None:  # noqa: ARG002 - those who look at the claim need it
        """The open claim, if any, ends at `end`."""
        self.claim_start = -1
        self.context.claim = None
        self.context.line = b""

    def _open_envelope(self, id_: bytes, parts: list[bytes], start: int) -> None:
        context = self.context
        values = [*(part.decode("latin-1") for part in parts[1:]), *[""] * 16]
        if id_ == b"ST":
            self.open_transaction(parts, start)
        elif id_ == b"GS":
            self.close_transaction(start)
            context.group, context.gs06 = GroupResult(context.isa, tuple(values[:8]), start), values[5]
            self.groups.append(context.group)
        else:
            self.close_transaction(start)
            self.interchanges += 1
            context.isa, context.isa13 = tuple(values[:16]), values[12].strip()
            context.group, context.gs06 = None, ""

    def open_transaction(self, parts: list[bytes], start: int, *, judged: bool = True) -> None:
        """A transaction set begins at `start` with the ST of `parts`."""
        self.close_transaction(start)
        context = self.context
        kind, st02, st03, *_ = [*(part.decode("latin-1") for part in parts[1:]), "", "", ""]
        context.transactions += 1
        context.st02 = st02
        context.transaction = TransactionResult(context.transactions, kind, st02, st03, start, judged=judged)
        self._last = context.transaction
        self._claims_before = self.claim_count
        self._letter_faults = 0
        if context.group:
            context.group.transactions.append(context.transaction)

    def close_transaction(self, end: int) -> None:
        """The open transaction set, if any, ends at `end`."""
        context = self.context
        if context.transaction:
            context.transaction.end = end
            context.transaction.claims = self.claim_count - self._claims_before
        context.transaction, context.st02 = None, ""

    def _close(self, parts: list[bytes], stop: int) -> None:
        id_, context = parts[0], self.context
        if id_ in (b"SE", b"GE", b"IEA"):
            self.in_set = False
            self.after_iea = self.after_iea or id_ == b"IEA"
        count = parts[1].decode("latin-1") if len(parts) > 1 else ""
        if id_ == b"SE" and context.transaction:
            context.transaction.segments = self.envelope.segments + 1
            context.transaction.se01 = count
            self.close_transaction(stop + 1)
        elif id_ == b"GE":
            if context.group:
                context.group.ge01 = count
            self.close_transaction(stop + 1)
            context.group, context.gs06 = None, ""


def shown_id(name: str) -> str:
    """A segment id fit to be shown; empty for anything that may be a value."""
    return name if _ID.fullmatch(name) else ""


@lru_cache(maxsize=4096)
def _words(place: SegmentPlace, fault: ElementFault) -> Words:
    """Our code and words for a fault of an element."""
    code, ik4, cure = ELEMENTS[fault.kind]
    if fault.kind == "code" and fault.detail:
        code, cure = "X12-ELE-LIST", f"compare with the current list ({fault.detail})"
    if fault.kind == "syntax":
        ik4 = "10" if fault.detail[0] == "E" else "2"
    text = place_text(place, place.id, fault.element, fault.component)
    entry = CATALOGUE[code]
    return Words(code, entry.snip, entry.severity, f"{text}: {entry.meaning}: {cure}", text, ik4)
