"""Batches go out, answers come back: 999, 277CA and 835 as files, and the truth beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Final, NamedTuple

from scrubber.sample.answers import acknowledge, remittance, status
from scrubber.sample.answers.behaviour import Behaviour
from scrubber.sample.answers.causes import Cause
from scrubber.sample.answers.desk import Desk, Reply, mangled
from scrubber.sample.answers.judge import judge
from scrubber.sample.answers.letters import NEVER_SENT, File, Notice, Outcome, Payment, Stray, Submission
from scrubber.sample.batch import Set
from scrubber.sample.claims import Habit, SampleClaim, make
from scrubber.sample.days import working_day
from scrubber.sample.people import MORE_PAYERS, Payer
from scrubber.sample.truth import Fate, Read, Truth

_SET_REFUSED: Final = (Cause("IK5:R", coding=False),)
_FOREIGN: Final = 90_000_000
_FOREIGN_GROUP: Final = 900_001
_REFUSED_ABROAD: Final = Cause("A7:454")
_BY_ID: Final = {payer.id: payer for payers in MORE_PAYERS.values() for payer in payers}


class Batch(NamedTuple):
    """A batch file that went out: its name, ISA13, GS06, the day, its transaction sets."""

    file: str
    isa13: str
    gs06: str
    day: date
    sets: Sequence[Set]


class Exchange:
    """Sends batches to the simulated clearinghouse, which answers as `behaviour` says.

    The same seed and the same batches give the same answers.
    """

    def __init__(self, seed: int, behaviour: Behaviour | None = None) -> None:
        self.behaviour = behaviour or Behaviour()
        self._rng = Random(f"scrubber sample answers {seed}")  # noqa: S311 - not for secrets
        self._desk = Desk(self._rng, self.behaviour)
        self._verdicts = acknowledge.Verdicts(self._rng, self.behaviour)
        self._batches: list[tuple[Batch, list[tuple[bool, list[str]]]]] = []
        self._fates: dict[str, Fate] = {}

    def send(self, batch: Batch) -> list[tuple[SampleClaim, Reply]]:
        """Send a batch; what the submitter learns of each claim in the end."""
        verdicts, replies = [], []
        index = 0
        for one in batch.sets:
            refused, told = self._verdicts.judge(one)
            verdicts.append((refused, told))
            for claim, position in one.claims:
                index += 1
                place = batch.file, batch.isa13, batch.gs06, one.number, one.trace
                sent = Submission(claim, *place, index, position, batch.day)
                replies.append((claim, self._claim(sent, refused=refused)))
        self._batches.append((batch, verdicts))
        return replies

    def _claim(self, sent: Submission, *, refused: bool) -> Reply:
        fate = self._fates.setdefault(sent.claim.control, Fate(sent.claim))
        again = bool(fate.sent)
        fate.sent.append(sent)
        if refused:
            reply = Reply(Outcome("rejected", "999", sent.sent, _SET_REFUSED))
        else:
            reply = self._desk.receive(sent, again=again)
        fate.learn(reply.outcome)
        return reply

    def finish(self) -> tuple[list[File], Truth]:
        """All answers as files, by name, and the truth; nothing can be sent after it."""
        self._add_foreign()
        writer = _Writer(self._rng)
        for batch, verdicts in self._batches:
            writer.acknowledge(batch, verdicts)
            writer.clearinghouse(batch, self._desk.mail.clearinghouse[batch.file])
        for (payer, day), notices in self._desk.mail.payers.items():
            writer.notices(_BY_ID[payer], day, notices)
        for (payer, day), payments in self._desk.mail.payments.items():
            writer.payments(_BY_ID[payer], day, payments)
        if self.behaviour.unmatched and self._batches:
            writer.foreign_acknowledgement(self._batches[-1][0].day)
        read = [Read(kind, number) for kind, number in sorted(writer.read.items())]
        truth = Truth(list(self._fates.values()), read, sorted(writer.strays))
        return self._twice(sorted(writer.files, key=lambda file: file.name)), truth

    def _add_foreign(self) -> None:
        """Answers for claims that were never sent, until there are as many strays as there should be."""
        mail, rng = self._desk.mail, self._rng
        strays = sum(bool(one.stray) for group in mail.payments.values() for one in group)
        clinics = list(dict.fromkeys(fate.claim.clinic for fate in self._fates.values()))
        days = list(dict.fromkeys(fate.claim.day for fate in self._fates.values()))
        for n in range(strays, round(self.behaviour.unmatched * len(self._fates))):
            made = make(rng, _FOREIGN + n, Habit(f"FOREIGN{n:07}"), rng.choice(clinics), days)
            claim = mangled(made, made.control)
            box = mail.payers if rng.random() < 0.4 and mail.payers else mail.payments
            if not box:
                return
            payer, day = rng.choice(list(box))
            number = self._desk.payer_number(_BY_ID[payer], day)
            if box is mail.payers:
                refused = (_REFUSED_ABROAD,) if rng.random() < 0.5 else ()
                notice = Notice(claim, refused, "A2:20:PR", number, stray=NEVER_SENT)
                mail.payers[payer, day].append(notice)
            else:
                paid = Payment(claim, number, judge(rng, claim, ()), stray=NEVER_SENT)
                mail.payments[payer, day].append(paid)

    def _twice(self, files: list[File]) -> list[File]:
        """Some files come a second time under another name, the first of each kind among them."""
        share = self.behaviour.copies
        if not share:
            return files
        every = round(1 / share)
        made: list[File] = []
        seen: Counter[str] = Counter()
        for file in files:
            made.append(file)
            stem, _, kind = file.name.rpartition(".")
            if seen[kind] % every == 0:
                made.append(File(f"{stem}-again.{kind}", file.data))
            seen[kind] += 1
        return made


class _Writer:
    """Writes the files and counts what stands in them."""

    def __init__(self, rng: Random) -> None:
        self.files: list[File] = []
        self.strays: list[Stray] = []
        self.read: Counter[str] = Counter()
        self._rng = rng

    @property
    def _control(self) -> int:
        return len(self.files) + 1

    def acknowledge(self, batch: Batch, verdicts: Sequence[tuple[bool, list[str]]]) -> None:
        data = acknowledge.write(batch.gs06, batch.day, self._control, verdicts)
        self.files.append(File(f"{_stem(batch.file)}.999", data))

    def clearinghouse(self, batch: Batch, notices: Sequence[tuple[Submission, Notice]]) -> None:
        by_set: dict[str, list[Notice]] = {}
        for sent, notice in notices:
            by_set.setdefault(sent.bht03, []).append(notice)
        if by_set:
            batches = [status.Batch(trace, batch.day, group) for trace, group in by_set.items()]
            data = status.write(status.HOUSE, working_day(batch.day, 1), self._control, batches)
            self._add(f"{_stem(batch.file)}.277", "277CA", data, [one for _, one in notices])

    def notices(self, payer: Payer, day: date, notices: Sequence[Notice]) -> None:
        source = status.Source("PR", payer.name, "PI", payer.id)
        name = f"{payer.id}-{day:%Y%m%d}.277"
        batch = status.Batch(f"{payer.id}{day:%Y%m%d}", day, notices)
        self._add(name, "277CA", status.write(source, day, self._control, [batch]), notices)

    def payments(self, payer: Payer, day: date, payments: Sequence[Payment]) -> None:
        data = remittance.write(payer, day, self._control, payments, self._rng)
        self._add(f"{payer.id}-{day:%Y%m%d}.835", "835", data, payments)

    def foreign_acknowledgement(self, day: date) -> None:
        name = f"elsewhere-{day:%Y%m%d}.999"
        told = [(False, ["AK2*837*0001*005010X222A1", "IK5*A"])]
        self.files.append(File(name, acknowledge.write(str(_FOREIGN_GROUP), day, self._control, told)))
        self.strays.append(Stray(name, "999", None, NEVER_SENT))

    def _add(self, name: str, kind: str, data: bytes, answers: Sequence[Notice | Payment]) -> None:
        self.files.append(File(name, data))
        self.read[kind] += len(answers)
        self.strays += [Stray(name, kind, one.claim.control, one.stray) for one in answers if one.stray]


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name
