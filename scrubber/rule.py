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
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from loops import Claim, ServiceLine, Spot
from scrubber.finding import Expected, Fix, Outcome, Severity
from scrubber.tables import Citation, Row

if TYPE_CHECKING:
    from scrubber.context import Context

_HEADS: Final = re.compile(r"^(Why|Bad|Good):[ \t]*\n?", re.MULTILINE)


class Fact(NamedTuple):
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


class Hit(NamedTuple):
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
    evidence: Mapping[str, Any] = MappingProxyType({})
    fix: Fix | None = None
    dollars: Decimal | None = None


@dataclass(frozen=True, slots=True)
class When:
    """What must stand on a claim before a rule can have anything to say; the engine asks it of no other.

    `claim`: marks (`scrubber.rules.gates`) of which one must stand on the claim; `day`: of which one must
    stand there or on another claim of the patient in the batch. An empty set asks for nothing. It must
    follow from the rule's own first question: with and without it the findings are the same.
    """

    claim: frozenset[str] = frozenset()
    day: frozenset[str] = frozenset()

    def beside(self, *marks: str) -> When:
        """The same, and one of these marks on the claim or beside it."""
        return When(self.claim, frozenset(marks))


Check = Callable[[Claim, "Context"], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as registered. What it says of itself is in `doc`, the docstring of its function.

    `default` False: a reminder, or a matter for a site that wants it. It runs only where its whole
    code is selected. `when` None: the rule may speak of any claim.
    """

    code: str
    name: str
    severity: Severity
    citations: tuple[Citation, ...]
    expected: Expected
    check: Check
    doc: str
    default: bool = True
    when: When | None = None

    @property
    def family(self) -> str:
        """The letter after ``INJ-``."""
        return self.code[4]

    @property
    def summary(self) -> str:
        """What the rule finds, in a sentence."""
        return _heads(self.doc)[""][0]

    @property
    def why(self) -> str:
        """The reason."""
        return " ".join(_heads(self.doc)["Why"][0].split())

    @property
    def bad(self) -> tuple[str, ...]:
        """Examples in which it finds a fault."""
        return _heads(self.doc)["Bad"]

    @property
    def good(self) -> tuple[str, ...]:
        """Examples in which it finds none."""
        return _heads(self.doc)["Good"]


@cache
def _heads(doc: str) -> dict[str, tuple[str, ...]]:
    """The parts of a docstring by their heads; the one before the first head under an empty text."""
    first, *parts = _HEADS.split(inspect.cleandoc(doc))
    heads: dict[str, list[str]] = {"": [first.strip()], "Why": [], "Bad": [], "Good": []}
    for head, text in zip(parts[::2], parts[1::2], strict=True):
        heads[head].append(inspect.cleandoc(text))
    return {head: tuple(texts) for head, texts in heads.items()}


def cite(
    title: str, section: str = "", url: str = "", checked_on: date | None = date(2026, 11, 23)
) -> Citation:
    """A citation of a rule: title and section in our own words, address, the day a person opened it.

    None for the day says that the address leads to the source, and that its page could not be opened;
    what has no address (a guide that is sold, not published) was not opened either.
    """
    return Citation(title, section, url, checked_on if url else None)


def rule(
    code: str,
    name: str,
    severity: Severity,
    cites: Iterable[Citation],
    expected: Expected,
    *,
    default: bool = True,
    when: When | None = None,
) -> Callable[[Check], Rule]:
    """Make a Rule of the decorated function. Raises ValueError when its docstring lacks a head."""

    def register(check: Check) -> Rule:
        doc = check.__doc__ or ""
        # Read when asked for: a run that explains nothing need not pay for it.
        if not all(head in doc for head in ("Why:", "Bad:", "Good:")):
            raise ValueError(f"{code}: the docstring needs Why:, Bad: and Good:")
        return Rule(code, name, severity, tuple(cites), expected, check, doc, default, when)

    return register
