"""What was learned of the guide for one set of delimiters: steps remembered, blocks of segments as patterns.

A `Node` is a state of the exact walk with its ways out. A `Way` is a clean or
faulty transition, worked out once by `loops.validate.states`.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, deque
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from loops.guide import load
from loops.patterns import any_of
from loops.validate.blocks import CLM, HI, HL, LX, TAIL, Block, Match, Shape, Writer
from loops.validate.fast import Patterns, left_out
from loops.validate.seen import Seen, look
from loops.validate.states import Fault, Found, State, States

if TYPE_CHECKING:
    from loops.delimiters import Delimiters
    from loops.guide import Guide, SegmentPlace
    from loops.source import Buffer

CONTROL: Final = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA"})
MARKED: Final = frozenset(
    {"HL", "CLM", "HI", "LX", "DMG", "BHT"}
)  # they begin a block, or change more than the place
_ANCHORS: Final = {
    HL: ("HL", (b"20", b"22", b"23")),
    CLM: ("CLM", (b"",)),
    HI: ("HI", (b"ABK",)),
    LX: ("LX", (b"",)),
}
_KEYS_A_NODE: Final = 1024
_NODES: Final = 20_000
_SAMPLES: Final = 1_000  # blocks kept until the next building shows what may stand in their segments
_ALL: Final = 600  # unmatched blocks of any kind before the patterns of levels are built,
_FIRST: Final = MappingProxyType(
    {HL: 60, CLM: 60, HI: 120, LX: 400, TAIL: 60}
)  # of one kind before its pattern is,
_LATER: Final = 8  # and so many times more before each further building
_LARGE: Final = 2_000_000  # bytes of a source in which patterns pay sooner,
_SOONER: Final = 2  # so many times
_FEW: Final = 8
_SELDOM: Final = 4  # a level goes on into its claims when it is one in so many levels


@dataclass(eq=False, slots=True)
class Way:
    """A transition: the place reached (None: fits nowhere), its faults, the node after it.

    `match` matches a valid segment of that place; None where each segment has
    to be looked at (faults, control segments). Where it is `plain`, such a
    segment changes nothing but the place.
    """

    place: SegmentPlace | None
    faults: tuple[Fault, ...]
    node: Node
    match: Match | None
    plain: bool


class Node:
    """A state with its ways out by the segment's key, and the blocks met after it (`runs`) by two bytes."""

    __slots__ = ("runs", "state", "tail", "ways")

    def __init__(self, state: State) -> None:
        self.state = state
        self.ways: dict[bytes, Way] = {}
        self.runs: dict[bytes, Block | None] = {}
        self.tail: Block | None = None


class Automaton:
    """All that is known for one set of delimiters and one line end.

    Get it with `automaton`, which keeps it for the next file.
    """

    def __init__(self, delimiters: Delimiters, line_end: bytes, guide: Guide) -> None:
        self.delimiters = delimiters
        self.patterns = Patterns(delimiters, line_end)
        self._segment_end = delimiters.terminator + line_end
        self.keys = guide.keys
        self.key_match: Match = re.compile(_key_pattern(guide, self.patterns)).match
        self._guide = guide
        self._sooner = 1
        self._forget()

    def _forget(self) -> None:
        self._states = States(self._guide)
        self._nodes: dict[State, Node] = {}
        self._ways: dict[tuple[SegmentPlace | None, tuple[Fault, ...], State], Way] = {}
        self._known: dict[tuple[State, str, bytes], Way] = {}
        self._blocks: dict[frozenset[Way], Block] = {}
        self._matches: dict[bytes, Match] = {}
        self._longest: dict[str, int] = {}
        self._samples: deque[tuple[Shape, bytes]] = deque(maxlen=_SAMPLES)
        self._seen: dict[str, Seen] = {}
        self._unmatched = self._builds = 0
        self.start = self._node(self._states.start)

    def begin(self, size: int) -> None:
        """A source of `size` bytes begins. Forget everything when garbage has filled it."""
        self._sooner = _SOONER if size > _LARGE else 1
        if len(self._nodes) > _NODES or len(self._known) > _NODES * 8:
            self._forget()

    def way(self, node: Node, id_: str, qualifier: bytes) -> Way:
        """The way that a segment with `id_` and `qualifier` takes from `node`."""
        key = node.state, id_, qualifier
        way = self._known.get(key)
        if way is None:
            way = self._way(self._states.step(*key))
            if len(self._known) < _NODES * 16:
                self._known[key] = way
        return way

    def learn(self, node: Node, key: bytes, way: Way) -> None:
        """Let `node` find the way by the raw key of a segment."""
        if len(node.ways) < _KEYS_A_NODE:
            node.ways[key] = way

    def block(self, node: Node, start: bytes) -> Block | None:
        """The block that may follow `node` and begins with the two bytes `start`."""
        if start not in node.runs:
            id_, qualifiers = _ANCHORS[start]
            ways = (self.way(node, id_, qualifier) for qualifier in qualifiers)
            heads = frozenset(way for way in ways if way.match)
            node.runs[start] = self._block(start, heads) if heads else None
        return node.runs[start]

    def tail(self, node: Node, first: Way) -> Block | None:
        """What may follow `node`, after a segment with a fault, up to the next block; `first` begins it."""
        if node.tail is None:
            node.tail = Block(TAIL, frozenset())
        if first.place:
            node.runs.setdefault(first.place.id[:2].encode(), node.tail)
        return node.tail

    def _block(self, kind: bytes, heads: frozenset[Way]) -> Block:
        if heads not in self._blocks:
            block = self._blocks[heads] = Block(kind, heads)
            for other in self._blocks.values():
                if other.match and heads < other.heads:
                    block.borrow(other)
        return self._blocks[heads]

    def record(self, block: Block, shape: Shape, text: bytes) -> None:
        """Remember a clean block that no pattern matched, and its `text`; build patterns when it is time.

        The patterns of levels come first: they go on into all that follows, and
        then show whether other blocks still need one.
        """
        block.record(shape)
        self._samples.append((shape, text))
        self._unmatched += block.kind != TAIL
        first = _FIRST[block.kind]
        if self._is_time(self._unmatched, _ALL, self._builds):
            self._unmatched = 0
            self._builds += 1
            self._build_levels()
        elif (self._builds or block.kind == TAIL) and self._is_time(block.unmatched, first, block.builds):
            self._build(block, sys.maxsize)

    def _is_time(self, unmatched: int, first: int, builds: int) -> bool:
        return bool(unmatched * self._sooner >= first * _LATER**builds)

    def _build_levels(self) -> None:
        """Build the patterns of levels and of claims."""
        blocks = list(self._blocks.values())
        often = sum(block.shapes.total() for block in blocks if block.kind == HL) // _SELDOM
        for block in blocks:
            if block.kind == CLM or (block.kind == HL and block.shapes.total() >= _FEW):
                self._build(block, often)
            block.unmatched = 0

    def _build(self, block: Block, often: int) -> None:
        self._look()
        writer = Writer(self.patterns, self, self._seen, often)
        block.match, block.ends = writer.compile(block), writer.ends
        block.unmatched = 0
        block.builds += 1
        for other in list(self._blocks.values()):
            if block.kind == CLM and other.kind in (HI, LX):  # the pattern of a claim goes on into these
                other.unmatched = 0
            elif other.heads < block.heads and not other.builds:
                other.borrow(block)

    def shapes(self, block: Block) -> Counter[Shape]:
        """The shapes of a block, those of others of its kind among them.

        Claims of patients and of subscribers look alike; their patterns are
        then the same, and compiled once.
        """
        if block.kind == TAIL:
            return block.shapes
        counts, shapes = Counter[tuple[str, ...]](), dict[tuple[str, ...], Shape]()
        for other in list(self._blocks.values()):
            if other.kind == block.kind:
                for shape, count in other.shapes.items():
                    kin = tuple(way.place.kin for way in shape if way.place)
                    counts[kin] += count
                    shapes[kin] = shape
        found = Counter[Shape]()
        for kin, shape in shapes.items():
            own = next(filter(None, (self._own(head, shape) for head in block.heads)), None)
            if own:
                found[own] = counts[kin]
        return found

    def _own(self, head: Way, shape: Shape) -> Shape | None:
        """The shape, walked from another head; None where it cannot be."""
        own = [head]
        if head.place is None or shape[0].place is None or head.place.kin != shape[0].place.kin:
            return None
        for way in shape[1:]:
            assert way.place is not None
            step = self.way(own[-1].node, way.place.id, min(way.place.values, default=b""))
            if step.match is None or step.place is None or step.place.kin != way.place.kin:
                return None
            own.append(step)
        return tuple(own)

    def _look(self) -> None:
        """Look at the segments recorded since the last building."""
        rows: dict[str, list[list[bytes]]] = {}
        delimiters, end = self.delimiters, self._segment_end
        for shape, text in self._samples:
            for way, raw in zip(shape, text.split(end), strict=False):
                if way.place:
                    rows.setdefault(way.place.kin, []).append(raw.split(delimiters.element)[1:])
        self._samples.clear()
        for kin, values in rows.items():
            seen = look(values, delimiters.component)
            self._seen[kin] = self._seen[kin].and_also(seen) if kin in self._seen else seen

    def _node(self, state: State) -> Node:
        if state not in self._nodes:
            self._nodes[state] = Node(state)
        return self._nodes[state]

    def _way(self, found: Found) -> Way:
        key = found.place, found.faults, found.state
        if key not in self._ways:
            place = found.place
            way = self._ways[key] = Way(place, found.faults, self._node(found.state), match=None, plain=False)
            if place and not found.faults and place.id not in CONTROL and left_out(place) is not None:
                way.match = self._first_match(way, place)
                way.plain = place.id not in MARKED
        return self._ways[key]

    def _first_match(self, way: Way, place: SegmentPlace) -> Match:
        """A match for the first segment that goes this way: its length shows how long a pattern is wanted."""
        terminator, element = self.delimiters.terminator, self.delimiters.element

        def match(data: Buffer, position: int) -> re.Match[bytes] | None:
            length = data[position : data.find(terminator, position)].count(element)
            most = self._longest[place.kin] = max(length, self._longest.get(place.kin, 0))
            text = self.patterns.segment(place, most)
            if text not in self._matches:
                self._matches[text] = re.compile(text).match
            way.match = self._matches[text]
            return way.match(data, position)

        return match


def _key_pattern(guide: Guide, patterns: Patterns) -> bytes:
    """One match a segment; its group is the key: the id, and the qualifier where a place of that id has one.

    The key is the last group. An HL gives ``*22`` (its key is element 03); a
    segment that begins with separators gives an empty key.
    """
    e, t, c = patterns.element, patterns.terminator, patterns.component

    def ids(key: str) -> bytes:
        return any_of(sorted(id_.encode() for id_, where in guide.keys.items() if where == key))

    plain = b"[^" + e + t + b"]*+"
    by_element = ids("01") + e + plain
    by_component = ids("01-1") + e + b"[^" + e + t + c + b"]*+"
    level = b"HL" + (e + plain) * 2 + b"(" + e + plain + b")"
    rest = b"[^" + t + b"]*+" + t + patterns.line_ends
    return (
        patterns.line_ends
        + b"(?:"
        + level
        + rest
        + b"|("
        + by_element
        + b"|"
        + by_component
        + b"|"
        + plain
        + b")"
        + rest
        + b")"
    )


def last_terminator(data: Buffer, end: int, delimiters: Delimiters) -> int:
    """Offset of the terminator of a segment whose match ended at `end` (line ends after it included)."""
    while data[end - 1 : end] != delimiters.terminator:
        end -= 1
    return end - 1


def line_end(data: Buffer, position: int, delimiters: Delimiters) -> bytes:
    """The CR and LF that stand at `position`, after the terminator of an ISA."""
    end = position
    while data[end : end + 1] in (b"\r", b"\n") and data[end : end + 1] != delimiters.terminator:
        end += 1
    return bytes(data[position:end])[:2]


@lru_cache(maxsize=64)
def automaton(delimiters: Delimiters, line_end: bytes) -> Automaton:
    """The automaton of a set of delimiters and a line end, over the guide of 005010X222A1."""
    return Automaton(delimiters, line_end, load())
