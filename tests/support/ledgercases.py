"""Runs and claims for tests of the ledger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from scrubber.ledger import (
    Alarm,
    Counts,
    Disposition,
    Run,
    SubmittedClaim,
    SubmittedLine,
    Transaction,
)
from scrubber.ledger.rows import AlarmRow, ClaimRow, Ready
from scrubber.ledger.store import Ledger

AT = datetime(2026, 11, 2, 12, 30, tzinfo=UTC)
NPI = "1000000012"


def sha(text: str) -> str:
    """A SHA-256 of anything, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def transaction(at: datetime = AT, file: str = "sample.837", st02: str = "0001") -> Transaction:
    """The transaction of made claims."""
    return Transaction(file, "000000001", "1", st02, "TEST1", "005010X222A1", at)


def claim(
    index: int = 1,
    id_: str = "CLM1",
    *,
    bytes_: str = "",
    held: bool = False,
    at: datetime = AT,
    day: date = date(2026, 10, 5),
    person: str = "aa" * 16,
    member: str = "bb" * 16,
    alarms: tuple[Alarm, ...] = (),
    st02: str = "0001",
    npi: str = NPI,
) -> SubmittedClaim:
    """A claim of one line; `bytes_` stands for its bytes."""
    line = SubmittedLine("1", "", "96372", ("59",), Decimal(1), 2500, day, day, "11", ("E538",), "")
    return SubmittedClaim(
        transaction(at, st02=st02), index, id_, "1", "", "", sha(bytes_ or id_), 2500, day, day, npi, npi,
        "TESTMB", "medicare", "MB", person, member, Disposition.HELD if held else Disposition.RELEASED,
        (line,), alarms,
    )  # fmt: skip


def run_for(claims: list[SubmittedClaim], input_: str = "input", at: datetime = AT) -> Run:
    """The run that says what `claims` are; `input_` stands for the bytes of the file."""
    sent = [one for one in claims if one.sent]
    held = [one for one in claims if not one.sent]
    file = claims[0].transaction.file if claims else "sample.837"
    return Run(
        sha(input_), file, at, "hold", "parted", counts(claims), counts(sent), counts(held),
        software="0.0", rules="1",
    )  # fmt: skip


def counts(claims: list[SubmittedClaim]) -> Counts:
    """What claims add up to."""
    lines, cents = sum(len(one.lines) for one in claims), sum(one.cents or 0 for one in claims)
    return Counts(len(claims), lines, cents)


def as_recorded(claims: list[SubmittedClaim], run: int) -> list[SubmittedClaim]:
    """What the ledger should give back of claims that none was held before."""
    return [replace(one, run=run, first_held=None if one.sent else one.transaction.at) for one in claims]


def ready(claim: SubmittedClaim) -> Ready:
    """A claim made ready to be written, value by value."""
    row = ClaimRow(
        claim.index, claim.id, claim.frequency, claim.trace, claim.payer_control, claim.sha256, claim.cents,
        _text_of(claim.first_day), _text_of(claim.last_day), claim.billing_npi, claim.rendering_npi,
        claim.payer_id, claim.payer_class, claim.filing, claim.person, claim.member,
        claim.disposition.value, _text_of(claim.timely), lines_text(claim.lines),
    )  # fmt: skip
    alarms = [_alarm(claim.index, number, one) for number, one in enumerate(claim.alarms)]
    return Ready(claim.transaction, len(claim.lines), row, tuple(alarms))


def lines_text(lines: tuple[SubmittedLine, ...]) -> str:
    """Lines as the ledger holds them: a JSON list of lists, the values in the order of `SubmittedLine`."""
    values = [
        [
            one.number, one.control, one.code, ":".join(one.modifiers),
            None if one.units is None else str(one.units), one.cents,
            _text_of(one.first_day), _text_of(one.last_day), one.place, ":".join(one.diagnoses), one.ndc,
        ]
        for one in lines
    ]  # fmt: skip
    return json.dumps(values, separators=(",", ":"))


def _alarm(claim: int, number: int, one: Alarm) -> AlarmRow:
    return AlarmRow(
        claim, number, one.rule, one.severity, one.outcome, ":".join(one.lines), one.place, one.cents,
        json.dumps(one.evidence), one.disposition,
    )  # fmt: skip


def record(ledger: Ledger, run: Run, claims: Iterable[SubmittedClaim]) -> int:
    """Record claims that were made for a test."""
    return ledger.record(run, map(ready, claims))


def later(days_: int) -> datetime:
    """So many days after AT."""
    return AT + timedelta(days=days_)


def _text_of(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
