"""Clearinghouse and payers at work: a claim comes in, notices and payments go out on their days."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from typing import Final, NamedTuple

from scrubber.sample.answers.behaviour import Behaviour
from scrubber.sample.answers.causes import Cause
from scrubber.sample.answers.judge import decide, denial, judge
from scrubber.sample.answers.letters import (
    MANGLED,
    Judgement,
    Notice,
    Outcome,
    Payment,
    Submission,
)
from scrubber.sample.answers.payers import TRAITS
from scrubber.sample.claims import SampleClaim
from scrubber.sample.days import ccyymmdd, next_on, working_day
from scrubber.sample.people import MORE_PAYERS, SUPPLEMENT, Payer

_FORWARDED: Final = "A0:16:PR"
_TAKEN: Final = "A2:20:PR"
_WARNED: Final = "A1:19:PR"
_RETURNED: Final = "A3:21"
_REVERSALS: Final = ("paid", "denied", "open")
_PAYERS: Final = tuple(payer for payers in MORE_PAYERS.values() for payer in payers)


@dataclass(slots=True)
class Mail:
    """What goes out, by who sends it when.

    The notices of the clearinghouse by batch file, those of payers and the payments by payer and day.
    """

    clearinghouse: dict[str, list[tuple[Submission, Notice]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    payers: dict[tuple[str, date], list[Notice]] = field(default_factory=lambda: defaultdict(list))
    payments: dict[tuple[str, date], list[Payment]] = field(default_factory=lambda: defaultdict(list))


class Reply(NamedTuple):
    """What the submitter knows in the end: the final answer (None: none came), the payer's number."""

    outcome: Outcome | None
    payer_control: str = ""
    lost: bool = False


class Desk:
    """Takes claims in and answers them into `mail`; all chance comes from `rng`."""

    def __init__(self, rng: Random, behaviour: Behaviour) -> None:
        self.mail = Mail()
        self._rng = rng
        self._behaviour = behaviour
        self._numbers = 0

    def receive(self, sent: Submission, *, again: bool) -> Reply:
        """Answer a claim; `again`: it was sent before."""
        claim, rng, share = sent.claim, self._rng, self._behaviour
        chance = 1.0 if again or claim.mends else rng.random()
        if chance < share.late:
            return self._late(sent)
        if chance < share.late + share.lost:
            self._forward(sent)
            return Reply(None, lost=True)
        causes = decide(rng, share, claim, again=again)
        if causes and not causes[0].group:
            return self._refuse(sent, causes)
        number = self.payer_number(claim.payer, sent.sent)
        taken = self._take(sent, number)
        traits = TRAITS[claim.payer.id]
        day = next_on(working_day(taken, rng.randint(*traits.days)), traits.weekdays)
        payment = Payment(claim, number, judge(rng, claim, causes, recode=rng.random() < share.recoded))
        if traits.filing == "MB" and not causes and rng.random() < 0.2:
            judgement = replace(payment.judgement, status="19")
            payment = replace(payment, judgement=judgement, forwarded=SUPPLEMENT)
        outcome = Outcome("denied" if causes else "paid", "835", day, causes)
        return Reply(self._pay(payment, day, outcome), number)

    def payer_number(self, payer: Payer, day: date) -> str:
        """A new number of a payer for a claim (CLP07)."""
        self._numbers += 1
        return f"{payer.id}{ccyymmdd(day)[2:]}{self._numbers:07}"

    def _forward(self, sent: Submission) -> date:
        self.mail.clearinghouse[sent.file].append((sent, Notice(sent.claim, status=_FORWARDED)))
        return working_day(sent.sent, 1)

    def _late(self, sent: Submission) -> Reply:
        """No final answer in time; most payers say at least that they have the claim."""
        if self._rng.random() < 0.75:
            self._take(sent, self.payer_number(sent.claim.payer, sent.sent))
        else:
            self._forward(sent)
        return Reply(None)

    def _refuse(self, sent: Submission, causes: tuple[Cause, ...]) -> Reply:
        notice = Notice(sent.claim, causes)
        if self._rng.random() < 0.4:
            day = working_day(sent.sent, 1)
            self.mail.clearinghouse[sent.file].append((sent, notice))
        else:
            day = working_day(self._forward(sent), self._rng.randint(1, 2))
            self.mail.payers[sent.claim.payer.id, day].append(notice)
        return Reply(Outcome("rejected", "277CA", day, causes))

    def _take(self, sent: Submission, number: str) -> date:
        """The payer takes a claim in: the day."""
        claim, rng = sent.claim, self._rng
        traits = TRAITS[claim.payer.id]
        shown = number if traits.gives_1k else ""
        day = working_day(self._forward(sent), rng.randint(1, 2))
        accepted = Notice(claim, status=_TAKEN, payer_control=shown)
        if traits.warns and claim.scenario.faults and rng.random() < 0.5:
            if rng.random() < 0.5:
                text = "P4999SAMPLE returned by an edit and taken as sent after five days"
                self.mail.payers[claim.payer.id, day].append(Notice(claim, status=_RETURNED, text=text))
                day = working_day(day, 5)
            else:
                accepted = replace(accepted, status=_WARNED, text="P4999SAMPLE an edit looks at this claim")
        self.mail.payers[claim.payer.id, day].append(accepted)
        return day

    def _pay(self, payment: Payment, day: date, outcome: Outcome) -> Outcome | None:
        """Post a payment with what befalls it; the final answer that can be matched."""
        claim, share, traits = payment.claim, self._behaviour, TRAITS[payment.claim.payer.id]
        chance = self._rng.random()
        if chance < share.unmatched / 2:
            self._post(day, self._mangled(claim, day))
            return None
        chance -= share.unmatched / 2
        if chance < share.misprinted and traits.gives_1k:
            payment = replace(payment, claim=replace(claim, control="0"))
        chance -= share.misprinted
        if 0 <= chance < share.forwarded and outcome.state == "paid":
            return self._forward_payment(payment, day)
        self._post(day, payment)
        if 0 <= chance - share.forwarded < share.reversed:
            return self._reverse(payment, day, outcome)
        return outcome

    def _post(self, day: date, payment: Payment, payer: Payer | None = None) -> None:
        self.mail.payments[(payer or payment.claim.payer).id, day].append(payment)

    def _mangled(self, claim: SampleClaim, day: date) -> Payment:
        """A payment that nobody can know again: other ids, other amounts, no line control numbers."""
        strange = mangled(claim, f"X{self._rng.randrange(10**9):09}")
        number = self.payer_number(claim.payer, day)
        return Payment(strange, number, judge(self._rng, strange, ()), stray=MANGLED)

    def _forward_payment(self, payment: Payment, day: date) -> Outcome:
        """Not ours, says the payer, and sends it on; the other one pays."""
        claim = payment.claim
        other = self._rng.choice([payer for payer in _PAYERS if payer != claim.payer])
        nothing = (("OA", "B11", claim.cents),)
        self._post(day, replace(payment, judgement=Judgement("23", (), nothing), forwarded=other))
        later = next_on(working_day(day, 8), TRAITS[other.id].weekdays)
        number = self.payer_number(other, later)
        self._post(later, replace(payment, payer_control=number), other)
        return Outcome("paid", "835", later)

    def _reverse(self, payment: Payment, day: date, outcome: Outcome) -> Outcome:
        """Take a payment back, and nearly always say it anew: on the same day, or on a later one."""
        claim, rng = payment.claim, self._rng
        weekdays = TRAITS[claim.payer.id].weekdays
        back = next_on(working_day(day, rng.randint(3, 8)), weekdays)
        self._post(back, replace(payment, reverses=True))
        kind = rng.choices(_REVERSALS, (5, 3, 2))[0]
        if kind == "open":
            return Outcome("open", "835", back)
        causes = (denial(rng, claim),) if kind == "denied" and outcome.state == "paid" else ()
        anew = back if rng.random() < 0.7 else next_on(working_day(back, 2), weekdays)
        corrected = Payment(
            claim,
            self.payer_number(claim.payer, anew),
            judge(rng, claim, causes),
            corrects=payment.payer_control,
        )
        self._post(anew, corrected)
        return Outcome("denied" if causes else "paid", "835", anew, causes)


def mangled(claim: SampleClaim, control: str) -> SampleClaim:
    """A claim under other ids and with odd amounts: nothing is left to match it by."""
    lines = tuple(replace(line, cents=line.cents + 7, control="") for line in claim.lines)
    return replace(claim, control=control, member=f"TEST{control}", trace="", lines=lines)
