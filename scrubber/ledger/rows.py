"""Rows of the ledger's tables from what is recorded, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
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

if TYPE_CHECKING:
    from sqlalchemy import Row

Values = dict[str, Any]
_ENCODE: Final = json.JSONEncoder(separators=(",", ":")).encode
_BETWEEN: Final = ":"  # stands in no code


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
        "made_on": _day(transaction.made_on),
    }


class Ready(NamedTuple):
    """A claim made ready to be written, by whichever process has it.

    `row` is one of ledger_claims, `alarms` are some of ledger_alarms; they lack what only who writes knows:
    the run, and the ordinal of the transaction.
    """

    transaction: Transaction
    sent: bool
    lines: int
    first_day: date | None
    row: Values
    alarms: tuple[Values, ...]

    @property
    def number(self) -> int:
        """The ordinal of the claim in the file."""
        number: int = self.row["number"]
        return number

    @property
    def id(self) -> str:
        """CLM01."""
        return str(self.row["claim"])

    @property
    def identity(self) -> str:
        """As `SubmittedClaim.identity`."""
        return identity_of(*(self.row[key] for key in ("sha256", "person", "billing_npi", "payer_id")))


def ready(claim: SubmittedClaim) -> Ready:
    """Make a claim ready; its hold is not known yet."""
    row = {
        "run": None,
        "number": claim.index,
        "st": None,
        "claim": claim.id,
        "frequency": claim.frequency,
        "trace": claim.trace,
        "payer_control": claim.payer_control,
        "sha256": claim.sha256,
        "cents": claim.cents,
        "first_day": _day(claim.first_day),
        "last_day": _day(claim.last_day),
        "billing_npi": claim.billing_npi,
        "rendering_npi": claim.rendering_npi,
        "payer_id": claim.payer_id,
        "payer_class": claim.payer_class,
        "filing": claim.filing,
        "person": claim.person,
        "member": claim.member,
        "disposition": claim.disposition.value,
        "timely": _day(claim.timely),
        "hold": None,
        "lines": lines_text(claim.lines),
    }
    alarms = tuple([_alarm_values(claim.index, number, one) for number, one in enumerate(claim.alarms)])
    return Ready(claim.transaction, claim.sent, len(claim.lines), claim.first_day, row, alarms)


def lines_text(lines: tuple[SubmittedLine, ...]) -> str:
    """Lines as JSON: a list for each, its values in the order of `SubmittedLine`."""
    return _ENCODE(
        [
            [
                one.number,
                one.control,
                one.code,
                _BETWEEN.join(one.modifiers),
                None if one.units is None else str(one.units),
                one.cents,
                _day(one.first_day),
                _day(one.last_day),
                one.place,
                _BETWEEN.join(one.diagnoses),
                one.ndc,
            ]
            for one in lines
        ]
    )


def _alarm_values(claim: int, number: int, alarm: Alarm) -> Values:
    return {
        "run": None,
        "claim": claim,
        "number": number,
        "rule": alarm.rule,
        "severity": alarm.severity,
        "outcome": alarm.outcome,
        "lines": _BETWEEN.join(alarm.lines),
        "place": alarm.place,
        "cents": alarm.cents,
        "evidence": json.dumps(alarm.evidence) if alarm.evidence else "{}",
        "disposition": alarm.disposition,
    }


def transaction_of(row: Row[Any]) -> Transaction:
    """The transaction of a claim, of the row of the claim joined with its own and the run's."""
    ids = (row.isa13, row.gs06, row.st02, row.bht03, row.version)
    return Transaction(row.name, *ids, row.at, row.made_on)


def claim_of(
    row: Row[Any],
    transaction: Transaction,
    alarms: tuple[Alarm, ...],
) -> SubmittedClaim:
    """A claim, of its row joined with that of its hold."""
    return SubmittedClaim(
        transaction=transaction,
        index=row.number,
        id=row.claim,
        frequency=row.frequency,
        trace=row.trace,
        payer_control=row.payer_control,
        sha256=row.sha256,
        cents=row.cents,
        first_day=row.first_day,
        last_day=row.last_day,
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
        timely=row.timely,
        first_held=row.first_held,
        run=row.run,
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
        _date(first_day),
        _date(last_day),
        place,
        _split(diagnoses),
        ndc,
    )


def alarm_of(row: Row[Any]) -> Alarm:
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
def _day(day: date | None) -> str | None:
    """A date as both databases take it."""
    return None if day is None else day.isoformat()


@lru_cache(maxsize=4096)
def _date(day: str | None) -> date | None:
    """A date out of JSON."""
    return None if day is None else date.fromisoformat(day)


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(_BETWEEN)) if text else ()
