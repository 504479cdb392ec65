"""What the ledger keeps beside claims: runs and holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class HoldState(StrEnum):
    """Where a hold stands.

    ``new``: nobody decided yet; ``released``: the same claim goes through when it comes in again;
    ``cancelled``: it will not be sent as it is; ``closed``: it came in again and was sent, or a
    corrected copy of it came in.
    """

    NEW = "new"
    RELEASED = "released"
    CANCELLED = "cancelled"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Counts:
    """Claims, service lines, and the sum of CLM02 in cents."""

    claims: int = 0
    lines: int = 0
    cents: int = 0


@dataclass(frozen=True, slots=True)
class Artefact:
    """A file that was published: its name in the outbox (``released/NAME``) and its SHA-256 in hex."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Run:
    """One input file, processed. `sha256` (hex) is that of the input: no other run has the same.

    `at` is when, aware, UTC. `select` and `ignore` are prefixes of rule codes; `tables` are names and
    vintages; `rules` is the version of the rules, `software` that of this program. `outcome` is the
    runner's word for how it ended. Of `received`, what was not `released` was `held`. `id` is given
    by the ledger.
    """

    sha256: str
    name: str
    at: datetime
    policy: str
    outcome: str
    received: Counts = Counts()
    released: Counts = Counts()
    held: Counts = Counts()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: str = ""
    tables: tuple[tuple[str, str], ...] = ()
    rules: str = ""
    software: str = ""
    artefacts: tuple[Artefact, ...] = ()
    id: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a hold: its state from then on, by which user and why, or in which run."""

    at: datetime
    state: HoldState
    user: str = ""
    reason: str = ""
    run: int | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """A claim that was held. The claim's bytes for this patient, billing provider and payer make it one hold.

    `claim` is CLM01, `rules` are the codes for which it is held, `run` and `file` where it was held last.
    """

    id: int
    identity: str
    state: HoldState
    first_held: datetime
    claim: str
    sha256: str
    cents: int | None
    billing_npi: str
    payer_id: str
    payer_class: str
    first_day: date | None
    timely: date | None
    run: int
    file: str
    rules: tuple[str, ...] = ()
    history: tuple[Event, ...] = ()
