"""Reading runs, claims and holds back, streamed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, Table, bindparam, select

from scrubber.finding import Outcome
from scrubber.ledger import rows
from scrubber.ledger.records import Artefact, Hold, HoldState, Run
from scrubber.ledger.schema import alarms, artefacts, claims, events, holds, runs, transactions
from scrubber.ledger.submitted import Disposition, SubmittedClaim, Transaction

_T = TypeVar("_T")
_Conditions = list[ColumnElement[bool]]
_BLOCK: Final = 500
_HOLD: Final = "hold"
_IS_KNOWN: Final = select(runs.c.id).where(runs.c.sha256 == bindparam("sha256"))


def run_of_input(connection: Connection, sha256: str) -> Run | None:
    """The run that took in the input with that SHA-256."""
    # Asked for each input: the statement stands ready, and mostly nothing more is asked.
    if connection.execute(_IS_KNOWN, {"sha256": sha256}).first() is None:
        return None
    return next(_runs(connection, [runs.c.sha256 == sha256]), None)


def read_runs(connection: Connection, since: datetime | None, until: datetime | None) -> Iterator[Run]:
    """The runs of a time, by id."""
    return _runs(connection, _during(since, until))


def _runs(connection: Connection, conditions: _Conditions) -> Iterator[Run]:
    found = _stream(connection, select(runs).where(*conditions).order_by(runs.c.id))
    for block in _blocks(found):
        files = _by(connection, artefacts, artefacts.c.run, [row.id for row in block], artefacts.c.name)
        for row in block:
            published = tuple(Artefact(file.name, file.sha256) for file in files.get(row.id, ()))
            yield rows.run_of(row, published)


def read_claims(
    connection: Connection,
    *,
    run: int | None,
    since: datetime | None,
    until: datetime | None,
    dispositions: Collection[Disposition],
    claim: str,
) -> Iterator[SubmittedClaim]:
    """Claims by run and ordinal, with their alarms: two streams in one order, side by side."""
    conditions = _during(since, until)
    if run is not None:
        conditions.append(claims.c.run == run)
    if dispositions:
        conditions.append(claims.c.disposition.in_([one.value for one in dispositions]))
    if claim:
        conditions.append(claims.c.claim == claim)
    its_alarms = _Part(connection, alarms, conditions, rows.alarm_of)
    transaction: Transaction | None = None
    open_ = (0, 0)
    for row in _stream(connection, _claims().where(*conditions).order_by(claims.c.run, claims.c.number)):
        if transaction is None or open_ != (row.run, row.st):
            transaction, open_ = rows.transaction_of(row), (row.run, row.st)
        key = (row.run, row.number)
        yield rows.claim_of(row, transaction, its_alarms.of(key), first_held=row.first_held, run=row.run)


def _claims() -> Select[Any]:
    return (
        select(
            claims,
            runs.c.name,
            runs.c.at,
            *(transactions.c[name] for name in ("isa13", "gs06", "st02", "bht03", "version", "made_on")),
            holds.c.first_held,
        )
        .join(runs, runs.c.id == claims.c.run)
        .join(
            transactions,
            (transactions.c.run == claims.c.run) & (transactions.c.number == claims.c.st),
        )
        .outerjoin(holds, holds.c.id == claims.c.hold)
    )


class _Part(Generic[_T]):
    """The alarms of claims that are read in order."""

    def __init__(
        self, connection: Connection, table: Table, conditions: _Conditions, make: Callable[[Row[Any]], _T]
    ) -> None:
        of_claim = (table.c.run == claims.c.run) & (table.c.claim == claims.c.number)
        found = select(table).join(claims, of_claim).join(runs, runs.c.id == claims.c.run).where(*conditions)
        order = (table.c.run, table.c.claim, table.c.number)
        self._rows = _stream(connection, found.order_by(*order))
        self._ahead = next(self._rows, None)
        self._make = make

    def of(self, key: tuple[int, int]) -> tuple[_T, ...]:
        """Those of the claim (run, number), which comes after the claim asked for before."""
        found = []
        while self._ahead is not None and (self._ahead.run, self._ahead.claim) == key:
            found.append(self._make(self._ahead))
            self._ahead = next(self._rows, None)
        return tuple(found)


def read_holds(connection: Connection, states: Collection[HoldState], ids: Collection[int]) -> Iterator[Hold]:
    """Holds with their history, the oldest first."""
    found = (
        select(
            holds,
            *(claims.c[name] for name in ("cents", "payer_id", "payer_class", "timely")),
            runs.c.name,
        )
        .join(claims, (claims.c.run == holds.c.run) & (claims.c.number == holds.c.number))
        .join(runs, runs.c.id == holds.c.run)
        .order_by(holds.c.first_held, holds.c.id)
    )
    if states:
        found = found.where(holds.c.state.in_([one.value for one in states]))
    if ids:
        found = found.where(holds.c.id.in_(ids))
    for block in _blocks(_stream(connection, found)):
        keys = [row.id for row in block]
        history = _by(connection, events, events.c.hold, keys, events.c.id)
        causes = _causes(connection, keys)
        for row in block:
            told = tuple(rows.event_of(event) for event in history.get(row.id, ()))
            yield rows.hold_of(row, causes.get(row.id, ()), told)


def _causes(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The rules for which each claim is held; where none asked for that itself, those that failed."""
    found = (
        select(holds.c.id, alarms.c.rule, alarms.c.outcome, alarms.c.disposition)
        .join(alarms, (alarms.c.run == holds.c.run) & (alarms.c.claim == holds.c.number))
        .where(holds.c.id.in_(ids))
        .order_by(alarms.c.number)
    )
    held: dict[int, dict[str, None]] = {}
    failed: dict[int, dict[str, None]] = {}
    for id_, rule, outcome, disposition in connection.execute(found):
        if disposition == _HOLD:
            held.setdefault(id_, {})[rule] = None
        elif outcome == Outcome.FAIL:
            failed.setdefault(id_, {})[rule] = None
    return {id_: tuple(rules) for id_, rules in (failed | held).items()}


def approved(connection: Connection, identities: Iterable[str] | None) -> frozenset[str]:
    """Which of these, or of all, are holds that somebody released."""
    released = select(holds.c.identity).where(holds.c.state == HoldState.RELEASED.value)
    if identities is None:
        return frozenset(connection.execute(released).scalars())
    found: set[str] = set()
    for block in _blocks(iter(identities)):
        found.update(connection.execute(released.where(holds.c.identity.in_(block))).scalars())
    return frozenset(found)


def _during(since: datetime | None, until: datetime | None) -> _Conditions:
    conditions: _Conditions = []
    if since is not None:
        conditions.append(runs.c.at >= since)
    if until is not None:
        conditions.append(runs.c.at < until)
    return conditions


def _stream(connection: Connection, found: Select[Any]) -> Iterator[Row[Any]]:
    return iter(connection.execute(found.execution_options(yield_per=_BLOCK)))


def _blocks(found: Iterator[_T]) -> Iterator[list[_T]]:
    while block := list(islice(found, _BLOCK)):
        yield block


def _by(
    connection: Connection, table: Table, key: Column[int], keys: Sequence[int], order: Any
) -> dict[int, list[Row[Any]]]:
    """Rows of a table by the value of one of its columns."""
    found: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(select(table).where(key.in_(keys)).order_by(order)):
        found.setdefault(getattr(row, key.name), []).append(row)
    return found
