"""Which rules a claim is shown to: those for which it holds a mark that they wait for (`When`).

A mark is a procedure code, a modifier, a place of service (`place`), a word for a kind of code
(`DRUG`, the families of `scrubber.rules.pairs`), or a cell of a dated table (`rows`). Marks know no
dates: a rule may be asked in vain, but it is never left out where it could speak.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from loops import Claim
from scrubber.codes import is_drug
from scrubber.context import INJECTION
from scrubber.rule import Rule, When
from scrubber.rules.pairs import family
from scrubber.tables import Tables

DRUG: Final = "drug"  # a code of a drug, by its form (`is_drug`)
NDC: Final = "ndc"  # a line with loop 2410
MODIFIER: Final = "modifier"  # a line with any modifier

INJECTED: Final = When(claim=frozenset({INJECTION}))


def on_claim(*marks: str) -> When:
    """The rule speaks of claims that hold one of these marks."""
    return When(claim=frozenset(marks))


def place(*codes: str) -> tuple[str, ...]:
    """Marks of the lines at these places of service (SV105, else CLM05-1)."""
    return tuple(f"@{code}" for code in codes)


def rows(table: str, column: str, *beginnings: str) -> tuple[str, ...]:
    """Marks of the codes that have a row, of any day, in which the cell begins so.

    The first column of the table is the procedure code.
    """
    return tuple(f"{table} {column} {beginning}" for beginning in beginnings)


class Gates:
    """The gates of some rules, for one set of tables."""

    def __init__(self, rules: Sequence[Rule], tables: Tables) -> None:
        self._rules = tuple(rules)
        self._whens = [rule.when or When() for rule in rules]
        self._waited = frozenset().union(*(when.claim | when.day for when in self._whens))
        cells = [mark.split(" ", 2) for mark in sorted(self._waited) if " " in mark]
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
        # Claims are much alike in their marks: what they open is worked out once for each kind of claim.
        self._of_line = lru_cache(maxsize=8192)(self._line)
        self._of_lines = lru_cache(maxsize=8192)(_union)
        self._opened = lru_cache(maxsize=8192)(self._choose)

    def open(self, claim: Claim, others: Sequence[Claim]) -> tuple[Rule, ...]:
        """The rules that may have something to say of a claim; `others`: of the patient, beside it."""
        lines = claim.lines
        days = {line.first_day for line in lines}
        if None in days or not all(map(self._tell, days)):
            return self._rules  # a rule may have to say that it could not judge
        own = self._marks(claim)
        return self._opened(own, own.union(*map(self._marks, others)) if others else own)

    def _choose(self, own: frozenset[str], around: frozenset[str]) -> tuple[Rule, ...]:
        return tuple(
            rule
            for rule, when in zip(self._rules, self._whens, strict=True)
            if not (when.claim and when.claim.isdisjoint(own))
            and not (when.day and when.day.isdisjoint(around))
        )

    def _marks(self, claim: Claim) -> frozenset[str]:
        of_line = self._of_line
        return self._of_lines(
            frozenset(
                [
                    of_line(line.code, line.modifiers, line.place_of_service, line.drug is not None)
                    for line in claim.lines
                ]
            )
        )

    def _line(
        self,
        code: str,
        modifiers: tuple[str, ...],
        where: str,
        has_ndc: bool,  # noqa: FBT001
    ) -> frozenset[str]:
        """The marks of a line that some rule waits for."""
        found = {*_by_form(code), *modifiers, *place(where), *self._of_code.get(code, ())}
        if has_ndc:
            found.add(NDC)
        if modifiers:
            found.add(MODIFIER)
        return self._waited.intersection(found)


def _union(sets: frozenset[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _by_form(code: str) -> tuple[str, ...]:
    """The code, and what it is by its form."""
    return (code, family(code), DRUG) if is_drug(code) else (code, family(code))
