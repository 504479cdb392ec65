"""Read a source from ISA to the last IEA: blocks by pattern, single segments by pattern, the rest exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loops.delimiters import Isa, read_isa
from loops.problem import Problem
from loops.scan import BOM
from loops.validate.automaton import Node, Way, automaton, last_terminator, line_end
from loops.validate.beyond import Beyond
from loops.validate.blocks import CLM, HL, LX, Block
from loops.validate.exact import MOST_CLAIMS, MOST_LINES
from loops.validate.foreign import Foreign
from loops.validate.headers import BLANK, first_isa, isa_at, past_bad
from loops.validate.problem import GuideProblem
from loops.walker import LEADING, window_end

if TYPE_CHECKING:
    from loops.guide import SegmentPlace
    from loops.source import Source

_NUMBERS: Final = tuple(b"%d" % n for n in range(1, MOST_LINES + 1))
_CLAIM_ENDS: Final = frozenset({HL, CLM})
_BLOCK_STARTS: Final = frozenset({"HL", "CLM", "HI", "LX"})
_MORE_THAN_PLACE: Final = frozenset({"HL", "CLM", "LX", "DMG", "BHT"})  # they change more than the place
_HELD: Final = 10_000


class Engine(Foreign):
    """Validation of one source. Call `advance` until `done`; the problems to tell are in `ready`."""

    def __init__(self, source: Source, *, beyond: bool, errata: bool) -> None:
        self._source = source
        self.done = False
        isa, bad = first_isa(source)
        after = line_end(source.data, isa.end, isa.delimiters)
        learned = automaton(isa.delimiters, after)
        learned.begin(len(source.data))
        super().__init__(source.data, learned, isa, reference_only=not errata)
        self.beyond = Beyond(source.data, isa.delimiters, after, self.context, self.claim_ordinal, on=beyond)
        self._trail: list[Way] | None = None
        self._trail_start = self._trail_end = 0
        self._block: Block | None = None
        self.ready: list[GuideProblem] = []
        if self.position or source.data[84:89] not in (b"00401", b"00501"):
            self.reference_valid = False  # the reference refuses the file without a word
        self._scanned = self._clear = self._released = self.position
        if bad:
            self.context.add("X12-ISA", (bad.start, self.position), "get the file again", fault=bad.message)
        elif self.position:
            code = "X12-BOM" if source.data[:3] == BOM else "X12-BEFORE"
            self.context.add(code, (0, self.position), "begin the file with ISA")
        self.counted = self.position
        self._report_isa(isa)

    def _report_isa(self, isa: Isa) -> None:
        for problem in isa.problems:
            self.context.add(problem.code, (problem.start, problem.end), "", fault=problem.message)

    def advance(self) -> None:
        """Go on, by blocks and by single segments, until there are problems to tell or the end is reached."""
        while not (self.ready or self.done):
            if self.waiting or not (self.in_set and self.node.runs) or not self._run_blocks():
                self._run_segment()
            if self.claim_start < 0 and self.context.problems:
                self._make_ready()

    def _make_ready(self) -> None:
        if self.waiting and len(self.context.problems) < _HELD:
            return  # what waits stands before some of these
        problems, self.context.problems = self.context.problems, []
        if len(problems) > 1:
            problems.sort(key=lambda problem: problem.start)
        self.ready += problems

    # Blocks

    def _run_blocks(self) -> bool:  # noqa: C901, PLR0912, PLR0915 - the hot loop: calls would cost more
        """Pass whole blocks for as long as their patterns match and their numbers are right.

        Tell whether anything was passed.
        """
        data, envelope, beyond, context = self.data, self.envelope, self.beyond, self.context
        node, position = self.node, self.position
        while node.runs:
            block = node.runs.get(data[position : position + 2])
            if block is None or block.match is None:
                break
            match = block.match(data, position)
            if match is None:
                break
            stop = match.end()
            if stop > self._clear and not self._is_clear(stop):
                break
            end = block.ends.get(match.lastindex)  # type: ignore[arg-type]
            if end is None:
                break
            kind = block.kind
            columns = None
            if end.kind == LX:
                start = match.end(end.diagnoses) if end.diagnoses else position
                columns = tuple(zip(*beyond.matched_lines(data, start, stop)))  # noqa: B905 - strict is slow
                before = 0 if end.claim else envelope.lx
                if not columns or (before != self.lines and not end.claim):
                    break
                after = before + len(columns[0])
                if columns[0] != _NUMBERS[before:after]:
                    break
            if kind == HL:
                if not envelope.take_level(*match.group(1, 2)):
                    break
                self.claims = 0
            elif kind == CLM:
                if self.claims >= MOST_CLAIMS:
                    break
            else:
                beyond.sure = not beyond.on
            if self.claim_start >= 0 and kind in _CLAIM_ENDS:
                if context.problems or not beyond.sure:
                    self.leave_claim(position)
                self.claim_start = -1
                context.claim = None
                context.line = b""
            if kind == HL:
                beyond.birth = b""
            for group in end.births:
                beyond.birth = match[group] or beyond.birth
            if end.claim:
                number, charge = match.group(end.claim, end.claim + 1)
                start = match.start(end.claim) - 4
                self.open_claim(start, number)
                self.claims += 1
                self.lines = envelope.lx = 0
                if beyond.on:
                    hi = match[end.diagnoses] if end.diagnoses and not end.other_payer else None
                    beyond.take_claim(number, charge, hi, columns, start)  # type: ignore[arg-type]
            if columns:
                envelope.lx = self.lines = after
                context.line = columns[0][-1]
            node, position = end.node, stop
            if self.ready or position > self._scanned:
                break
        if position == self.position:
            return False
        self.node, self.position = node, position
        self.settled()
        self._remember()
        return True

    def _is_clear(self, stop: int) -> bool:
        """Whether no value up to `stop` needs a look that a pattern cannot take."""
        while stop > self._scanned:
            start = self._scanned
            self.count(min(start, self.position))
            self._source.release(self._released, start)  # after the last look: a look brings it back
            self._released = start
            self._scanned = window_end(self.data, start, len(self.data), self.automaton.delimiters.terminator)
            self.beyond.scan(start, self._scanned)
        self._clear = min(self._scanned, self.beyond.next_suspect(self.position))
        return stop <= self._clear

    # Single segments

    def _run_segment(self) -> None:
        """Take in one segment, and as many after it as change nothing but the place."""
        position, node = self.position, self.node
        if position >= len(self.data):
            self._finish(position)
            return
        isa = isa_at(self.data, position, after_iea=self.after_iea)
        if isa >= 0 and not self._change(position, isa):
            return
        match = self.automaton.key_match(self.data, position)
        if match is None:
            self._cut(position)
            return
        key = match[match.lastindex]  # type: ignore[index]
        end = match.end()
        way = node.ways.get(key) or self._new_way(position, end, key)
        if way.match and self.in_set and not self.waiting:
            if end <= self._clear and way.match(self.data, position):
                if way.plain:
                    self._run_plain(way, end)
                    return
                if self._accept(way, position, end):
                    return
            elif self._look_at_elements(way, position, end):
                return
        self._look(position, end)

    def _run_plain(self, way: Way, position: int) -> None:
        """Take in a plain segment that ends at `position`, and the plain ones after it."""
        data, key_match, clear = self.data, self.automaton.key_match, self._clear
        node, trail = self.node, self._trail
        if trail is not None and self._block is None:
            self._block = self.automaton.tail(node, way)
        while True:
            node = way.node
            if trail is not None:
                trail.append(way)
            found = None if node.runs else key_match(data, position)
            next_ = found and node.ways.get(found[found.lastindex])  # type: ignore[index]
            if not (found and next_ and next_.plain and found.end() <= clear and next_.match(data, position)):  # type: ignore[misc]
                break
            way, position = next_, found.end()
        self.node, self.position = node, position
        self._trail_end = position
        self.settled()

    def _new_way(self, position: int, end: int, key: bytes) -> Way:
        """The way of a segment whose key was not met at this node before."""
        stop = last_terminator(self.data, end, self.automaton.delimiters)
        way = self.way_of(bytes(self.data[position:stop]).lstrip(b"\r\n").split(self.separator))
        if way.match:
            self.automaton.learn(self.node, key, way)
        return way

    def _accept(self, way: Way, position: int, end: int) -> bool:
        """Take in a segment that its pattern matched; False when its numbers are wrong."""
        node, place = self.node, way.place
        assert place is not None
        if place.id in _MORE_THAN_PLACE:
            stop = last_terminator(self.data, end, self.automaton.delimiters)
            parts = bytes(self.data[position:stop]).split(self.separator)
            if not self._take_numbers(place.id, parts, position):
                return False
            self.beyond.segment(place, parts, position, end, 0)
        self.node, self.position = way.node, end
        self.settled()
        self._follow(node, way, place, position, clean=True)
        return True

    def _take_numbers(self, id_: str, parts: list[bytes], position: int) -> bool:
        envelope = self.envelope
        if id_ == "LX":
            if parts[1] != b"%d" % (envelope.lx + 1) or self.lines >= MOST_LINES:
                return False
            envelope.lx += 1
            self.lines += 1
            self.context.line = parts[1]
        elif id_ == "HL":
            if not (parts[1] + parts[2]).isdigit() or not envelope.take_level(parts[1], parts[2]):
                return False
            self.leave_claim(position)
            self.claims = 0
        elif id_ == "CLM":
            if self.claims >= MOST_CLAIMS:
                return False
            self.leave_claim(position)
            self.open_claim(position, parts[1])
            self.claims += 1
            self.lines = envelope.lx = 0
        return True

    def _look_at_elements(self, way: Way, position: int, end: int) -> bool:
        """Take in a segment of which only the elements can be wrong; False when more can."""
        if end > self._clear:
            self._is_clear(end)
        place = way.place
        stop = last_terminator(self.data, end, self.automaton.delimiters)
        raw = bytes(self.data[position:stop])
        parts = raw.split(self.separator)
        assert place is not None
        if (
            place.id in _MORE_THAN_PLACE
            or parts[0] != place.id.encode()  # line ends stand before it
            or raw[-1:] == self.separator
            or len(raw.translate(None, self.separator + self.inner)) == len(parts[0])
        ):
            return False
        self.count(position)
        self.envelope.segments += 1
        self.counted = end
        problems = len(self.context.problems)
        self.filed_at(place)
        self.tell_elements(place, raw, parts, position)
        self.beyond.segment(place, parts, position, stop, self._ordinal(b""))
        node, self.node, self.position = self.node, way.node, end
        self._follow(node, way, place, position, clean=problems == len(self.context.problems))
        return True

    def _look(self, position: int, end: int) -> None:
        """Take in the segment ``[position, end)`` exactly."""
        self._is_clear(end)
        stop = last_terminator(self.data, end, self.automaton.delimiters)
        while position < stop and self.data[position : position + 1] in (b"\r", b"\n"):
            position += 1
        self.count(position)
        if stop == position:
            self._empty(position, end)
            return
        if not self.reference_only and self.pass_over(position, stop):
            return
        node = self.node
        way, parts, clean = self.segment(position, stop)
        self.counted = end
        place = way.place
        if place is not None:
            self.beyond.segment(place, parts, position, stop, self._ordinal(parts[0]))
        self.position = end
        self._follow(node, way, place, position, clean=clean)
        if parts[0] == b"ST" and place and not self.reference_only:
            self.compare_guides(parts, position)

    def _follow(self, node: Node, way: Way, place: SegmentPlace | None, start: int, *, clean: bool) -> None:
        """Remember the shape of a block that was walked segment by segment; the last begins at `start`."""
        id_ = place.id if place else ""
        if id_ in _BLOCK_STARTS or id_ == "SE":
            self._remember()
            if way.match:
                self._block = self.automaton.block(node, id_[:2].encode()) if clean else None
                self._trail = [way] if clean else []
                self._trail_start = start if clean else self.position
        elif not way.match:
            self._trail = self._block = None
        elif not clean:  # the next segment begins a tail
            self._trail, self._block = [], None
            self._trail_start = self.position
        elif self._trail is not None:
            self._block = self._block or self.automaton.tail(node, way)
            self._trail.append(way)
        self._trail_end = self.position

    def _remember(self) -> None:
        if self._trail and self._block:
            text = bytes(self.data[self._trail_start : self._trail_end])
            self.automaton.record(self._block, tuple(self._trail), text)
        self._trail = self._block = None

    # Ends and beginnings

    def leave_claim(self, end: int) -> None:
        """The claim at hand, if any, ends: look at it as a whole, and let its problems go."""
        if self.claim_start >= 0:
            self.beyond.claim(self.claim_start, end)
            if self.context.problems:
                self._make_ready()
        super().leave_claim(end)

    def _change(self, position: int, start: int) -> bool:
        """An interchange begins at `start`: take its delimiters. False: nothing is to be looked at as yet."""
        if start == self.first.start or (self.reference_only and start != position):
            return True
        isa = read_isa(self.data, start)
        if isinstance(isa, Problem):
            end = past_bad(self.data, start)
            self._pass_over(position, end)
            self.context.add("X12-ISA", (start, end), "get the file again", fault=isa.message)
            return self.reference_only
        if not self.reference_only and self.data[position:start].strip(LEADING):
            self._pass_over(position, start)
            self.context.add("X12-SEG-LEADING-BLANK", (position, start), "begin the segment with its id")
            return False
        if isa.delimiters == self.automaton.delimiters or self.reference_only:
            self._report_isa(isa)
            return True
        self.leave_claim(position)  # while its delimiters are known
        after = line_end(self.data, isa.end, isa.delimiters)
        self.enter(automaton(isa.delimiters, after))
        self.beyond.enter(isa.delimiters, after)
        return False

    def _pass_over(self, position: int, end: int) -> None:
        """What stands from `position` to `end` is no segment of any interchange that can be read."""
        if not self.reference_only:
            self.leave_claim(position)
            self.count(position)
            self.in_set = self.reference_valid = False
            self._trail = self._block = None
            self.position = self.counted = end

    def _empty(self, position: int, end: int) -> None:
        self.context.add(
            "X12-EMPTY-SEGMENT", (position, end), "take one of the two terminators out",
            segment=self._ordinal(b"SE"),
        )  # fmt: skip
        self.reference_valid = False
        self.position = self.counted = end
        if self.reference_only:
            self.context.problems.pop()
            self._finish(position)

    def _cut(self, position: int) -> None:
        """No terminator comes any more."""
        rest = bytes(self.data[position : position + 4096])
        if rest.strip(BLANK):
            open_ = bool(self.envelope.open)
            code, cure = ("X12-CUT", "get the file again") if open_ else ("X12-OUTSIDE", "take it out")
            self.context.add(code, (position, len(self.data)), cure)
        self._finish(position)

    def _finish(self, position: int) -> None:
        self.count(position)
        self.close(position)
        self.position = len(self.data)
        self.done = True
