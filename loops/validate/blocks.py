"""Blocks of segments as patterns: what begins with HL, CLM, HI or LX, in the shapes in which it was seen.

The pattern of a level goes on into the claim after it, that into its diagnoses
and providers, that into the service lines, as many as there are: a clean claim
costs one match. (HI begins a block because all claims meet there in the same
state: the shapes before and after it need not be multiplied.) The ends of the
shapes are empty groups, so the number of the last group tells where the match
ended (`End`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Protocol

from loops.patterns import any_of
from loops.validate.fast import NEVER, Patterns

if TYPE_CHECKING:
    from loops.guide import SegmentPlace
    from loops.validate.automaton import Node, Way
    from loops.validate.seen import Seen

Match = Callable[..., "re.Match[bytes] | None"]
Shape = tuple["Way", ...]
HL, CLM, HI, LX = b"HL", b"CL", b"HI", b"LX"  # how a block begins: two bytes tell
TAIL: Final = b"tail"  # what comes after a segment with a fault, up to the next block
_SHAPES: Final = 500
_BUDGET: Final = 160
PATIENT_LOOPS: Final = frozenset({"2010BA", "2010CA"})


@dataclass(frozen=True, slots=True)
class End:
    """Where a match ends: the node, and which kind of block was the last.

    `claim` is the number of the group of CLM01 (CLM02 is the next) and
    `diagnoses` that of the first HI, 0 when the match does not hold them;
    `other_payer` tells that the claim has a loop 2320. One of the groups
    `births` may hold the patient's or subscriber's day of birth. With one of
    `heads` the match began.
    """

    node: Node
    kind: bytes
    claim: int
    diagnoses: int
    other_payer: bool
    births: tuple[int, ...]
    heads: frozenset[Way]


@dataclass(eq=False, slots=True)
class Block:
    """The shapes of one kind of block that may follow a node, and their pattern once enough were seen."""

    kind: bytes
    heads: frozenset[Way]
    match: Match | None = None
    ends: dict[int, End] = field(default_factory=dict)
    shapes: Counter[Shape] = field(default_factory=Counter)
    unmatched: int = 0
    builds: int = 0

    def borrow(self, other: Block) -> None:
        """Use the pattern of a block that may begin with all that this one may begin with."""
        self.match = other.match
        self.ends = {group: end for group, end in other.ends.items() if end.heads <= self.heads}

    def record(self, shape: Shape) -> None:
        """Count a clean block that no pattern matched."""
        if shape in self.shapes or len(self.shapes) < _SHAPES:
            self.shapes[shape] += 1
        self.unmatched += 1


class Learned(Protocol):
    """What a `Writer` wants to know."""

    def block(self, node: Node, start: bytes) -> Block | None:
        """The block that may follow `node` and begins with `start`."""

    def shapes(self, block: Block) -> Counter[Shape]:
        """The shapes of a block, with how often each was seen."""


class Writer:
    """Writes the pattern of one block; `ends` tells the ends by the number of the last group.

    What was `learned` says which block follows a node and which shapes a block
    has; segments may look as those `seen` (by the kin of their place). Levels
    that were seen less than `often` do not go on into the claim after them.
    """

    def __init__(
        self,
        patterns: Patterns,
        learned: Learned,
        seen: Mapping[str, Seen],
        often: int,
    ) -> None:
        self.ends: dict[int, End] = {}
        self._patterns = patterns
        self._follower = learned.block
        self._shapes = cache(learned.shapes)
        self._seen = seen
        self._often = often
        self._groups = self._claim_group = self._diagnoses = 0
        self._births: tuple[int, ...] = ()
        self._heads: frozenset[Way] = frozenset()

    def compile(self, block: Block) -> Match:
        """The pattern's ``match``. In an HL groups 1 and 2 are HL01 and HL02."""
        write = {HL: self._levels, CLM: self._claim, HI: self._rest, LX: self._lines, TAIL: self._tail}[
            block.kind
        ]
        return re.compile(write(block)).match

    def _levels(self, block: Block) -> bytes:
        e = self._patterns.element
        self._groups = 2
        parts: dict[Block | None, Counter[Shape]] = {}
        for shape, count in self._shapes(block).items():
            parts.setdefault(self._follower(shape[-1].node, CLM), Counter())[shape] = count
        options = []
        for claim, shapes in sorted(parts.items(), key=lambda part: -part[1].total()):
            self._births = ()
            text = self._tree(shapes, HL)
            goes_on = claim and self._shapes(claim) and shapes.total() >= self._often
            more = b""
            self._heads = frozenset(shape[0] for shape in shapes)
            if claim and goes_on:
                more = self._claim(claim)
            options.append(text + (b"(?:" + more + b"|)" if more else b""))
            self._claim_group = self._diagnoses = 0
            self._heads = frozenset()
        return b"HL" + e + b"([0-9]{1,9}+)" + e + b"([0-9]{0,9}+)" + e + _either(options)

    def _claim(self, block: Block) -> bytes:
        return self._then(block, HI)

    def _tail(self, block: Block) -> bytes:
        return self._then(block, LX)

    def _rest(self, block: Block) -> bytes:
        return self._then(block, LX)

    def _then(self, block: Block, next_kind: bytes) -> bytes:
        """The shapes of a block, going on into the block that most of them are followed by.

        A claim with another payer (loop 2320) does not go on: it is looked at.
        """
        followers: Counter[Block] = Counter()
        for shape, count in self._shapes(block).items():
            follower = self._follower(shape[-1].node, next_kind)
            if follower and self._shapes(follower):
                followers[follower] += count
        most = followers.most_common(1)[0][0] if followers else None
        plain, others = Counter[Shape](), Counter[Shape]()
        for shape, count in self._shapes(block).items():
            follows = most is not None and self._follower(shape[-1].node, next_kind) is most
            (plain if follows and not _other_payer(shape) else others)[shape] = count
        options = []
        if plain and most:
            text = self._tree(plain, block.kind)
            if next_kind == LX:
                more = self._repeated(most) + b"*"
            else:
                more = b"(?:" + self._rest(most) + b"|)"
                self._diagnoses = 0
            options.append(text + more)
        if others:
            options.append(self._tree(others, block.kind))
        return _either(options)

    def _lines(self, block: Block) -> bytes:
        return self._repeated(block) + b"+"

    def _repeated(self, block: Block) -> bytes:
        again = {s: n for s, n in self._shapes(block).items() if self._follower(s[-1].node, LX) is block}
        return b"(?:" + self._tree(Counter(again), LX) + b")"

    # Shapes as a tree of continuations, most frequent first

    def _tree(self, shapes: Counter[Shape], kind: bytes) -> bytes:
        root: dict[Any, Any] = {}
        size = 0
        for shape, _ in shapes.most_common():
            node = root
            for way in shape:
                size += way not in node
                node = node.setdefault(way, {})
            node[None] = shape
            if size > _BUDGET:
                break
        return _either(self._options(root, kind)) if root else NEVER

    def _options(self, node: dict[Any, Any], kind: bytes) -> Iterator[bytes]:
        for way, inner in node.items():
            if way is not None:
                yield self._segment(way, kind) + _either(self._options(inner, kind))
        shape = node.get(None)
        if shape:  # the end comes last, so that the longer shape is tried first
            self._groups += 1
            self.ends[self._groups] = End(
                shape[-1].node,
                kind,
                self._claim_group,
                self._diagnoses,
                _other_payer(shape),
                self._births,
                self._heads or frozenset(shape[:1]),
            )
            yield self._end(kind)

    def _segment(self, way: Way, kind: bytes) -> bytes:
        place = way.place
        assert place is not None
        seen, shaped = self._seen.get(place.kin), self._patterns.shaped
        match place.id:
            case "HL" if kind == HL:
                return self._level(place)
            case "CLM":
                self._groups += 2
                self._claim_group = self._groups - 1
                return shaped(place, seen, frozenset({1, 2}))
            case "HI" if kind == HI and self._claim_group:
                self._groups += 1
                self._diagnoses = self._groups
                return b"(" + shaped(place, seen) + b")"
            case "DMG" if place.loop.id in PATIENT_LOOPS:
                self._groups += 1
                self._births += (self._groups,)
                return shaped(place, seen, frozenset({2}))
        return shaped(place, seen)

    def _level(self, place: SegmentPlace) -> bytes:
        e = self._patterns.element
        parent = b"(?<!" if place.elements[1][1] == "R" else b"(?<="
        levels, children = (any_of(code.encode() for code in place.elements[n][2]) for n in (2, 3))
        return parent + e + e + b")" + levels + e + children + self._patterns.end

    def _end(self, kind: bytes) -> bytes:
        """What comes next begins a block or ends the transaction set: nothing more belongs to this one.

        Where nothing else in the guide begins like it, two letters tell, at less cost.
        """
        if kind == TAIL:  # a line may go on with LIN
            return b"(?=(?:HL|CLM|HI|LX|SE)" + self._patterns.element + b")()"
        return b"(?=" + {HL: b"[HCS][LE]", LX: b"[HLCS][LXE]"}.get(kind, b"[HLCS][LXEI]") + b")()"


def _other_payer(shape: Shape) -> bool:
    return any(way.place is not None and _in_other_payer(way.place) for way in shape)


def _in_other_payer(place: SegmentPlace) -> bool:
    return "/2320" in place.loop.path


def _either(options: Iterator[bytes] | list[bytes]) -> bytes:
    found = list(options)
    return found[0] if len(found) == 1 else b"(?:" + b"|".join(found) + b")"
