"""Which rules a claim is shown to: those for which it holds a mark that they wait for (`When`).

A mark is a procedure code, a modifier, a word for a kind of code (`DRUG`, the families of
`scrubber.rules.pairs`), or a cell of a dated table (`rows`). Marks know no dates: a rule may be
asked in vain, but it is never left out where it could speak.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from loops import Claim
from scrubber.context import INJECTION
from scrubber.rule import Rule, When
from scrubber.rules.common import is_drug
from scrubber.rules.pairs import family
from scrubber.tables import Tables

DRUG: Final = "drug"  # a code of a drug, by its form (`is_drug`)
NDC: Final = "ndc"  # a line with loop 2410
MODIFIER: Final = "modifier"  # a line with any modifier

INJECTED: Final = When(claim=frozenset({INJECTION}))


def on_claim(*marks: str) -> When:
    """The rule speaks of claims that hold one of these marks."""
    return When(claim=frozenset(marks))


def rows(table: str, column: str, *beginnings: str) -> tuple[str, ...]:
    """Marks of the codes that have a row, of any day, in which the cell begins so.

    The first column of the table is the procedure code.
    """
    return tuple(f"{table} {column} {beginning}" for beginning in beginnings)


class Gates:
    """The gates of some rules, for one set of tables."""

    def __init__(self, rules: Sequence[Rule], tables: Tables) -> None:
        self._rules = rules
        self._whens = [rule.when or When() for rule in rules]
        waited = {mark for rule in rules if rule.when for mark in rule.when.claim | rule.when.day}
        cells = [mark.split(" ", 2) for mark in sorted(waited) if " " in mark]
        asked_of = [tables.table(name) for name in sorted({cell[0] for cell in cells})]
        # Whether the tables behind the marks can speak of a day.
        self._tell = lru_cache(maxsize=1024)(lambda day: all(table.tells(day) for table in asked_of))
        self._of_code: dict[str, set[str]] = defaultdict(set)
        for table in asked_of:
            asked: dict[str, list[str]] = defaultdict(list)
            for name, column, text in cells:
                if name == table.name:
                    asked[column].append(text)
            for row in table.rows():
                for column, texts in asked.items():
                    cell = row[column]
                    found = [f"{table.name} {column} {text}" for text in texts if cell.startswith(text)]
                    if found:
                        self._of_code[row.cells[0]].update(found)

    def open(self, claim: Claim, others: Callable[[], Sequence[Claim]]) -> Iterator[Rule]:
        """The rules that may have something to say of a claim; `others`: of the patient, beside it."""
        days = {line.first_day for line in claim.lines}
        if None in days or not all(map(self._tell, days)):
            yield from self._rules  # a rule may have to say that it could not judge
            return
        own = self._marks(claim)
        around: set[str] | None = None
        for rule, when in zip(self._rules, self._whens, strict=True):
            if when.claim and when.claim.isdisjoint(own):
                continue
            if when.day:
                if around is None:
                    around = own.union(*map(self._marks, others()))
                if when.day.isdisjoint(around):
                    continue
            yield rule

    def _marks(self, claim: Claim) -> set[str]:
        found: set[str] = set()
        for line in claim.lines:
            found.update(_by_form(line.code), line.modifiers)
            if line.code in self._of_code:
                found |= self._of_code[line.code]
            if line.drug is not None:
                found.add(NDC)
            if line.modifiers:
                found.add(MODIFIER)
        return found


@lru_cache(maxsize=8192)
def _by_form(code: str) -> tuple[str, ...]:
    """The code, and what it is by its form."""
    return (code, family(code), DRUG) if is_drug(code) else (code, family(code))
