"""Read what comes back for a batch: TA1, 999, 277CA and 835, whatever a file holds of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, Protocol

from loops.answers.kinds import Answer, Origin
from loops.answers.read_277 import Reader277
from loops.answers.read_835 import Reader835
from loops.answers.read_999 import Reader999, read_ta1
from loops.answers.segments import Elements, Segments
from loops.answers.values import moment, whole
from loops.envelope import Group, foreign_name
from loops.problem import Problem
from loops.source import Readable, Source, open_source


class _Reader(Protocol):
    """Takes the segments between ST and SE by its `handlers`; what is complete waits in `ready`."""

    ready: list[Answer]

    @property
    def handlers(self) -> Mapping[str, Callable[[Elements], None]]: ...

    def end(self) -> None: ...


_READERS: Final[dict[str, Callable[[Origin, Segments], _Reader]]] = {
    "277": Reader277,
    "835": Reader835,
    "997": Reader999,
    "999": Reader999,
}
_ENVELOPE: Final = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA"})
_LONGEST_ANSWER: Final = 100_000  # segments: far above what a claim or a refused transaction set has
_ACKNOWLEDGEMENT: Final = "X214"


def read(source: Readable, name: str | None = None) -> Iterator[Answer]:
    """The answers of `source` (a path, bytes or a binary stream) in file order, one at a time.

    `name` is what their `Origin` calls it (the file name by default). A head
    (`BatchStatus`, `Remittance`) comes before its claims, a `GroupAck` after
    its transactions. Faults are `loops.problem.Problem` among the answers:
    wrong counts, cut files, and for each kind of transaction that is no
    answer, one line that says what it is. Raises NotX12Error, one line for the
    user, when nothing in the source is X12, OSError as the system does.
    """
    opened = open_source(source, name)
    try:
        yield from _File(opened).answers()
    finally:
        opened.close()


class _File:
    """One source, and what is open in it while its segments go by."""

    def __init__(self, source: Source) -> None:
        self.segments = Segments(source)
        self.name = source.name
        self.stream = iter(self.segments)
        self.isa: Elements = []
        self.gs: Elements = []
        self.group: Group | None = None
        self.groups = self.sets = self.ta1s = 0
        self.count = 0
        self.after: Elements | None = None
        self.told: set[str] = set()

    def answers(self) -> Iterator[Answer]:
        """Everything in file order."""
        segment = next(self.stream, None)
        while segment is not None:
            following = None
            if segment[0] == "ST":
                yield from self._transaction(segment)
                following = self.after
            elif segment[0] == "TA1":
                self.ta1s += 1
                yield read_ta1(segment, self._origin("TA1", ""), self.segments.start)
            elif segment[0] in _TAKE:
                _TAKE[segment[0]](self, segment)
            yield from self._problems()
            segment = following or next(self.stream, None)
        self._close_isa()
        yield from self._problems()

    def _problems(self) -> list[Problem]:
        found, self.segments.problems = self.segments.problems, []
        return found

    def _say(self, code: str, message: str) -> None:
        self.segments.problems.append(Problem(code, message, self.segments.start, self.segments.start))

    def _transaction(self, st: Elements) -> Iterator[Answer]:
        """The answers of a transaction set; `after` is then the segment that follows it."""
        self.sets += 1
        guide = st[3].strip() or (self.gs[8].strip() if self.gs else "")
        make = _READERS.get(st[1])
        kind = "277CA" if st[1] == "277" and guide[6:10] == _ACKNOWLEDGEMENT else st[1]
        if make is None:
            self._foreign(st)
            self._pass(1)
        else:
            yield from self._read(make(self._origin(kind, guide, st[2]), self.segments))
        self._close_set(st)

    def _read(self, reader: _Reader) -> Iterator[Answer]:
        """What `reader` makes of the segments up to the end of the transaction set."""
        ready, handlers, count, since = reader.ready, reader.handlers, 1, 0
        self.after = None
        for elements in self.stream:
            id_ = elements[0]
            if id_ in handlers:
                handlers[id_](elements)
                if ready:
                    since = count
                    yield from ready
                    ready.clear()
                elif count - since > _LONGEST_ANSWER:
                    self._say(
                        "X12-LONG",
                        f"an answer has more than {_LONGEST_ANSWER} segments: the rest is not read",
                    )
                    self._pass(count + 1)
                    break
            elif id_ in _ENVELOPE:
                self.after, self.count = elements, count
                break
            count += id_ != ""
        else:
            self.count = count
        reader.end()
        yield from ready
        if not since and not ready:
            self._say("X12-NOTHING", "the transaction set has no segment that its kind answers with")

    def _pass(self, count: int) -> None:
        """Go to the end of a transaction set that is not read, `count` segments after its beginning."""
        self.after = None
        for elements in self.stream:
            if elements[0] in _ENVELOPE:
                self.after = elements
                break
            count += elements[0] != ""
        self.count = count

    def _foreign(self, st: Elements) -> None:
        """Say what a transaction set of another kind is, once a file."""
        name = foreign_name(_as_bytes(st[1:4]), self.group) or "837 professional"
        if name not in self.told:
            self.told.add(name)
            self._say("X12-KIND", f"{name} is no answer to a claim: it is not read")

    def _origin(self, kind: str, guide: str, st02: str = "") -> Origin:
        isa, gs = self.isa, self.gs
        made_at = (gs and moment(gs[4], gs[5])) or moment(isa[9], isa[10])
        return Origin(
            name=self.name,
            kind=kind,
            guide=guide,
            isa13=isa[13].strip(),
            gs06=gs[6].strip() if gs else "",
            st02=st02.strip(),
            sender=isa[6].strip(),
            receiver=isa[8].strip(),
            made_at=made_at,
            usage=isa[15],
        )

    def _close_set(self, st: Elements) -> None:
        se = self.after
        if se is None or se[0] != "SE":
            self._say("X12-SE-MISSING", "the transaction set has no SE: it may be cut off")
            return
        self.after = None
        if whole(se[1]) != self.count + 1:
            self._say(
                "X12-SE-COUNT", f"SE01 differs from the {self.count + 1} segments of the transaction set"
            )
        if se[2].strip() != st[2].strip():
            self._say("X12-SE-NUMBER", "SE02 differs from ST02")

    def _take_isa(self, isa: Elements) -> None:
        self._close_isa()
        self.isa, self.groups, self.ta1s = isa, 0, 0

    def _take_gs(self, gs: Elements) -> None:
        self._close_gs()
        self.gs, self.sets = gs, 0
        self.groups += 1
        isa = self.segments.isa
        self.group = Group(isa, _as_bytes(gs[1:9]), self.segments.start) if isa else None

    def _take_ge(self, ge: Elements) -> None:
        if not self.gs:
            self._say("X12-TRAILER", "GE closes no functional group")
            return
        if whole(ge[1]) != self.sets:
            self._say("X12-GE-COUNT", f"GE01 differs from the {self.sets} transaction sets of the group")
        if ge[2].strip() != self.gs[6].strip():
            self._say("X12-GE-NUMBER", "GE02 differs from GS06")
        self.gs, self.group = [], None

    def _take_iea(self, iea: Elements) -> None:
        self._close_gs()
        self._nothing_read()
        if whole(iea[1]) != self.groups:
            self._say("X12-IEA-COUNT", f"IEA01 differs from the {self.groups} functional groups")
        if iea[2].strip() != self.isa[13].strip():
            self._say("X12-IEA-NUMBER", "IEA02 differs from ISA13")
        self.isa = []

    def _close_gs(self) -> None:
        if self.gs:
            self._say("X12-GE-MISSING", "the functional group has no GE")
        self.gs, self.group = [], None

    def _close_isa(self) -> None:
        if self.isa:
            self._close_gs()
            self._nothing_read()
            self._say("X12-IEA-MISSING", "the interchange has no IEA: it may be cut off")
        self.isa = []

    def _nothing_read(self) -> None:
        if not self.groups and not self.ta1s:
            self._say("X12-TERMINATOR", "no group follows the ISA: is its terminator the one in use?")


_TAKE: Final[dict[str, Callable[[_File, Elements], None]]] = {
    "ISA": _File._take_isa,  # noqa: SLF001 - its own
    "GS": _File._take_gs,  # noqa: SLF001
    "GE": _File._take_ge,  # noqa: SLF001
    "IEA": _File._take_iea,  # noqa: SLF001
}


def _as_bytes(elements: list[str]) -> tuple[bytes, ...]:
    return tuple(element.encode("latin-1") for element in elements)
