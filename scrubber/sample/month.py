"""Claims of some weeks, a batch file each working day, and what comes back for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from random import Random
from typing import Final

from scrubber.sample.answers.behaviour import Behaviour
from scrubber.sample.answers.desk import Reply
from scrubber.sample.answers.letters import File
from scrubber.sample.batch import Block, Set, billing, envelope, transaction
from scrubber.sample.claims import Habit, SampleClaim, make, mend
from scrubber.sample.days import ccyymmdd, working_day
from scrubber.sample.exchange import Batch, Exchange
from scrubber.sample.people import MORE_CLINICS, MORE_PAYERS, Clinic, address
from scrubber.sample.scenarios import CORRECT
from scrubber.sample.truth import Truth

_END: Final = date(2026, 9, 30)  # the last day that the diagnosis table of the house covers
LONGEST: Final = 90
_CLAIMS_IN_SET: Final = 50
_TRACED: Final = 0.4
_WITHOUT_6R: Final = 0.1


@dataclass(frozen=True, slots=True)
class Month:
    """Batch files, answer files, and what is true of them; `claims` in the order they were first sent."""

    batches: Sequence[File]
    answers: Sequence[File]
    truth: Truth

    @property
    def claims(self) -> list[SampleClaim]:
        """Every claim once."""
        return [fate.claim for fate in self.truth.fates]


def month(count: int, days: int = 30, seed: int = 1, behaviour: Behaviour | None = None) -> Month:
    """`count` claims sent over `days` calendar days (1 to 90) that end on 30 September 2026.

    A file a working day. What is sent again, as it was or corrected, comes on top of `count`. All is
    held in memory: 20,000 claims take about 100 MB.
    """
    if not 1 <= days <= LONGEST:
        raise ValueError(f"days must be 1 to {LONGEST}, not {days}")
    return _Submitter(count, days, seed, Exchange(seed, behaviour)).run()


class _Submitter:
    """Sends what is new each day, and again what came back."""

    def __init__(self, count: int, days: int, seed: int, exchange: Exchange) -> None:
        self._rng = Random(f"scrubber sample month {seed}")  # noqa: S311 - not for secrets
        self._exchange = exchange
        self._days = _working_days(days)
        self._count = count
        self._made = 0
        self._waiting: dict[int, list[SampleClaim]] = defaultdict(list)

    def run(self) -> Month:
        batches = []
        for number, day in enumerate(self._days, 1):
            upto = self._count * number // len(self._days)
            first = self._count * (number - 1) // len(self._days)
            claims = [self._new(day) for _ in range(upto - first)]
            claims += self._waiting.pop(number - 1, [])
            if claims:
                batches.append(self._send(number, day, claims))
        return Month(batches, *self._exchange.finish())

    def _new(self, day: date) -> SampleClaim:
        rng = self._rng
        served = [ccyymmdd(working_day(day - timedelta(back), 0)) for back in range(9, 2, -1)]
        clinic = rng.choice(MORE_CLINICS)
        habit = self._habit(clinic)
        return make(rng, self._made, habit, clinic, served, payers=MORE_PAYERS)

    def _habit(self, clinic: Clinic) -> Habit:
        self._made += 1
        trace = f"TRACE{self._made:09}" if self._rng.random() < _TRACED else ""
        return Habit(_control(clinic, self._made), trace, self._rng.random() >= _WITHOUT_6R)

    def _send(self, number: int, day: date, claims: list[SampleClaim]) -> File:
        made_on = ccyymmdd(day)
        name = f"{made_on}.837"
        sets: list[Set] = []
        ordered = sorted(claims, key=lambda claim: claim.clinic.npi)
        for first in range(0, len(ordered), _CLAIMS_IN_SET):
            blocks = self._blocks(ordered[first : first + _CLAIMS_IN_SET])
            at = len(sets) + 1
            sets.append(transaction(at, f"SAMPLE{number:04}{at:04}", made_on, blocks))
        head, foot = envelope(number, number, made_on)
        segments = [*head, *(row for one in sets for row in one.segments), f"GE*{len(sets)}*{number}", foot]
        for sent in self._exchange.send(Batch(name, f"{number:09}", str(number), day, sets)):
            self._consider(number - 1, day, *sent)
        return File(name, "".join(f"{segment}~\n" for segment in segments).encode("ascii"))

    def _blocks(self, claims: Iterable[SampleClaim]) -> list[Block]:
        return [
            Block(billing(clinic, address(self._rng)), list(group))
            for clinic, group in groupby(claims, key=lambda claim: claim.clinic)
        ]

    def _consider(self, today: int, day: date, claim: SampleClaim, reply: Reply) -> None:
        """Send a claim again, as it is or corrected, when its answer asks for it."""
        share, rng, outcome = self._exchange.behaviour, self._rng, reply.outcome
        if reply.lost:
            self._wait(claim, working_day(day, 10), today)
        elif outcome and outcome.state in ("rejected", "denied"):
            if outcome.in_scope:
                if claim.scenario.mended and rng.random() < share.corrected:
                    right = CORRECT[claim.scenario.mended]
                    number = reply.payer_control if outcome.state == "denied" else ""
                    mended = mend(claim, right, self._habit(claim.clinic), number)
                    self._wait(mended, working_day(outcome.day, rng.randint(2, 5)), today)
            elif outcome.state == "rejected" and rng.random() < share.resent:
                self._wait(claim, working_day(outcome.day, rng.randint(1, 4)), today)

    def _wait(self, claim: SampleClaim, day: date, today: int) -> None:
        """Put a claim into the first batch from `day` on; after the last one it is not sent again."""
        at = next((n for n, one in enumerate(self._days) if one >= day and n > today), None)
        if at is not None:
            self._waiting[at].append(claim)


def _working_days(days: int) -> list[date]:
    """The working days among the last `days` days; at least one."""
    every = [_END - timedelta(back) for back in range(days - 1, -1, -1)]
    return [day for day in every if day == working_day(day, 0)] or [_END]


def _control(clinic: Clinic, index: int) -> str:
    """CLM01 as the software of a clinic makes it: short, of 19 characters, or one account's visits."""
    style = MORE_CLINICS.index(clinic) % 3
    if style == 0:
        return f"SAMPLE{index:08}"
    return (
        f"SAMPLE{index:08}-{index % 9000 + 1000}" if style == 1 else f"TESTCASE{index // 4:09}-{index % 4:02}"
    )
