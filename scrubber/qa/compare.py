"""Hold what was said of claims against what came back: the whole of QA, without files of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from scrubber.qa import measure
from scrubber.qa.answers import Gathered, Gatherer
from scrubber.qa.book import Book
from scrubber.qa.codes import Codes, as_scope
from scrubber.qa.corrections import Pair, change_counts, find_pairs
from scrubber.qa.missed import missed_groups
from scrubber.qa.outcome import row
from scrubber.qa.result import About, ClaimRow, Correction, Result, Scope

if TYPE_CHECKING:
    from scrubber.qa.answers import Named
    from scrubber.qa.book import Claimed
    from scrubber.qa.result import AnswerFile
    from scrubber.rule import Rule
    from scrubber.tables import Tables

Differ = Callable[[Sequence[ClaimRow], Iterable[Pair]], list[Correction]]
"""Compares claims, by their rows, with their corrections."""


def compare(
    claims: Iterable[Claimed],
    answers: Iterable[Named],
    *,
    about: About,
    tables: Tables,
    key: bytes,
    rules: Mapping[str, Rule],
    differ: Differ,
    told: Callable[[AnswerFile], None] = lambda _: None,
) -> Result:
    """Match the answers to the claims and measure.

    `key` is that of the keyed hashes of `claims`; `rules` are those that may have raised something, by
    code; `differ` compares claims that were corrected; `told` hears of each file of answers.
    """
    book = Book()
    book.add(claims)
    book.close()
    codes = Codes(tables)
    gatherer = Gatherer(book, codes, key)
    gathered = gatherer.read(answers, told)
    ledger = about.mode == "ledger"
    rows = []
    for case in book.cases:
        rows.append(row(case, ledger=ledger))
        case.lines, case.said = (), []  # they take most of the memory, and are not asked for again
    pairs = find_pairs(book, rows, gatherer.matcher)
    corrections = differ(rows, pairs)
    _link(rows, pairs)
    return measured(rows, gathered, corrections, about=about, codes=codes, rules=rules)


def _link(rows: list[ClaimRow], pairs: Iterable[Pair]) -> None:
    for pair in pairs:
        before, after = pair.before - 1, pair.after - 1
        rows[before] = replace(rows[before], corrected_by=pair.after)
        rows[after] = replace(rows[after], corrects=pair.before)


def measured(
    rows: list[ClaimRow],
    gathered: Gathered,
    corrections: list[Correction],
    *,
    about: About,
    codes: Codes,
    rules: Mapping[str, Rule],
) -> Result:
    """The result over rows whose outcome is known."""
    total = measure.counts(rows)
    by_rule = measure.by_rule(rows, rules)
    read = gathered.answers.total()
    dated = [one for one in rows if one.sent_on]
    return Result(
        about=about,
        claims=rows,
        counts=total,
        precision=measure.precision(total),
        recall=measure.recall(total),
        answers=dict(sorted(gathered.answers.items())),
        matched=gathered.matched,
        match_rate=gathered.matched / read if read else None,
        unmatched=gathered.unmatched,
        by_rule=by_rule,
        relax=measure.relax(by_rule),
        missed_groups=missed_groups(rows),
        by_payer=measure.by(rows, lambda one: one.payer),
        by_payer_class=measure.by(rows, lambda one: one.payer_class),
        by_provider=measure.by(rows, lambda one: one.provider),
        by_week=measure.by(dated, lambda one: one.week, in_time=True),
        by_month=measure.by(dated, lambda one: one.month, in_time=True),
        by_cause=measure.by_cause(rows),
        by_code=measure.by_code(rows, _scope(codes)),
        overridden=measure.overridden(rows),
        corrections=corrections,
        changes=change_counts(corrections, rows),
        totals=gathered.totals,
        totals_compared=gathered.totals_compared,
        times=measure.times(rows),
        files=gathered.files,
    )


def _scope(codes: Codes) -> Callable[[str, str], Scope]:
    def scope(list_: str, code: str) -> Scope:
        return as_scope(codes.scope(list_, code)) if list_ != "ack" else "other"

    return scope
