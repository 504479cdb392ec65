"""The tables of the ledger, for queries. `scrubber.ledger.migrations` makes them; a test holds both together.

Keys are natural: a claim is (run, its ordinal in the file), an alarm is its claim's nth. So a run
is written without asking the database for ids, and read back in its order. Amounts are whole cents,
hashes hex text; lists of codes are texts with colons between, which no code holds.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; SQLite has no zones, so there it is kept without."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """As the database takes it. Raises ValueError for a time without zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time in the ledger must have a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """With its zone, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata: Final = MetaData()


def _text(name: str, **more: Any) -> Column[str]:
    return Column(name, Text, nullable=False, **more)


def _number(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _key(name: str) -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


# One row: the version of these tables, and the key of the hashes that stand for persons.
ledger: Final = Table(
    "ledger", metadata, Column("version", Integer, nullable=False), Column("key", LargeBinary, nullable=False)
)

runs: Final = Table(
    "ledger_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("sha256", unique=True),
    _text("name"),
    Column("at", Moment, nullable=False),
    _text("policy"),
    _text("outcome"),
    *(
        _number(f"{part}_{what}")
        for part in ("received", "released", "held")
        for what in ("claims", "lines", "cents")
    ),
    _text("selected"),  # JSON list of prefixes
    _text("ignored"),
    _text("profile"),
    _text("tables"),  # JSON list of [name, vintage]
    _text("rules"),
    _text("software"),
    Index("ledger_runs_at", "at"),
)

artefacts: Final = Table(
    "ledger_artefacts",
    metadata,
    Column("run", Integer, ForeignKey("ledger_runs.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    _text("sha256"),
)

transactions: Final = Table(
    "ledger_transactions",
    metadata,
    Column("run", Integer, ForeignKey("ledger_runs.id"), primary_key=True),
    _key("number"),
    *(_text(name) for name in ("isa13", "gs06", "st02", "bht03", "version")),
    *(_number(f"{part}_{what}") for part in ("received", "held") for what in ("claims", "lines", "cents")),
    Column("made_on", Date),
)

holds: Final = Table(
    "ledger_holds",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("identity", unique=True),
    _text("state"),
    Column("first_held", Moment, nullable=False),
    Column("run", Integer, ForeignKey("ledger_runs.id"), nullable=False),
    Column("number", Integer, nullable=False),  # the claim in the run that held it last
    _text("claim"),  # CLM01; it and what follows as in ledger_claims: another copy is known by them
    *(_text(name, server_default="") for name in ("sha256", "billing_npi", "person", "member")),
    Column("first_day", Date),
    Index("ledger_holds_claim", "claim", "billing_npi", "person", "member"),
    Index("ledger_holds_state", "state", "first_held"),
)

events: Final = Table(
    "ledger_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hold", Integer, ForeignKey("ledger_holds.id"), nullable=False),
    Column("at", Moment, nullable=False),
    _text("state"),
    _text("by_user"),
    _text("reason"),
    Column("run", Integer, ForeignKey("ledger_runs.id")),
    Index("ledger_events_hold", "hold"),
)

claims: Final = Table(
    "ledger_claims",
    metadata,
    _key("run"),
    _key("number"),
    Column("st", Integer, nullable=False),  # number of its transaction
    _text("claim"),
    *(_text(name) for name in ("frequency", "trace", "payer_control", "sha256")),
    Column("cents", BigInteger),
    Column("first_day", Date),
    Column("last_day", Date),
    *(_text(name) for name in ("billing_npi", "rendering_npi", "payer_id", "payer_class", "filing")),
    *(_text(name) for name in ("person", "member", "disposition")),
    Column("timely", Date),
    Column("hold", Integer, ForeignKey("ledger_holds.id")),
    _text("lines"),  # JSON list of lines, each a list; a row for each would take most of the time
    ForeignKeyConstraint(["run", "st"], ["ledger_transactions.run", "ledger_transactions.number"]),
    Index("ledger_claims_claim", "claim"),
)

alarms: Final = Table(
    "ledger_alarms",
    metadata,
    _key("run"),
    _key("claim"),
    _key("number"),
    *(_text(name) for name in ("rule", "severity", "outcome", "lines", "place")),
    _number("cents"),
    _text("evidence"),  # JSON object
    _text("disposition"),
    ForeignKeyConstraint(["run", "claim"], ["ledger_claims.run", "ledger_claims.number"]),
)
