"""Rows of the ledger's tables from what is recorded, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from scrubber.ledger.records import Artefact, Counts, Event, Hold, HoldState, Run
from scrubber.ledger.submitted import (
    Alarm,
    Disposition,
    SubmittedClaim,
    SubmittedLine,
    Transaction,
    identity_of,
)
from scrubber.ledger.taken import BETWEEN

if TYPE_CHECKING:
    from sqlalchemy import Row

Values = dict[str, Any]
_HELD: Final = Disposition.HELD.value


def run_values(run: Run) -> Values:
    """A row of ledger_runs, without its id."""
    return {
        "sha256": run.sha256,
        "name": plain(run.name),
        "at": run.at,
        "policy": run.policy,
        "outcome": run.outcome,
        **counts_values("received", run.received),
        **counts_values("released", run.released),
        **counts_values("held", run.held),
        "selected": json.dumps(run.select),
        "ignored": json.dumps(run.ignore),
        "profile": plain(run.profile),
        "tables": json.dumps(run.tables),
        "rules": run.rules,
        "software": run.software,
    }


def run_of(row: Row[Any], artefacts: tuple[Artefact, ...]) -> Run:
    """A run, of its row."""
    return Run(
        sha256=row.sha256,
        name=row.name,
        at=row.at,
        policy=row.policy,
        outcome=row.outcome,
        received=Counts(row.received_claims, row.received_lines, row.received_cents),
        released=Counts(row.released_claims, row.released_lines, row.released_cents),
        held=Counts(row.held_claims, row.held_lines, row.held_cents),
        select=tuple(json.loads(row.selected)),
        ignore=tuple(json.loads(row.ignored)),
        profile=row.profile,
        tables=tuple((name, vintage) for name, vintage in json.loads(row.tables)),
        rules=row.rules,
        software=row.software,
        artefacts=artefacts,
        id=row.id,
    )


def counts_values(part: str, counts: Counts) -> Values:
    """The three columns of `counts`."""
    return {
        f"{part}_claims": counts.claims,
        f"{part}_lines": counts.lines,
        f"{part}_cents": counts.cents,
    }


def transaction_values(run: int, number: int, transaction: Transaction) -> Values:
    """A row of ledger_transactions, but for its counts."""
    return {
        "run": run,
        "number": number,
        "isa13": transaction.isa13,
        "gs06": transaction.gs06,
        "st02": transaction.st02,
        "bht03": transaction.bht03,
        "version": transaction.version,
        **counts_values("received", Counts()),
        **counts_values("held", Counts()),
        "made_on": transaction.made_on,
    }


class ClaimRow(NamedTuple):
    """A row of ledger_claims, its days in ISO 8601; who writes knows its run, transaction and hold."""

    number: int
    claim: str
    frequency: str
    trace: str
    payer_control: str
    sha256: str
    cents: int | None
    first_day: str | None
    last_day: str | None
    billing_npi: str
    rendering_npi: str
    payer_id: str
    payer_class: str
    filing: str
    person: str
    member: str
    disposition: str
    timely: str | None
    lines: str


class AlarmRow(NamedTuple):
    """A row of ledger_alarms, without its run."""

    claim: int
    number: int
    rule: str
    severity: str
    outcome: str
    lines: str
    place: str
    cents: int
    evidence: str
    disposition: str


class Ready(NamedTuple):
    """A claim made ready to be written, by whichever process has it; `lines` is how many it has."""

    transaction: Transaction
    lines: int
    row: ClaimRow
    alarms: tuple[AlarmRow, ...]

    @property
    def sent(self) -> bool:
        """Whether it went out."""
        return self.row.disposition != _HELD

    @property
    def identity(self) -> str:
        """As `SubmittedClaim.identity`."""
        row = self.row
        return identity_of(row.sha256, row.person, row.billing_npi, row.payer_id)


def claim_ready(ready: Ready) -> SubmittedClaim:
    """The claim that was made ready."""
    return claim_of(ready.row, ready.transaction, tuple(map(alarm_of, ready.alarms)))


def transaction_of(row: Row[Any]) -> Transaction:
    """The transaction of a claim, of the row of the claim joined with its own and the run's."""
    ids = (row.isa13, row.gs06, row.st02, row.bht03, row.version)
    return Transaction(row.name, *ids, row.at, row.made_on)


def claim_of(
    row: Row[Any] | ClaimRow,
    transaction: Transaction,
    alarms: tuple[Alarm, ...],
    *,
    first_held: datetime | None = None,
    run: int = 0,
) -> SubmittedClaim:
    """A claim, of its row as it is made ready or as it is read."""
    return SubmittedClaim(
        transaction=transaction,
        index=row.number,
        id=row.claim,
        frequency=row.frequency,
        trace=row.trace,
        payer_control=row.payer_control,
        sha256=row.sha256,
        cents=row.cents,
        first_day=day_of(row.first_day),
        last_day=day_of(row.last_day),
        billing_npi=row.billing_npi,
        rendering_npi=row.rendering_npi,
        payer_id=row.payer_id,
        payer_class=row.payer_class,
        filing=row.filing,
        person=row.person,
        member=row.member,
        disposition=Disposition(row.disposition),
        lines=lines_of(row.lines),
        alarms=alarms,
        timely=day_of(row.timely),
        first_held=first_held,
        run=run,
    )


def lines_of(text: str) -> tuple[SubmittedLine, ...]:
    """Lines, of their JSON."""
    return tuple([_line(values) for values in json.loads(text)])


def _line(values: Sequence[Any]) -> SubmittedLine:
    number, control, code, modifiers, units, cents, first_day, last_day, place, diagnoses, ndc = values
    return SubmittedLine(
        number,
        control,
        code,
        _split(modifiers),
        None if units is None else Decimal(units),
        cents,
        day_of(first_day),
        day_of(last_day),
        place,
        _split(diagnoses),
        ndc,
    )


def alarm_of(row: Row[Any] | AlarmRow) -> Alarm:
    """An alarm, of its row."""
    evidence: Mapping[str, Any] = json.loads(row.evidence)
    return Alarm(
        rule=row.rule,
        severity=row.severity,
        outcome=row.outcome,
        lines=_split(row.lines),
        place=row.place,
        cents=row.cents,
        evidence=evidence,
        disposition=row.disposition,
    )


def hold_of(row: Row[Any], rules: tuple[str, ...], history: tuple[Event, ...]) -> Hold:
    """A hold, of its row joined with those of the claim and the run that held it last."""
    return Hold(
        id=row.id,
        identity=row.identity,
        state=HoldState(row.state),
        first_held=row.first_held,
        claim=row.claim,
        sha256=row.sha256,
        cents=row.cents,
        billing_npi=row.billing_npi,
        payer_id=row.payer_id,
        payer_class=row.payer_class,
        first_day=row.first_day,
        timely=row.timely,
        run=row.run,
        file=row.name,
        rules=rules,
        history=history,
    )


def event_of(row: Row[Any]) -> Event:
    """An event of a hold, of its row."""
    return Event(row.at, HoldState(row.state), row.by_user, row.reason, row.run)


def plain(text: str) -> str:
    """Text of the outside (a file's name, a reason) as any database takes it: no control characters."""
    shown = text.encode("utf-8", "backslashreplace").decode()
    return "".join(character if character.isprintable() else " " for character in shown)


@lru_cache(maxsize=4096)
def day_of(day: date | str | None) -> date | None:
    """A date out of JSON or a row."""
    return date.fromisoformat(day) if isinstance(day, str) else day


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(BETWEEN)) if text else ()
