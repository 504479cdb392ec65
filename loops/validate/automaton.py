"""What was learned of the guide for one set of delimiters: steps remembered, runs of segments as patterns.

A `Node` is a state of the exact walk with its ways out. A `Way` is a clean or
faulty transition, worked out once by `loops.validate.states`. Segments come in
blocks that begin with HL, CLM or LX; a `Block` remembers the shapes in which
they were seen and becomes one pattern that matches a whole block (of lines: as
many as there are), so that a clean claim costs three matches.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from loops.guide import load
from loops.validate.fast import NEVER, Patterns
from loops.validate.states import Fault, Found, State, States

if TYPE_CHECKING:
    from loops.delimiters import Delimiters
    from loops.guide import Guide, SegmentPlace
    from loops.source import Buffer

Match = Callable[..., "re.Match[bytes] | None"]
CONTROL: Final = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA"})
_ANCHORS: Final = {b"HL": ("HL", (b"20", b"22", b"23")), b"CL": ("CLM", (b"",)), b"LX": ("LX", (b"",))}
_KEYS_A_NODE: Final = 1024
_NODES: Final = 20_000
_SHAPES: Final = 500
_BUDGET: Final = 160
_FIRST_BUILD: Final = 40
_REBUILD: Final = (24, 200, 2_000, 20_000, 200_000)


@dataclass(eq=False, slots=True)
class Way:
    """A transition: the place reached (None: fits nowhere), its faults, the node after it.

    `match` matches a valid segment of that place; None where each segment has
    to be looked at (faults, control segments).
    """

    place: SegmentPlace | None
    faults: tuple[Fault, ...]
    node: Node
    match: Match | None


class Node:
    """A state with its ways out by the segment's key, and the blocks that may follow (`runs`)."""

    __slots__ = ("runs", "state", "ways")

    def __init__(self, state: State) -> None:
        self.state = state
        self.ways: dict[bytes, Way] = {}
        self.runs: dict[bytes, Block] | None = None


@dataclass(frozen=True, slots=True)
class End:
    """Where a match of a block ends: the node, and how many segments were passed."""

    node: Node
    segments: int


@dataclass(eq=False, slots=True)
class Block:
    """The shapes of one kind of block (``HL``, ``CL``, ``LX``), and their pattern once enough were seen.

    `match` is None until then; `ends` tells the end by the number of the last group.
    """

    kind: bytes
    build: Callable[[Block], tuple[Match, dict[int, End]]]
    heads: frozenset[Way]
    match: Match | None = None
    ends: dict[int, End] = field(default_factory=dict)
    shapes: Counter[tuple[Way, ...]] = field(default_factory=Counter)
    _seen: int = 0
    _builds: int = 0

    def record(self, shape: tuple[Way, ...]) -> None:
        """Remember a clean block that the pattern did not match; build the pattern when it is time."""
        if shape in self.shapes or len(self.shapes) < _SHAPES:
            self.shapes[shape] += 1
        self._seen += 1
        wait = _FIRST_BUILD if not self._builds else _REBUILD[min(self._builds, len(_REBUILD)) - 1]
        if self._seen >= wait:
            self._seen = 0
            self._builds += 1
            self.match, self.ends = self.build(self)


class Automaton:
    """All that is known for one set of delimiters. Get it with `automaton`, which keeps it for the next file."""

    def __init__(self, delimiters: Delimiters, guide: Guide) -> None:
        self.delimiters = delimiters
        self.patterns = Patterns(delimiters)
        self.keys = guide.keys
        self.key_match: Match = re.compile(_key_pattern(guide, self.patterns)).match
        self._guide = guide
        self._forget()

    def _forget(self) -> None:
        self._states = States(self._guide)
        self._nodes: dict[State, Node] = {}
        self._ways: dict[tuple[SegmentPlace | None, tuple[Fault, ...], State], Way] = {}
        self._known: dict[tuple[State, str, bytes], Way] = {}
        self._blocks: dict[frozenset[Way], Block] = {}
        self._matches: dict[bytes, Match] = {}
        self.start = self._node(self._states.start)

    def renew(self) -> None:
        """Forget everything when garbage has filled it; call between interchanges only."""
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

    def runs(self, node: Node) -> dict[bytes, Block]:
        """The blocks that may follow `node`, by the first two bytes of their first segment."""
        if node.runs is None:
            node.runs = {}
            for start, (id_, qualifiers) in _ANCHORS.items():
                ways = (self.way(node, id_, qualifier) for qualifier in qualifiers)
                heads = frozenset(way for way in ways if way.match)
                if heads:
                    node.runs[start] = self._block(start, heads)
        return node.runs

    def _block(self, start: bytes, heads: frozenset[Way]) -> Block:
        if heads not in self._blocks:
            build = {b"HL": self._build_hl, b"CL": self._build_claim, b"LX": self._build_lines}[start]
            self._blocks[heads] = Block(start, build, heads)
        return self._blocks[heads]

    def _node(self, state: State) -> Node:
        if state not in self._nodes:
            self._nodes[state] = Node(state)
        return self._nodes[state]

    def _way(self, found: Found) -> Way:
        key = found.place, found.faults, found.state
        if key not in self._ways:
            place = found.place
            fast = place is not None and not found.faults and place.id not in CONTROL
            match = self._match(self.patterns.segment(place)) if fast and place else None
            self._ways[key] = Way(place, found.faults, self._node(found.state), match)
        return self._ways[key]

    def _match(self, text: bytes) -> Match | None:
        if text == NEVER:
            return None
        if text not in self._matches:
            self._matches[text] = re.compile(text).match
        return self._matches[text]

    def _build_hl(self, block: Block) -> tuple[Match, dict[int, End]]:
        """Groups 1 and 2 are HL01 and HL02."""
        e = self.patterns.element
        tree = _Tree(self.patterns, 2, self._hl_level)
        text = tree.text(block.shapes)
        return re.compile(b"HL" + e + b"([0-9]{1,9}+)" + e + b"([0-9]{0,9}+)" + e + text).match, tree.ends

    def _hl_level(self, way: Way) -> bytes:
        place, e = way.place, self.patterns.element
        assert place is not None
        parent = b"(?<!" if place.elements[1][1] == "R" else b"(?<="
        levels, children = (b"|".join(code.encode() for code in place.elements[n][2]) for n in (2, 3))
        return parent + e + e + b")(?:" + levels + b")" + e + b"(?:" + children + b")" + self.patterns.end

    def _build_claim(self, block: Block) -> tuple[Match, dict[int, End]]:
        """Groups 1 and 2 are CLM01 and CLM02."""
        e = self.patterns.element
        tree = _Tree(self.patterns, 2, self._text)
        text = tree.text(block.shapes)
        value = b"([^" + e + self.patterns.terminator + b"]*+)"
        return re.compile(b"(?=CLM" + e + value + e + value + b")" + text).match, tree.ends

    def _build_lines(self, block: Block) -> tuple[Match, dict[int, End]]:
        """As many service lines as there are."""
        again = {shape: n for shape, n in block.shapes.items() if self._repeats(shape[-1].node, block)}
        tree = _Tree(self.patterns, 0, self._text)
        text = tree.text(Counter(again))
        return re.compile(b"(?:" + text + b")+").match, tree.ends

    def _repeats(self, node: Node, block: Block) -> bool:
        return self.way(node, "LX", b"") in block.heads

    def _text(self, way: Way) -> bytes:
        assert way.place is not None
        return self.patterns.segment(way.place)


class _Tree:
    """Shapes as a tree of continuations, most frequent first, written as one pattern.

    Each end of a block is an empty group: `ends` tells the node by the group's
    number. A block ends before the next HL, CLM, LX or SE.
    """

    def __init__(self, patterns: Patterns, groups: int, head: Callable[[Way], bytes]) -> None:
        self.ends: dict[int, End] = {}
        self._patterns = patterns
        self._groups = groups
        self._head = head
        e = patterns.element
        self._end = b"(?=(?:HL|CLM|LX|SE)" + e + b")()"

    def text(self, shapes: Counter[tuple[Way, ...]]) -> bytes:
        """The pattern of the most frequent shapes, as many as the budget allows."""
        root: dict[Way | None, dict] = {}  # type: ignore[type-arg]
        nodes = 0
        for shape, _ in shapes.most_common():
            node = root
            for way in shape:
                if way not in node:
                    nodes += 1
                    node[way] = {}
                node = node[way]
            node[None] = {}
            if nodes > _BUDGET:
                break
        return self._join(self._options(root, 0, None)) if root else NEVER

    def _options(self, node: dict[Way | None, dict], depth: int, way: Way | None) -> Iterator[bytes]:  # type: ignore[type-arg]
        for next_way, inner in node.items():
            if next_way is None:
                continue
            assert next_way.place is not None
            segment = self._patterns.segment(next_way.place) if depth else self._head(next_way)
            yield segment + self._join(self._options(inner, depth + 1, next_way))
        if None in node:
            assert way is not None
            self._groups += 1
            self.ends[self._groups] = End(way.node, depth)
            yield self._end

    @staticmethod
    def _join(options: Iterator[bytes]) -> bytes:
        found = list(options)
        return found[0] if len(found) == 1 else b"(?:" + b"|".join(found) + b")"


def _key_pattern(guide: Guide, patterns: Patterns) -> bytes:
    """One match a segment; its group is the key: the id, and the qualifier where a place of that id has one.

    The key is the last group. An HL gives ``*22`` (its key is element 03); a
    segment that begins with separators gives an empty key.
    """
    e, t, c = patterns.element, patterns.terminator, patterns.component

    def ids(key: str) -> bytes:
        return b"(?:" + b"|".join(sorted(i.encode() for i, where in guide.keys.items() if where == key)) + b")"

    plain = b"[^" + e + t + b"]*+"
    by_element = ids("01") + e + plain
    by_component = ids("01-1") + e + b"[^" + e + t + c + b"]*+"
    level = b"HL" + (e + plain) * 2 + b"(" + e + plain + b")"
    rest = b"[^" + t + b"]*+" + patterns.end
    return level + rest + b"|(" + by_element + b"|" + by_component + b"|" + plain + b")" + rest


def last_terminator(data: Buffer, end: int, delimiters: Delimiters) -> int:
    """Offset of the terminator of a segment whose match ended at `end` (line ends after it included)."""
    while data[end - 1 : end] != delimiters.terminator:
        end -= 1
    return end - 1


@lru_cache(maxsize=64)
def automaton(delimiters: Delimiters) -> Automaton:
    """The automaton of a set of delimiters, over the guide of 005010X222A1."""
    return Automaton(delimiters, load())
