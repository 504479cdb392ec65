"""A run over the inbox: every input is done once, in the order of the names, by one process or several."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from scrubber.batch.again import answer_again
from scrubber.batch.controls import Controls
from scrubber.batch.intake import Arrival, Gone, Opened
from scrubber.batch.names import marked, output_name
from scrubber.batch.outbox import BAD, HELD, MANIFEST, OWN, RELEASED, REPORTS, Entry, Outbox, unwritable
from scrubber.batch.task import NOTHING, Done, Order, Sum, Task
from scrubber.batch.work import work

if TYPE_CHECKING:
    from scrubber.batch.pool import Pool
    from scrubber.checker import Checker
    from scrubber.ledger import Run
    from scrubber.ledger.store import Ledger

Shield: TypeAlias = "Callable[[], AbstractContextManager[None]]"
"""Gives a context in which a signal is not heard."""

_LOT_FILES: Final = 64
_LOT_SECONDS: Final = 0.25


class Log(Protocol):
    """Hears how a run goes on."""

    def begin(self, files: int, size: int) -> None:
        """So many files and bytes have arrived."""

    def done(self, done: Done) -> None:
        """An input was worked on and, where it came to something, published."""

    def again(self, name: str, size: int, run: Run | None) -> None:
        """An input was done before, in `run` (None: the ledger does not know it, its manifest does)."""

    def failed(self, name: str, size: int, reason: str) -> None:
        """An input was left alone, for this reason."""

    def say(self, line: str) -> None:
        """One line for the user."""


@dataclass(slots=True)
class Totals:
    """What came of a run. `failed` counts inputs that are bad or left alone, `again` those done before."""

    files: int = 0
    again: int = 0
    failed: int = 0
    guard: bool = False
    outcomes: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    received: Sum = NOTHING
    released: Sum = NOTHING
    held: Sum = NOTHING

    def count(self, done: Done) -> None:
        """Take in one file."""
        self.received += done.received
        self.released += done.released
        self.held += done.held
        self.severities += done.severities
        self.guard = self.guard or done.guard
        if done.entry is None or done.outcome == "bad" or done.left_out:
            self.failed += 1
        if done.entry is not None and done.outcome != "bad":
            self.files += 1
            self.outcomes[done.outcome] += 1


class Runner:
    """Does inputs and publishes what comes of them, in this process or in those of a `pool`."""

    def __init__(
        self,
        outbox: Outbox,
        ledger: Ledger,
        log: Log,
        checker: Checker,
        *,
        pool: Pool | None = None,
        shield: Shield = nullcontext,
    ) -> None:
        self.outbox, self.ledger, self.log = outbox, ledger, log
        self.totals = Totals()
        self._checker = checker
        self._pool = pool
        self._shield = shield
        self._names: set[str] = set()
        self._pending: dict[str, str] = {}
        self._lot: list[Done] = []
        self._published = perf_counter()
        self._of: dict[str, Done] = {}
        self._twice: list[tuple[Arrival, str]] = []
        self._fold = _folds_case(outbox.root)

    def run(self, task: Task, arrivals: Sequence[Arrival]) -> None:
        """Do the arrivals in their order. Raises ScrubberError when the disk or the ledger fails."""
        controls = Controls(self.outbox, task.at)
        self.log.begin(len(arrivals), sum(one.size for one in arrivals))
        for done in self._worked(task, self._orders(arrivals, controls)):
            self._lot.append(done)
            # Small files appear together, for each costs several waits for the disk; nothing waits for long.
            if len(self._lot) >= _LOT_FILES or perf_counter() - self._published > _LOT_SECONDS:
                self._publish(controls)
        self._publish(controls)
        for one, sha256 in self._twice:
            self._again(task, one, sha256)
        self._twice.clear()
        self._names.clear()  # on the disk now
        self._pending.clear()

    def _worked(self, task: Task, orders: Iterator[tuple[Order, Opened]]) -> Iterator[Done]:
        if self._pool is not None:
            yield from self._pool.work(task, (order for order, _ in orders))
        else:
            for order, opened in orders:
                yield work(task, order, self._checker, opened)

    def _orders(self, arrivals: Iterable[Arrival], controls: Controls) -> Iterator[tuple[Order, Opened]]:
        """What is to be done: not what was done before."""
        for one in arrivals:
            try:
                with Opened(one) as opened:
                    sha256 = opened.sha256
                    if self._known(one, sha256):
                        continue
                    name = self._name(one, sha256)
                    self._pending[sha256] = name
                    control = controls.reserve(2 * max(opened.groups, 1))
                    yield Order(one, name, sha256, control), opened
            except Gone as gone:
                self._fail(one, str(gone))

    def _known(self, one: Arrival, sha256: str) -> bool:
        """Whether the bytes of an arrival were done before, or are about to be; then all is said and done."""
        if sha256 in self._pending:
            self._twice.append((one, sha256))
            return True
        run = self.ledger.seen(sha256)
        if run is not None:
            if self._is_named(run.name, one, sha256) or self._has_manifest(one, sha256):
                self._told_again(one, run)
            else:
                self._twice.append((one, sha256))
            return True
        if self._has_manifest(one, sha256):
            self.log.say(f"{one.name}: this ledger does not know it, but its report is there: not done again")
            self._told_again(one, None)
            return True
        return False

    def _again(self, task: Task, one: Arrival, sha256: str) -> None:
        """Answer bytes that came under another name before."""
        run = self.ledger.seen(sha256)
        if run is None:  # the first of them failed, and said so
            self._fail(
                one, f"the same bytes as {self._pending.get(sha256, 'another')}: left for the next run"
            )
            return
        try:
            entry = answer_again(task, one, self._name(one, sha256), run)
        except OSError as fault:
            raise unwritable(self.outbox.root, fault) from fault
        with self._shield():
            self.outbox.publish([entry], self._record, self._recorded)
        self._told_again(one, run)

    def _publish(self, controls: Controls) -> None:
        """Let what waits appear."""
        self._published = perf_counter()
        lot, self._lot = self._lot, []
        entries = [done.entry for done in lot if done.entry is not None]
        if entries:
            self._of = {done.order.sha256: done for done in lot}
            with self._shield():
                controls.save()
                self.outbox.publish(entries, self._record, self._recorded)
        for done in lot:
            self.totals.count(done)
            self.log.done(done)
            if done.claims is not None:
                done.claims.discard(self.outbox.disk)

    def _record(self, entry: Entry) -> None:
        done = self._of[entry.sha256]
        assert done.run is not None
        self.ledger.record(done.run, done.claims or ())

    def _recorded(self, sha256: str) -> bool:
        return self.ledger.seen(sha256) is not None

    def _name(self, one: Arrival, sha256: str) -> str:
        """What the outputs of an arrival are called: a name stands for one content."""
        name = output_name(one.name, sha256)
        if self._fold(name) in self._names or self._taken(name):
            name = marked(name, sha256)
        self._names.add(self._fold(name))
        return name

    def _taken(self, name: str) -> bool:
        places = (f"{REPORTS}/{name}{MANIFEST}", *(f"{folder}/{name}" for folder in (RELEASED, HELD, BAD)))
        return any(os.path.lexists(self.outbox.place(place)) for place in places)

    def _is_named(self, name: str, one: Arrival, sha256: str) -> bool:
        own = output_name(one.name, sha256)
        return name in (own, marked(own, sha256))

    def _has_manifest(self, one: Arrival, sha256: str) -> bool:
        """Whether the outbox has the report of this input, which outlives a ledger that is lost."""
        own = output_name(one.name, sha256)
        names = (own, marked(own, sha256))
        return any(_sha256_in(self.outbox.place(f"{REPORTS}/{name}{MANIFEST}")) == sha256 for name in names)

    def _told_again(self, one: Arrival, run: Run | None) -> None:
        self.totals.again += 1
        self.log.again(one.name, one.size, run)

    def _fail(self, one: Arrival, reason: str) -> None:
        self.totals.failed += 1
        self.log.failed(one.name, one.size, reason)


def _sha256_in(manifest: Path) -> str:
    try:
        data = json.loads(manifest.read_bytes())
        return str(data["input"]["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _folds_case(root: Path) -> Callable[[str], str]:
    """How names are compared on the system that holds the outbox."""
    folder = root / OWN
    same = folder.with_name(OWN.upper()).exists()
    return str.casefold if same else str
