"""A run from start to end: outbox locked, ledger open, processes ready, what a dead run left finished."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scrubber.batch.files import Disk
from scrubber.batch.outbox import Outbox
from scrubber.batch.policy import Policy
from scrubber.batch.pool import pooled
from scrubber.batch.run import Log, Runner, Shield, Totals
from scrubber.batch.task import Task
from scrubber.batch.versions import versions
from scrubber.ledger import open_ledger
from scrubber.rewrite.approvals import NONE_APPROVED, Approvals

if TYPE_CHECKING:
    from loops.answers.write_277 import Answerer
    from scrubber.batch.intake import Arrival
    from scrubber.checker import Checker
    from scrubber.ledger.store import Ledger

LEDGER: Final = "ledger.sqlite"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a run is to work with; `checker` makes the checker, in each process anew.

    `ledger` is a path or URL (empty: ``ledger.sqlite`` in the outbox), `select` and `ignore` are prefixes of
    rule codes, for the report. `disk` is for tests.
    """

    outbox: Path
    checker: Callable[[], Checker]
    policy: Policy
    ledger: str = ""
    jobs: int = 1
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    answerer: Answerer | None = None
    disk: Disk | None = None


class Session:
    """An outbox at work. Made by `session`."""

    def __init__(self, runner: Runner, task: Task, ledger: Ledger) -> None:
        self.runner = runner
        self._task = task
        self._ledger = ledger

    @property
    def totals(self) -> Totals:
        """What came of all runs so far."""
        return self.runner.totals

    def run(self, arrivals: Sequence[Arrival], at: datetime, approvals: Approvals = NONE_APPROVED) -> None:
        """Do the arrivals, at that time (aware, UTC). Raises as `Runner.run`."""
        let_go = self._ledger.approved_holds()
        self.runner.run(replace(self._task, at=at, let_go=let_go, approvals=approvals), arrivals)


@contextmanager
def session(setting: Setting, log: Log, at: datetime, shield: Shield = nullcontext) -> Iterator[Session]:
    """Open everything for runs from `at` on; dead runs are finished or undone first.

    `shield` is entered while something is published, which a signal must not tear. Raises ConfigError when
    another run holds the outbox, ScrubberError when disk or ledger fail.
    """
    checker = setting.checker()
    for line in _expired(checker):
        log.say(line)
    with ExitStack() as stack:
        outbox = stack.enter_context(Outbox(setting.outbox, setting.disk))
        stack.push(outbox.end)
        # They get ready while the ledger is opened.
        pool = stack.enter_context(pooled(setting.jobs, setting.checker)) if setting.jobs > 1 else None
        ledger = stack.enter_context(open_ledger(setting.ledger or setting.outbox / LEDGER))
        with shield():
            outbox.begin(lambda sha256: ledger.seen(sha256) is not None, log.say)
        task = Task(
            checker=setting.checker,
            policy=setting.policy,
            root=setting.outbox,
            token=outbox.token,
            disk=outbox.disk,
            at=at,
            key=ledger.key,
            versions=versions(checker),
            profile=checker.profile.name if checker.profile else "",
            select=setting.select,
            ignore=setting.ignore,
            answerer=setting.answerer,
        )
        yield Session(Runner(outbox, ledger, log, checker, pool=pool, shield=shield), task, ledger)


def _expired(checker: Checker) -> Iterator[str]:
    """A line for each waiver that has ended; which of the others are used shows over many runs only."""
    if checker.waivers is not None:
        every = [one.number for one in checker.waivers.entries]
        yield from (f"{one.file}: {one.message}" for one in checker.on_waivers(every))
