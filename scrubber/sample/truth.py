"""What is true of a sample and its answers: the outcome of each claim, and the counts that follow.

Nothing here is computed from the answers: it is what the simulated payers meant. Whether a claim
raises an alarm is what was planted in it; a test holds that against what ``scrubber check`` finds.

How claims are counted: a claim that is sent again as it was counts once, by its last final answer.
A corrected claim has a CLM01 of its own and counts for itself, so that what was said of the first is
judged by what became of the first. Dollars are CLM02.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from scrubber.sample.answers.causes import Cause
from scrubber.sample.answers.letters import Outcome, State, Stray, Submission
from scrubber.sample.claims import SampleClaim

SCHEMA: Final = "scrubber.sample.truth/1"
_COUNTED: Final = (
    "submitted",
    "held",
    "answered",
    "open",
    "rejected",
    "denied",
    "in_scope",
    "caught",
    "missed",
    "false_alarms",
    "clean_paid",
)


@dataclass(slots=True)
class Fate:
    """What became of a claim: each time it was sent, and its last final answer."""

    claim: SampleClaim
    sent: list[Submission] = field(default_factory=list)
    outcome: Outcome | None = None

    def learn(self, outcome: Outcome | None) -> None:
        """Take a final answer in; it must not be older than the one before."""
        if outcome:
            assert self.outcome is None or self.outcome.day <= outcome.day
            self.outcome = outcome

    @property
    def state(self) -> State:
        """Rejected, denied, paid, or open."""
        return self.outcome.state if self.outcome else "open"

    @property
    def keys(self) -> list[str]:
        """The counts that this claim adds to."""
        state, alarm = self.state, bool(self.claim.alarms)
        if state == "open":
            return ["submitted", "open"]
        keys = ["submitted", "answered"]
        if state == "paid":
            return [*keys, "false_alarms" if alarm else "clean_paid"]
        in_scope = ["in_scope", "caught" if alarm else "missed"]
        return [*keys, state, *(in_scope if self.outcome and self.outcome.in_scope else [])]

    def as_dict(self) -> dict[str, Any]:
        """As JSON data, a line of truth.jsonl."""
        outcome = self.outcome
        return {
            **self.claim.as_dict(),
            "alarms": list(self.claim.alarms),
            "payer": self.claim.payer.id,
            "provider": self.claim.clinic.npi,
            "service_date": _iso(self.claim.day),
            "charge": dollars(self.claim.cents),
            "mends": self.claim.mends or None,
            "sent": [
                {
                    "file": one.file,
                    "isa13": one.isa13,
                    "gs06": one.gs06,
                    "st02": one.st02,
                    "claim_index": one.index,
                    "on": one.sent.isoformat(),
                }
                for one in self.sent
            ],
            "state": self.state,
            "in_scope": bool(outcome and outcome.in_scope),
            "answered_by": outcome.by if outcome else None,
            "answered_on": outcome.day.isoformat() if outcome else None,
            "causes": [_cause(cause, self.claim) for cause in outcome.causes] if outcome else [],
        }


@dataclass(frozen=True, slots=True)
class Read:
    """How many answers of claims of one kind (277CA, 835) there are, files that come twice counted once."""

    kind: str
    claims: int


@dataclass(frozen=True, slots=True)
class Truth:
    """The fates of all claims, in the order they were first sent, and the answers that belong to none."""

    fates: Sequence[Fate]
    read: Sequence[Read]
    strays: Sequence[Stray]

    def as_dict(self) -> dict[str, Any]:
        """As JSON data, in the form of the result of ``scrubber qa`` as far as it can be known here."""
        claims, cents = _count(self.fates)
        answers = sum(one.claims for one in self.read)
        stray = sum(one.kind != "999" for one in self.strays)
        return {
            "schema": SCHEMA,
            **claims,
            "match_rate": round((answers - stray) / answers, 6) if answers else None,
            "answers": {one.kind: one.claims for one in self.read},
            "unmatched": [one._asdict() for one in self.strays],
            "dollars": cents,
            "by_rule": self._by_rule(),
            "by_payer": self._by("payer", lambda fate: fate.claim.payer.id),
            "by_provider": self._by("provider", lambda fate: fate.claim.clinic.npi),
            "by_cause": self._by_cause(),
        }

    def _by_rule(self) -> list[dict[str, Any]]:
        rules = sorted({rule for fate in self.fates for rule in fate.claim.alarms})
        found = []
        for rule in rules:
            about = [fate for fate in self.fates if rule in fate.claim.alarms]
            claims, _ = _count(about)
            counts = {key: claims[key] for key in ("caught", "false_alarms")}
            found.append({"rule": rule, "alarms": len(about), **counts})
        return found

    def _by(self, name: str, key: Callable[[Fate], str]) -> list[dict[str, Any]]:
        found = []
        for value in sorted({key(fate) for fate in self.fates}):
            claims, cents = _count([fate for fate in self.fates if key(fate) == value])
            found.append({name: value, **claims, "dollars": cents})
        return found

    def _by_cause(self) -> list[dict[str, Any]]:
        """Claims and their charges by the causes of their final answer, the dearest first."""
        about: dict[tuple[str, Cause], list[Fate]] = {}
        for fate in self.fates:
            outcome = fate.outcome
            for cause in {replace(cause, at=()) for cause in outcome.causes} if outcome else ():
                about.setdefault((outcome.by if outcome else "", cause), []).append(fate)
        found = [
            {
                "kind": kind,
                "code": cause.code,
                "group": cause.group or None,
                "remarks": list(cause.remarks),
                "in_scope": cause.coding,
                "claims": len(fates),
                "dollars": dollars(sum(fate.claim.cents for fate in fates)),
            }
            for (kind, cause), fates in about.items()
        ]
        return sorted(found, key=lambda one: (-float(one["dollars"]), one["code"], one["remarks"]))


def _count(fates: Iterable[Fate]) -> tuple[dict[str, int], dict[str, str]]:
    claims, cents = dict.fromkeys(_COUNTED, 0), dict.fromkeys(_COUNTED, 0)
    for fate in fates:
        for key in fate.keys:
            claims[key] += 1
            cents[key] += fate.claim.cents
    return claims, {key: dollars(sum_) for key, sum_ in cents.items()}


def _cause(cause: Cause, claim: SampleClaim) -> dict[str, Any]:
    line = cause.line(claim)
    return {
        "code": cause.code,
        "group": cause.group or None,
        "remarks": list(cause.remarks),
        "in_scope": cause.coding,
        "line": line.number if line else None,
    }


def dollars(cents: int) -> str:
    """Cents as a decimal string."""
    return f"{cents // 100}.{cents % 100:02}"


def _iso(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"
