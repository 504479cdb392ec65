"""Reads of the claims of a batch what the ledger keeps, ready to be written.

It reads the bytes of a claim, not its views: most claims hold no injection and never become views, and
all of them are kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from loops.scan import NONE
from scrubber.finding import Outcome
from scrubber.ledger import kept
from scrubber.ledger.keyed import Keyed
from scrubber.ledger.rows import AlarmRow, ClaimRow, Ready, claim_ready
from scrubber.ledger.submitted import Disposition, SubmittedClaim, Transaction
from scrubber.ledger.taken import BETWEEN, NO_BLOCK, Block, Taker, npi, taker_of

if TYPE_CHECKING:
    from loops import Batch
    from scrubber.finding import Finding
    from scrubber.payers import Payers, Profile

_PAYER_IDS: Final = frozenset({"PI", "XV", "46"})  # what NM109 of a payer can be, by NM108
_REPLACING: Final = ("7", "8")
_KEPT: Final = 4096


_Above: TypeAlias = "tuple[str, str, str, str, str, _Payer]"
"""What the HL blocks above a claim say: billing NPI, payer id, filing indicator, person, member, payer."""


class _Set(NamedTuple):
    """A transaction set (its number from 0), and how its text is read."""

    number: int
    transaction: Transaction
    taker: Taker


class Submissions:
    """The claims of one batch as the ledger keeps them.

    `at` is when the batch was scrubbed or sent (aware, UTC); `key` makes the keyed hashes (that of the
    ledger, else `new_key()`); `file` is the batch's name where it has another than its own.
    """

    def __init__(
        self, batch: Batch, payers: Payers, *, at: datetime, key: bytes, file: str | None = None
    ) -> None:
        self._batch = batch
        self._payers = payers
        self._at = at
        self._keyed = Keyed(key)
        self._file = batch.name if file is None else file
        self._set: _Set | None = None
        self._above: tuple[tuple[int, int, int], _Above] | None = None
        self._billing: tuple[int, str, str] | None = None
        self._known: dict[tuple[str, ...], _Payer] = {}

    def submitted(
        self,
        number: int,
        findings: Iterable[Finding] = (),
        disposition: Disposition = Disposition.RELEASED,
    ) -> SubmittedClaim:
        """Claim `number` (from 0) with its findings; those of outcome ``pass`` are left out."""
        return claim_ready(self.ready(number, findings, disposition))

    def ready(
        self,
        number: int,
        findings: Iterable[Finding] = (),
        disposition: Disposition = Disposition.RELEASED,
    ) -> Ready:
        """The same, ready to be written."""
        index = self._batch.index
        set_ = self._opened(index.claim_set[number])
        taker = set_.taker
        body = taker.body(self._batch.source.data[index.claim_start[number] : index.claim_end[number]])
        id_, frequency, trace, payer_control, cents, rendering, first, last, total, lines = taker.claim(body)
        billing_npi, payer_id, filing, person, member, payer = self._around(number, taker)
        row = ClaimRow(
            number + 1,
            id_,
            frequency,
            trace,
            payer_control,
            sha256(body).hexdigest(),
            cents,
            first,
            last,
            billing_npi,
            billing_npi if rendering is None else rendering,
            payer_id,
            payer.payer_class,
            filing,
            person,
            member,
            disposition.value,
            payer.timely(first, frequency),
            lines,
        )
        return Ready(set_.transaction, total, row, _alarms(number + 1, findings) if findings else ())

    def _opened(self, number: int) -> _Set:
        """Transaction set `number`, remembered: its claims follow each other."""
        if self._set is None or self._set.number != number:
            envelope, index = self._batch.envelope(number), self._batch.index
            transaction = Transaction(
                file=self._file,
                isa13=kept.control(envelope.isa13),
                gs06=kept.control(envelope.gs06),
                st02=kept.control(envelope.st02),
                bht03=kept.control(envelope.bht03),
                version=kept.control(envelope.version),
                at=self._at,
                made_on=envelope.made_on,
            )
            self._set = _Set(number, transaction, taker_of(index.isas[index.set_isa[number]].delimiters))
        return self._set

    def _around(self, number: int, taker: Taker) -> _Above:
        """What stands above the claim, remembered: claims of one patient follow each other."""
        index = self._batch.index
        blocks = index.billing[number], index.subscriber[number], index.patient[number]
        if self._above is None or self._above[0] != blocks:
            if self._billing is None or self._billing[0] != blocks[0]:
                billing = self._block(blocks[0], taker)
                self._billing = blocks[0], npi(billing.billing_kind, billing.billing_id), billing.state
            subscriber, patient = self._block(blocks[1], taker), self._block(blocks[2], taker)
            self._above = blocks, self._read_above(number, *self._billing[1:], subscriber, patient)
        return self._above[1]

    def _block(self, hl: int, taker: Taker) -> Block:
        if hl == NONE:
            return NO_BLOCK
        index = self._batch.index
        return taker.block(self._batch.source.data[index.hl_start[hl] : index.hl_end[hl]])

    def _read_above(
        self, number: int, billing_npi: str, practice: str, subscriber: Block, patient: Block
    ) -> _Above:
        filing, member, payer_id = subscriber.filing, subscriber.member, subscriber.payer_id
        if patient is NO_BLOCK:
            born, first = subscriber.born, subscriber.insured_first
        else:
            born, first = patient.born, patient.patient_first
        known = not payer_id or subscriber.payer_kind in _PAYER_IDS
        return (
            billing_npi,
            kept.payer(payer_id if known else "?" * len(payer_id)),
            kept.short(filing),
            self._keyed.person(member, born, first),
            self._keyed.member(member),
            self._payer(number, (filing, payer_id, subscriber.payer_name, subscriber.state, practice)),
        )

    def _payer(self, number: int, ask: tuple[str, ...]) -> _Payer:
        """The payer of a claim; `ask` is what its profile depends on."""
        found = self._known.get(ask)
        if found is None:
            claim = self._batch.claim(number)
            if len(self._known) > _KEPT:
                self._known.clear()
            found = self._known[ask] = _Payer(self._payers.of(claim), self._payers.payer_class(claim))
        return found


class _Payer:
    """A payer's class, and its limits to send a claim."""

    def __init__(self, profile: Profile, payer_class: str) -> None:
        self._profile = profile
        self.payer_class = payer_class
        self._limits: dict[tuple[str, str], str | None] = {}

    def timely(self, first_day: str | None, frequency: str) -> str | None:
        """The last day to send a claim for services from a day on (ISO 8601); None where nothing says."""
        if first_day is None:
            return None
        asked = "corrected_days" if frequency in _REPLACING else "timely_days", first_day
        if asked not in self._limits:
            day = date.fromisoformat(first_day)
            habit = self._profile.habit(asked[0], day)
            self._limits[asked] = _later(day, int(habit.value)) if habit else None
        return self._limits[asked]


def _later(day: date, days: int) -> str:
    """So many days after `day`, in ISO 8601; none is after the last that there is."""
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal())).isoformat()


def _alarms(claim: int, findings: Iterable[Finding]) -> tuple[AlarmRow, ...]:
    told = (one for one in findings if one.outcome is not Outcome.PASS)
    return tuple([_alarm(claim, number, one) for number, one in enumerate(told)])


def _alarm(claim: int, number: int, finding: Finding) -> AlarmRow:
    return AlarmRow(
        claim,
        number,
        finding.rule,
        finding.severity.value,
        finding.outcome.value,
        BETWEEN.join([kept.line_number(line) for line in finding.lines if line]),
        kept.place(finding.place),
        kept.cents(str(finding.dollars)) or 0,
        kept.evidence(finding.evidence),
        finding.disposition,
    )
