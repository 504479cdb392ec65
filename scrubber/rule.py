"""A rule: a pure function over a claim and its context, with its authority and its examples.

One rule is one file ``scrubber/rules/<family>/<code>_<slug>.py``. Its function
is decorated with `rule`, takes a `Claim` and a `Context`, and yields a `Hit`
for each fault. Its docstring holds the heads ``Why:``, ``Bad:`` and ``Good:``;
the examples under Bad and Good are segments that the tests run.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from loops import Claim, ServiceLine, Spot
from scrubber.finding import Expected, Fix, Outcome, Severity
from scrubber.tables import Citation, Row

if TYPE_CHECKING:
    from scrubber.context import Context

_HEADS: Final = re.compile(r"^(Why|Bad|Good):[ \t]*\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fact:
    """A table row that a verdict rests on, and how well the part of it that counts is sourced.

    `confidence` is ``confirmed``, ``secondary`` or ``general``. A `reject` or
    `deny` that rests on a fact that is not confirmed is lowered to `advise`
    by the engine.
    """

    row: Row
    confidence: str


def fact(row: Row, part: str = "") -> Fact:
    """A Fact of `row`; `part` (``class``, ``admin``) names the columns whose own confidence counts."""
    return Fact(row, row[f"{part}_confidence"] if part else row.confidence)


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule says of one place.

    `at` is the spot at fault, `says` one line: place, fault, cure. `lines` are
    the lines concerned, the one at fault first. `severity` None takes the
    rule's. `dollars` None takes the charge of the first line.
    """

    at: Spot
    says: str
    lines: tuple[ServiceLine, ...] = ()
    severity: Severity | None = None
    outcome: Outcome = Outcome.FAIL
    rests_on: tuple[Fact, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)
    fix: Fix | None = None
    dollars: Decimal | None = None


Check = Callable[[Claim, "Context"], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as registered. `why`, `bad` and `good` are taken from the docstring of its function."""

    code: str
    name: str
    severity: Severity
    citations: tuple[Citation, ...]
    expected: Expected
    check: Check
    summary: str
    why: str
    bad: tuple[str, ...]
    good: tuple[str, ...]

    @property
    def family(self) -> str:
        """The letter after ``INJ-``."""
        return self.code[4]


def cite(title: str, section: str = "", url: str = "", checked_on: date = date(2026, 11, 23)) -> Citation:
    """A citation of a rule: title and section in our own words, address, the day a person opened it."""
    return Citation(title, section, url, checked_on)


def rule(
    code: str,
    name: str,
    severity: Severity,
    cites: Iterable[Citation],
    expected: Expected,
) -> Callable[[Check], Rule]:
    """Make a Rule of the decorated function. Raises ValueError when its docstring lacks a head."""

    def register(check: Check) -> Rule:
        doc = inspect.getdoc(check) or ""
        parts = _HEADS.split(doc)
        heads: dict[str, list[str]] = {"Why": [], "Bad": [], "Good": []}
        for head, text in zip(parts[1::2], parts[2::2], strict=True):
            heads[head].append(inspect.cleandoc(text))
        if not all(heads.values()):
            raise ValueError(f"{code}: the docstring needs Why:, Bad: and Good:")
        return Rule(
            code=code,
            name=name,
            severity=severity,
            citations=tuple(cites),
            expected=expected,
            check=check,
            summary=parts[0].strip(),
            why=" ".join(heads["Why"][0].split()),
            bad=tuple(heads["Bad"]),
            good=tuple(heads["Good"]),
        )

    return register
