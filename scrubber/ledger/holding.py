"""What a run does to holds: opens them, notes those that were decided, closes those that are settled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, or_, select, update

from scrubber.ledger.inserting import driver_form, insert_rows
from scrubber.ledger.records import HoldState
from scrubber.ledger.rows import Ready, day_of
from scrubber.ledger.schema import claims, events, holds

# The holds that some claims of a run may meet: those of CLM01, provider and patient of one of these that are
# open for the same day, or are of the very same bytes. Many an office numbers its patients or its claims
# from 1: CLM01 alone would bring the holds of years.
_KNOWN: Final = (
    select(holds)
    .distinct()
    .select_from(claims)
    .join(holds, (holds.c.claim == claims.c.claim) & (holds.c.billing_npi == claims.c.billing_npi))
    .where(
        claims.c.run == bindparam("run"),
        claims.c.number.between(bindparam("first"), bindparam("last")),
        or_(holds.c.person == claims.c.person, holds.c.member == claims.c.member),
        or_(
            (holds.c.state == HoldState.NEW.value)
            & holds.c.first_day.is_not_distinct_from(claims.c.first_day),
            holds.c.sha256 == claims.c.sha256,
        ),
    )
    .order_by(holds.c.id)
)
_HELD_BY: Final = (
    update(claims)
    .where(claims.c.run == bindparam("in_run"), claims.c.number == bindparam("nth"))
    .values(hold=bindparam("by"))
)
_LAST: Final = select(func.coalesce(func.max(holds.c.id), 0))
_BEHIND: Final = select(holds.c.id).where(holds.c.id > bindparam("last")).order_by(holds.c.id)
_EVENT: Final = ("hold", "at", "state", "by_user", "reason", "run")
_CHANGE: Final = (
    update(holds)
    .where(holds.c.id == bindparam("hold"))
    .values(state=bindparam("to"), run=bindparam("by"), number=bindparam("nth"))
)


@dataclass(slots=True)
class _Hold:
    """A hold as a run finds it or makes it; `id` is 0 until it is written."""

    id: int
    identity: str
    state: HoldState
    first_held: datetime
    run: int
    number: int
    claim: str
    sha256: str
    billing_npi: str
    person: str
    member: str
    first_day: date | None


_HOLD: Final = tuple(one.name for one in fields(_Hold))[1:]


class Holding:
    """The holds that the claims of one run meet."""

    def __init__(self, connection: Connection, run: int, at: datetime) -> None:
        self._connection = connection
        self._run = run
        self._at = at
        self._touched: dict[int, _Hold] = {}
        self._moment = driver_form(connection, holds.c.first_held)
        self._day = driver_form(connection, holds.c.first_day)

    def take(self, block: Sequence[Ready]) -> None:
        """Settle the holds of some claims that were just written, and name its hold in each claim."""
        known = self._known(block)
        self._touched = {}
        met = [
            (claim.row.number, hold)
            for claim in block
            if (claim.row.claim in known or not claim.sent)
            and (hold := self._meet(claim, known[claim.row.claim]))
        ]
        self._write()
        if met:
            held_by = [{"in_run": self._run, "nth": number, "by": hold.id} for number, hold in met]
            self._connection.execute(_HELD_BY, held_by)

    def _known(self, block: Sequence[Ready]) -> defaultdict[str, list[_Hold]]:
        known: defaultdict[str, list[_Hold]] = defaultdict(list)
        here = {"run": self._run, "first": block[0].row.number, "last": block[-1].row.number}
        for row in self._connection.execute(_KNOWN, here):
            hold = _Hold(*row)
            hold.state = HoldState(row.state)
            known[hold.claim].append(hold)
        return known

    def _meet(self, claim: Ready, same_id: list[_Hold]) -> _Hold | None:
        """What a claim makes of the holds of its CLM01; its own hold, None when it has none."""
        identity = claim.identity
        own = next((hold for hold in same_id if hold.identity == identity), None)
        before = self._settled(claim, own, same_id)
        if before:
            self._change(before, HoldState.CLOSED)
        if claim.sent:
            if own:
                self._change(own, HoldState.RELEASED if own.state is HoldState.RELEASED else HoldState.CLOSED)
            return own
        if own is None:
            first_held = before.first_held if before else self._at
            own = _Hold(
                0, identity, HoldState.NEW, first_held, self._run, claim.row.number, claim.row.claim,
                claim.row.sha256, claim.row.billing_npi, claim.row.person, claim.row.member,
                day_of(claim.row.first_day),
            )  # fmt: skip
            same_id.append(own)
        own.run, own.number = self._run, claim.row.number
        self._change(own, HoldState.RELEASED if own.state is HoldState.RELEASED else HoldState.NEW)
        return own

    def _settled(self, claim: Ready, own: _Hold | None, same_id: list[_Hold]) -> _Hold | None:
        """The open hold of an earlier run of which `claim` can only be another copy.

        Some offices number patients, not claims, so the day must be the same; a correction may change
        the member id or the birth date, hardly both. Where two holds would fit, a person must look.
        """
        fitting = [
            hold
            for hold in same_id
            if hold is not own
            and hold.state is HoldState.NEW
            and hold.run != self._run
            and hold.billing_npi == claim.row.billing_npi
            and hold.first_day == day_of(claim.row.first_day)
            and (hold.person == claim.row.person or hold.member == claim.row.member)
        ]
        return fitting[0] if len(fitting) == 1 else None

    def _change(self, hold: _Hold, state: HoldState) -> None:
        hold.state = state
        self._touched[id(hold)] = hold

    def _write(self) -> None:
        """Write the holds that were touched, and an event for each."""
        touched = self._touched.values()
        new = [hold for hold in touched if not hold.id]
        old = [hold for hold in touched if hold.id]
        if new:
            # Nobody else writes now: what comes behind the last id are these, in their order.
            last = self._connection.execute(_LAST).scalar_one()
            insert_rows(self._connection, holds, _HOLD, [self._values(hold) for hold in new])
            made = self._connection.execute(_BEHIND, {"last": last}).scalars()
            for hold, id_ in zip(new, made, strict=True):
                hold.id = id_
        if old:
            changes = [
                {"hold": hold.id, "to": hold.state.value, "by": hold.run, "nth": hold.number} for hold in old
            ]
            self._connection.execute(_CHANGE, changes)
        if touched:
            at = self._moment(self._at)
            told = [(hold.id, at, hold.state.value, "", "", self._run) for hold in touched]
            insert_rows(self._connection, events, _EVENT, told)

    def _values(self, hold: _Hold) -> tuple[Any, ...]:
        return (
            hold.identity, hold.state.value, self._moment(hold.first_held), hold.run, hold.number, hold.claim,
            hold.sha256, hold.billing_npi, hold.person, hold.member, self._day(hold.first_day),
        )  # fmt: skip
