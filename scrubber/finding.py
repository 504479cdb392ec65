"""What is said of a claim: severities, outcomes, fixes, findings (schema ``scrubber.finding/1``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from scrubber.tables import Citation

SCHEMA: Final = "scrubber.finding/1"


class Severity(StrEnum):
    """How bad: the payer or a front end will refuse it, denial is likely, or worth a look."""

    REJECT = "reject"
    DENY = "deny"
    ADVISE = "advise"

    @property
    def rank(self) -> int:
        """0 for advise, 1 for deny, 2 for reject."""
        return _RANKS[self.value]


_RANKS: Final = {"advise": 0, "deny": 1, "reject": 2}


class Outcome(StrEnum):
    """What came of a rule: a fault, one answered by a modifier or waived, no judgement, no fault."""

    FAIL = "fail"
    BYPASSED = "bypassed"
    WAIVED = "waived"
    NO_DATA = "no_data"
    PASS = "pass"  # noqa: S105 - an outcome, not a secret


class Safety(StrEnum):
    """How safe a fix is: only the form changes, or what is billed changes and a person must approve."""

    FORMAT = "format"
    SUGGESTED = "suggested"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the bytes [start, end) of the source, which read `before`, by `after`."""

    start: int
    end: int
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that belong together, all or nothing; `title` says in a few words what they do."""

    safety: Safety
    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """What the rejection will say: 277CA status (``A7:454``), CARC and RARC codes."""

    status: tuple[str, ...] = ()
    carc: tuple[str, ...] = ()
    rarc: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a claim, complete; the names and forms are those of the contract.

    `segment` is the ordinal of the segment in its transaction (ST is 1),
    `dollars` the charge at stake, `lines` the LX01 of every line concerned.
    """

    rule: str
    name: str
    severity: Severity
    outcome: Outcome
    message: str
    file: str
    isa13: str
    gs06: str
    st02: str
    claim: str | None
    claim_index: int | None
    line: str | None
    lines: tuple[str, ...]
    place: str
    segment: int | None
    byte_start: int
    byte_end: int
    service_date: date | None
    payer_class: str
    evidence: dict[str, Any] = field(default_factory=dict)
    citations: tuple[Citation, ...] = ()
    tables: tuple[tuple[str, str], ...] = ()
    expected: Expected = Expected()
    dollars: Decimal = Decimal(0)
    fix: Fix | None = None
    disposition: str = "pass"

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain JSON data, keys in the order of the contract."""
        return self.own() | self.shared() | self.told()

    def own(self) -> dict[str, Any]:
        """The first keys of `as_dict`: what belongs to this finding alone."""
        return {
            "schema": SCHEMA,
            "rule": self.rule,
            "name": self.name,
            "severity": self.severity.value,
            "outcome": self.outcome.value,
            "message": self.message,
            "file": self.file,
            "isa13": self.isa13,
            "gs06": self.gs06,
            "st02": self.st02,
            "claim": self.claim,
            "claim_index": self.claim_index,
            "line": self.line,
            "lines": list(self.lines),
            "place": self.place,
            "segment": self.segment,
            "byte_start": self.byte_start,
            "byte_end": self.byte_end,
            "service_date": self.service_date.isoformat() if self.service_date else None,
            "payer_class": self.payer_class,
            "evidence": self.evidence,
        }

    def shared(self) -> dict[str, Any]:
        """The keys after those: what many findings have in common."""
        return {
            "citations": [_citation(citation) for citation in self.citations],
            "tables": [{"name": name, "vintage": vintage} for name, vintage in self.tables],
            "expected": {
                "277ca": list(self.expected.status),
                "carc": list(self.expected.carc),
                "rarc": list(self.expected.rarc),
            },
        }

    def told(self) -> dict[str, Any]:
        """The last keys: what is at stake, the fix, what becomes of it."""
        return {
            "dollars": f"{self.dollars:.2f}",
            "fix": _fix(self.fix) if self.fix else None,
            "disposition": self.disposition,
        }


def _citation(citation: Citation) -> dict[str, str | None]:
    return {
        "title": citation.title,
        "section": citation.section,
        "url": citation.url,
        "checked_on": citation.checked_on.isoformat() if citation.checked_on else None,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "safety": fix.safety.value,
        "title": fix.title,
        "edits": [
            {
                "byte_start": edit.start,
                "byte_end": edit.end,
                "before": edit.before.decode("latin-1"),
                "after": edit.after.decode("latin-1"),
            }
            for edit in fix.edits
        ],
    }


def disposition(severity: Severity, outcome: Outcome, fix: Fix | None) -> str:
    """What becomes of the claim when nothing is rewritten: ``hold`` for a fault only a coder can mend."""
    mendable = fix is not None and fix.safety is Safety.FORMAT
    failed = outcome is Outcome.FAIL and severity is not Severity.ADVISE
    return "hold" if failed and not mendable else "pass"
