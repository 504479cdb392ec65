"""Runs, claims and holds of the ledger as JSON data, CSV rows, or lines of text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from scrubber.report.csv import row as csv_row
from scrubber.report.paint import Line, clean, painter, wrap

if TYPE_CHECKING:
    from scrubber.ledger import Alarm, Counts, Event, Hold, Run, SubmittedClaim, SubmittedLine
    from scrubber.report.form import Look

_T_contra = TypeVar("_T_contra", contravariant=True)
_OLD: Final = timedelta(days=2)  # a claim that nobody looked at for longer is forgotten, as a rule
_CLOSE: Final = timedelta(days=14)


class Listing(Protocol[_T_contra]):
    """How one kind of thing is listed: `kind` names it, `columns` are the keys of its data."""

    kind: str
    columns: tuple[str, ...]

    def data(self, one: _T_contra) -> dict[str, Any]:
        """It as plain JSON data."""

    def lines(self, one: _T_contra, width: int) -> Iterator[Line]:
        """It as lines of text."""

    def foot(self) -> str:
        """What is said, of all for which `lines` was asked, at the end."""


def listed(
    listing: Listing[_T_contra], form: str, found: Iterable[_T_contra], ledger: str, look: Look
) -> Iterator[str]:
    """The list in `form` (text, json, csv), piece by piece."""
    if form == "json":
        yield f'{{"schema": "scrubber.ledger.{listing.kind}/1", "ledger": {json.dumps(ledger)},'
        yield f' "{listing.kind}": ['
        for number, one in enumerate(found):
            yield (",\n" if number else "\n") + json.dumps(listing.data(one))
        yield "\n]}\n"
    elif form == "csv":
        yield csv_row(listing.columns)
        for one in found:
            yield csv_row(_cell(value) for value in listing.data(one).values())
    else:
        paint = painter(look)
        for one in found:
            yield paint(listing.lines(one, look.width))
        yield paint([[("quiet", listing.foot())]])


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return " ".join(str(one) if isinstance(one, (str, int)) else json.dumps(one) for one in value)
    return json.dumps(value) if isinstance(value, dict) else value


class Runs:
    """The runs, one a line."""

    kind = "runs"
    columns: tuple[str, ...] = (
        "run", "at", "file", "sha256", "outcome", "policy", "received_claims", "received_lines",
        "received_charge", "released_claims", "released_lines", "released_charge", "held_claims",
        "held_lines", "held_charge", "select", "ignore", "profile", "rules", "tables", "software",
        "artefacts",
    )  # fmt: skip

    def __init__(self) -> None:
        self._runs = self._claims = self._held = 0

    def data(self, run: Run) -> dict[str, Any]:
        """A run."""
        values = (
            run.id, _moment(run.at), run.name, run.sha256, run.outcome, run.policy,
            *(part for one in (run.received, run.released, run.held) for part in _counts(one)),
            [*run.select], [*run.ignore], run.profile, run.rules, dict(run.tables), run.software,
            {file.name: file.sha256 for file in run.artefacts},
        )  # fmt: skip
        return dict(zip(self.columns, values, strict=True))

    def lines(self, run: Run, width: int) -> Iterator[Line]:  # noqa: ARG002 - one line
        """A run with its outcome and counts."""
        self._runs += 1
        self._claims += run.received.claims
        self._held += run.held.claims
        yield [
            ("rule", f"{run.id:>6}"),
            ("", f"  {run.at.astimezone(UTC):%Y-%m-%d %H:%MZ}  {clean(run.outcome):9}"),
            ("", f"  {_many(run.received.claims, 'claim'):>14} {dollars(run.received.cents):>15}"),
            ("deny" if run.held.claims else "quiet", f"  held {run.held.claims:,}"),
            ("", f" {dollars(run.held.cents)}" if run.held.claims else ""),
            ("file", f"  {clean(run.name)}"),
        ]

    def foot(self) -> str:
        """How many."""
        return f"{_many(self._runs, 'run')}, {_many(self._claims, 'claim')}, {self._held:,} held"


class Claims:
    """The claims, with the rules that found something."""

    kind = "claims"
    columns: tuple[str, ...] = (
        "run", "at", "file", "isa13", "gs06", "st02", "bht03", "index", "claim", "frequency", "trace",
        "payer_control", "sha256", "charge", "first_day", "last_day", "billing_npi", "rendering_npi",
        "payer_id", "payer_class", "filing", "disposition", "first_held", "timely", "lines", "findings",
    )  # fmt: skip

    def __init__(self) -> None:
        self._claims = self._cents = 0

    def data(self, claim: SubmittedClaim) -> dict[str, Any]:
        """A claim, with its lines and findings."""
        stands = claim.transaction
        values = (
            claim.run, _moment(stands.at), stands.file, stands.isa13, stands.gs06, stands.st02, stands.bht03,
            claim.index, claim.id, claim.frequency, claim.trace, claim.payer_control, claim.sha256,
            _amount(claim.cents), _day(claim.first_day), _day(claim.last_day), claim.billing_npi,
            claim.rendering_npi, claim.payer_id, claim.payer_class, claim.filing, claim.disposition.value,
            _moment(claim.first_held), _day(claim.timely), [_line(line) for line in claim.lines],
            [_finding(alarm) for alarm in claim.alarms],
        )  # fmt: skip
        return dict(zip(self.columns, values, strict=True))

    def lines(self, claim: SubmittedClaim, width: int) -> Iterator[Line]:
        """A claim, its codes, its findings."""
        self._claims += 1
        self._cents += claim.cents or 0
        codes = " ".join(":".join((line.code, *line.modifiers)) for line in claim.lines)
        style = "" if claim.sent else "deny"
        yield [
            ("rule", f"{claim.run:>6}.{claim.index:<6}"),
            (style, f"  {claim.disposition.value:9}"),
            ("", f"  {_day(claim.first_day) or 'no date':10}  {dollars(claim.cents):>12}  "),
            ("claim", clean(claim.id)),
        ]
        found = _listed(dict.fromkeys(alarm.rule for alarm in claim.alarms if alarm.outcome == "fail"))
        told = f"{claim.payer_class}  NPI {claim.billing_npi}  {clean(codes)}" + (found and f"  {found}")
        yield from _quiet(told, width)

    def foot(self) -> str:
        """How many."""
        return f"{_many(self._claims, 'claim')}, {dollars(self._cents)} dollars"


class Holds:
    """The holds with their age at the time `now`."""

    kind = "holds"
    columns: tuple[str, ...] = (
        "hold", "state", "first_held", "age_hours", "claim", "charge", "first_day", "timely", "days_left",
        "billing_npi", "payer_id", "payer_class", "rules", "run", "file", "sha256", "identity", "history",
    )  # fmt: skip

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._holds = self._cents = 0
        self._oldest = timedelta(0)

    def data(self, hold: Hold) -> dict[str, Any]:
        """A hold, with its history."""
        values = (
            hold.id, hold.state.value, _moment(hold.first_held), int(self._age(hold).total_seconds() // 3600),
            hold.claim, _amount(hold.cents), _day(hold.first_day), _day(hold.timely), self._left(hold),
            hold.billing_npi, hold.payer_id, hold.payer_class, [*hold.rules], hold.run, hold.file,
            hold.sha256, hold.identity, [_event(event) for event in hold.history],
        )  # fmt: skip
        return dict(zip(self.columns, values, strict=True))

    def lines(self, hold: Hold, width: int) -> Iterator[Line]:
        """A hold, its age, why it is held, what was decided."""
        age, left = self._age(hold), self._left(hold)
        self._holds += 1
        self._cents += hold.cents or 0
        self._oldest = max(self._oldest, age)
        limit = "" if left is None else f"  send by {hold.timely} ({left} days)"
        yield [
            ("rule", f"{hold.id:>6}"),
            ("", f"  {hold.state.value:9}"),
            ("deny" if age >= _OLD and hold.state.value == "new" else "", f"  {_age(age):>8}"),
            ("", f"  {_day(hold.first_day) or 'no date':10}  {dollars(hold.cents):>12}  "),
            ("claim", clean(hold.claim)),
            ("reject" if left is not None and left <= _CLOSE.days else "", limit),
        ]
        why = _listed(hold.rules) or "no finding of its own"
        yield from _quiet(
            f"{why}  {hold.payer_class}  NPI {hold.billing_npi}  run {hold.run}  {clean(hold.file)}", width
        )
        decided = next((event for event in reversed(hold.history) if event.user), None)
        if decided:
            by = f"{decided.state.value} by {decided.user} on {_moment(decided.at)}: {decided.reason}"
            yield from _quiet(clean(by), width)

    def foot(self) -> str:
        """How many, and how old the oldest is."""
        told = f"{_many(self._holds, 'hold')}, {dollars(self._cents)} dollars"
        return f"{told}, the oldest {_age(self._oldest)}" if self._holds else told

    def _age(self, hold: Hold) -> timedelta:
        return max(self._now - hold.first_held, timedelta(0))

    def _left(self, hold: Hold) -> int | None:
        return None if hold.timely is None else (hold.timely - self._now.astimezone(UTC).date()).days


def dollars(cents: int | None) -> str:
    """An amount as text with thousands separated; a question mark for one that could not be read."""
    if cents is None:
        return "?"
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole:,}.{part:02}"


def _amount(cents: int | None) -> str | None:
    return None if cents is None else dollars(cents).replace(",", "")


def _counts(counts: Counts) -> tuple[Any, ...]:
    return counts.claims, counts.lines, _amount(counts.cents)


def _line(line: SubmittedLine) -> dict[str, Any]:
    return {
        "line": line.number,
        "control": line.control,
        "code": line.code,
        "modifiers": [*line.modifiers],
        "units": None if line.units is None else str(line.units),
        "charge": _amount(line.cents),
        "first_day": _day(line.first_day),
        "last_day": _day(line.last_day),
        "place": line.place,
        "diagnoses": [*line.diagnoses],
        "ndc": line.ndc,
    }


def _finding(alarm: Alarm) -> dict[str, Any]:
    return {
        "rule": alarm.rule,
        "severity": alarm.severity,
        "outcome": alarm.outcome,
        "lines": [*alarm.lines],
        "place": alarm.place,
        "charge": _amount(alarm.cents),
        "evidence": alarm.evidence,
        "disposition": alarm.disposition,
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "at": _moment(event.at),
        "state": event.state.value,
        "user": event.user,
        "reason": event.reason,
        "run": event.run,
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds")


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _age(age: timedelta) -> str:
    hours = age.seconds // 3600
    return f"{age.days} d {hours} h" if age.days else f"{hours} h"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(codes)


def _quiet(text: str, width: int) -> Iterator[Line]:
    return ([("quiet", "        " + part)] for part in wrap(text, width - 8))
