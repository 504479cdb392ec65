"""The result as tables with a name, for text, spreadsheets and CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from scrubber.qa.result import COUNTED

if TYPE_CHECKING:
    from scrubber.qa.result import CauseRow, ClaimRow, Counts, GroupRow, Result, RuleRow, Share

Cell: TypeAlias = "str | int | float | Decimal | date | None"
"""Dollars are Decimal, shares (0 to 1) float."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: what it is called, a line on what it shows, its columns, its rows as they are asked for."""

    name: str
    about: str
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Sequence[Cell]]]


def sheets(result: Result) -> list[Sheet]:
    """All tables, the summary first, the claims last."""
    return [
        _sheet("Summary", "claims and dollars", ("", "claims", "dollars"), _summary(result)),
        _sheet("Rules", "what each rule raised, and what came of it", _RULE, map(_rule, result.by_rule)),
        _sheet("To write", "missed claims by what they have in common", _MISSED, _missed(result)),
        _sheet("To relax", "rules whose alarms are mostly paid", _RULE, map(_rule, result.relax)),
        _sheet("Overridden", "sent in spite of a rule", _OVERRIDDEN, _overridden(result)),
        _sheet("Payers", "by payer id", _group_columns("payer"), map(_group, result.by_payer)),
        _sheet("Classes", "by payer class", _group_columns("class"), map(_group, result.by_payer_class)),
        _sheet("Providers", "by NPI", _group_columns("provider"), map(_group, result.by_provider)),
        _sheet("Weeks", "by week of sending", _group_columns("week"), map(_group, result.by_week)),
        _sheet("Months", "by month of sending", _group_columns("month"), map(_group, result.by_month)),
        _sheet("Causes", "why claims were refused", _CAUSE, _causes(result)),
        _sheet("Codes", "each status, CARC and RARC", _CODE, _codes(result)),
        _sheet("Days", "days from sending to the final answer", _DAYS, _days(result)),
        _sheet("Changes", "what people changed in corrections", _CHANGE, _changes(result)),
        _sheet("Corrections", "claims that came again, corrected", _CORRECTION, _corrections(result)),
        _sheet("Totals", "277CA whose counts are not ours", _TOTAL, _totals(result)),
        _sheet("Unmatched", "answers that fit no claim", _UNMATCHED, _unmatched(result)),
        _sheet("Files", "files of answers", _FILE, _files(result)),
        Sheet("Claims", "every claim", CLAIM, lambda: map(claim_cells, result.claims)),
    ]


def _sheet(name: str, about: str, columns: tuple[str, ...], rows: Iterable[Sequence[Cell]]) -> Sheet:
    kept = [*rows]
    return Sheet(name, about, columns, lambda: iter(kept))


def dollars(cents: int) -> Decimal:
    """Cents as dollars."""
    return Decimal(cents).scaleb(-2)


def _summary(result: Result) -> Iterator[Sequence[Cell]]:
    for key in COUNTED:
        yield key.replace("_", " "), result.counts.claims[key], dollars(result.counts.cents[key])
    for name, share in (("precision", result.precision), ("recall", result.recall)):
        yield name, share.value, share.dollars
        yield f"{name}, at least (95 %)", share.low, None
        yield f"{name}, at most (95 %)", share.high, None
    yield "match rate", result.match_rate, None
    for kind, count in result.answers.items():
        yield f"answers of claims, {kind}", count, None
    yield "answers matched", result.matched, None


_RULE: Final = (
    *("rule", "name", "alarms", "caught", "agreed", "false alarms", "elsewhere", "open", "held"),
    *("precision", "at least", "at most", "dollars", "dollars caught", "dollars false"),
)


def _rule(one: RuleRow) -> Sequence[Cell]:
    share = one.precision
    return (
        *(one.rule, one.name, one.alarms, one.caught, one.agreed, one.false_alarms, one.elsewhere),
        *(one.open, one.held, share.value, share.low, share.high),
        *(dollars(one.cents), dollars(one.cents_caught), dollars(one.cents_false)),
    )


_MISSED: Final = (
    *("codes", "cause", "remarks", "payer class", "payers", "claims", "of alike", "share", "dollars"),
    *("claim rows",),
)


def _missed(result: Result) -> Iterator[Sequence[Cell]]:
    for one in result.missed_groups:
        share = one.claims / one.alike if one.alike else None
        yield (
            *(" ".join(one.codes), one.cause, " ".join(one.remarks), one.payer_class, " ".join(one.payers)),
            *(one.claims, one.alike, share, dollars(one.cents), " ".join(map(str, one.rows))),
        )


_OVERRIDDEN: Final = ("how", "rule", "claims", "paid", "refused", "elsewhere", "open", "dollars")


def _overridden(result: Result) -> Iterator[Sequence[Cell]]:
    for one in result.overridden:
        yield (
            *(one.how, one.rule, one.claims, one.paid, one.refused, one.elsewhere, one.open),
            dollars(one.cents),
        )


def _group_columns(key: str) -> tuple[str, ...]:
    names = [name.replace("_", " ") for name in COUNTED]
    return key, *names, "dollars submitted", "dollars in scope", "dollars missed", "dollars false alarms"


def _group(one: GroupRow) -> Sequence[Cell]:
    counts: Counts = one.counts
    money = (dollars(counts.cents[key]) for key in ("submitted", "in_scope", "missed", "false_alarms"))
    return one.key or "(none)", *(counts.claims[key] for key in COUNTED), *money


_CAUSE: Final = ("answer", "cause", "remarks", "scope", "claims", "caught", "missed", "dollars")


def _causes(result: Result) -> Iterator[Sequence[Cell]]:
    for one in result.by_cause:
        name = f"{one.group}-{one.code}" if one.group else one.code
        remarks = " ".join(one.remarks)
        yield one.kind, name, remarks, one.scope, one.claims, one.caught, one.missed, dollars(one.cents)


_CODE: Final = ("list", "code", "scope", "claims", "caught", "missed", "dollars")


def _codes(result: Result) -> Iterator[Sequence[Cell]]:
    for one in result.by_code:
        yield one.list, one.code, one.scope, one.claims, one.caught, one.missed, dollars(one.cents)


_DAYS: Final = ("claims that were", "claims", "half within", "nine in ten within", "at most")


def _days(result: Result) -> Iterator[Sequence[Cell]]:
    for one in result.times:
        yield one.state, one.claims, one.median, one.ninety, one.most


_CHANGE: Final = ("place", "before", "after", "corrections", "of them paid")


def _changes(result: Result) -> Iterator[Sequence[Cell]]:
    for one in result.changes:
        yield one.place, one.before, one.after, one.corrections, one.paid


_CORRECTION: Final = (
    *("claim", "was", "corrected claim", "is", "known by", "changes", "suggested", "taken"),
    *("claim row", "corrected row"),
)


def _corrections(result: Result) -> Iterator[Sequence[Cell]]:
    for one in result.corrections:
        before, after = result.claims[one.before - 1], result.claims[one.after - 1]
        changes = "; ".join(f"{c.place}: {c.before or '-'} > {c.after or '-'}" for c in one.changes)
        yield (
            *(before.claim, before.state, after.claim, after.state, one.how),
            *(changes if one.compared else "not at hand", " ".join(one.suggested), " ".join(one.taken)),
            *(one.before, one.after),
        )


_TOTAL: Final = ("file", "batch (BHT03)", "claims told", "claims sent", "dollars told", "dollars sent")


def _totals(result: Result) -> Iterator[Sequence[Cell]]:
    for one in result.totals:
        money = dollars(one.told_cents), dollars(one.sent_cents)
        yield one.file, one.trace, one.told_claims, one.sent_claims, *money


_UNMATCHED: Final = ("file", "answer", "claim", "reason")


def _unmatched(result: Result) -> Iterator[Sequence[Cell]]:
    for one in result.unmatched:
        yield one.file, one.kind, one.claim, one.reason


_FILE: Final = ("file", "claims", "copy of", "fault", "problems")


def _files(result: Result) -> Iterator[Sequence[Cell]]:
    for one in result.files:
        yield one.name, sum(one.claims.values()), one.copy_of, one.fault, "; ".join(one.problems)


CLAIM: Final = (
    *("row", "claim", "frequency", "file", "claim index", "sent on", "times sent", "week", "provider"),
    *("rendering", "payer", "payer class", "service date", "charge", "procedures", "state", "verdict"),
    *("in scope", "alarms", "overridden", "waiting", "answered by", "answered on", "days", "causes"),
    *("lines", "answer", "matched", "payer edits", "corrects", "corrected by"),
)


def claim_cells(row: ClaimRow) -> Sequence[Cell]:
    """The cells of a claim, in the columns `CLAIM`."""
    return (
        *(row.number, row.claim, row.frequency, row.file, row.claim_index, row.sent_on, row.times_sent),
        *(row.week, row.provider, row.rendering, row.payer, row.payer_class, row.service_date),
        *(dollars(row.cents), " ".join(row.procedures), row.state, row.verdict.replace("_", " ")),
        *("yes" if row.in_scope else "no", " ".join(row.rules), row.overridden, row.waiting),
        *(row.answered_by, row.answered_on, row.days, "; ".join(cause.name for cause in row.causes)),
        *(" ".join(_line(cause) for cause in row.causes if cause.procedure), row.answer, row.matched),
        *(" ".join(row.edits), row.corrects or None, row.corrected_by or None),
    )


def _line(cause: CauseRow) -> str:
    return f"{cause.line or '?'}:{cause.procedure}"


def percent(share: Share) -> str:
    """A share in words: ``78.2 % (75.9 to 80.3)``."""
    if share.value is None or share.low is None or share.high is None:
        return "-"
    return f"{100 * share.value:.1f} % ({100 * share.low:.1f} to {100 * share.high:.1f})"


def text_of(cell: Any, *, share: bool = False) -> str:
    """A cell as text for a person."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:,.2f}"
    if isinstance(cell, float):
        return f"{100 * cell:.1f} %" if share else f"{cell:g}"
    if isinstance(cell, bool) or not isinstance(cell, int):
        return str(cell)
    return f"{cell:,}"
