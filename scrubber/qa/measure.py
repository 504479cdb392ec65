"""Counts over the claims: confusion, precision and recall, by rule, payer, provider, time and cause."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from math import sqrt
from typing import TYPE_CHECKING, Final

from scrubber.qa.result import (
    COUNTED,
    CauseCount,
    ClaimRow,
    CodeCount,
    Counts,
    GroupRow,
    OverrideRow,
    RuleRow,
    Scope,
    Share,
    State,
    TimeRow,
)

if TYPE_CHECKING:
    from scrubber.qa.result import CauseRow
    from scrubber.rule import Rule

_Z: Final = 1.959963984540054  # of 95 %, both sides
_LEAST_ALARMS: Final = 5  # fewer say nothing about a rule
_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "held": ("held",),
    "open": ("submitted", "open"),
    "caught": ("submitted", "answered", "in_scope", "caught"),
    "missed": ("submitted", "answered", "in_scope", "missed"),
    "false_alarm": ("submitted", "answered", "false_alarms"),
    "clean_paid": ("submitted", "answered", "clean_paid"),
    "elsewhere": ("submitted", "answered"),
    "elsewhere_alarm": ("submitted", "answered"),
}


def wilson(hits: int, of: int) -> tuple[float | None, float | None]:
    """The Wilson score interval (95 %) of a share; None for a share of nothing.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.
    """
    if of <= 0:
        return None, None
    share, z2 = hits / of, _Z * _Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z * sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    # At both ends the interval reaches the end; rounding of floats must not take it past.
    return (0.0 if hits == 0 else max(0.0, middle - half)), (1.0 if hits == of else min(1.0, middle + half))


def share(hits: int, of: int, cents: int = 0, of_cents: int = 0) -> Share:
    """A share of claims with its interval, and the share of their charges."""
    low, high = wilson(hits, of)
    return Share(hits / of if of else None, low, high, cents / of_cents if of_cents else None)


def counts(rows: Iterable[ClaimRow]) -> Counts:
    """Claims and cents by the keys of the contract."""
    claims, cents = dict.fromkeys(COUNTED, 0), dict.fromkeys(COUNTED, 0)
    for row in rows:
        for key in counted(row):
            claims[key] += 1
            cents[key] += row.cents
    return Counts(claims, cents)


def counted(row: ClaimRow) -> tuple[str, ...]:
    """The keys of the contract that a claim counts for."""
    keys = _KEYS[row.verdict]
    return (*keys, row.state) if row.state in ("rejected", "denied") else keys


def precision(of: Counts) -> Share:
    """Of the alarms that were answered by a payment or a refusal for coding: the right ones."""
    return _share_of(of, "caught", "false_alarms")


def recall(of: Counts) -> Share:
    """Of the claims that were refused for coding: those with an alarm."""
    return _share_of(of, "caught", "missed")


def _share_of(of: Counts, hits: str, misses: str) -> Share:
    claims, cents = of.claims, of.cents
    return share(claims[hits], claims[hits] + claims[misses], cents[hits], cents[hits] + cents[misses])


def by(rows: Iterable[ClaimRow], key: Callable[[ClaimRow], str], *, in_time: bool = False) -> list[GroupRow]:
    """Counts for each value of a key: by time, or most charges of answered claims first."""
    groups: defaultdict[str, list[ClaimRow]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    found = [GroupRow(value, counts(group)) for value, group in groups.items()]
    if in_time:
        return sorted(found, key=lambda one: one.key)
    return sorted(
        found, key=lambda one: (-one.counts.cents["in_scope"], -one.counts.cents["submitted"], one.key)
    )


def by_rule(rows: Iterable[ClaimRow], rules: Mapping[str, Rule]) -> list[RuleRow]:
    """What each rule raised, and what came of it; most charges first."""
    about: defaultdict[str, list[ClaimRow]] = defaultdict(list)
    for row in rows:
        for rule in row.rules:
            about[rule].append(row)
    found = [_rule(code, group, rules.get(code)) for code, group in about.items()]
    return sorted(found, key=lambda one: (-one.cents, -one.held, one.rule))


def _rule(code: str, group: Sequence[ClaimRow], rule: Rule | None) -> RuleRow:
    sent = [row for row in group if row.state != "held"]
    verdicts = Counter(row.verdict for row in sent)
    cents: Counter[str] = Counter()
    for row in sent:
        cents[row.verdict] += row.cents
    caught, false = verdicts["caught"], verdicts["false_alarm"]
    return RuleRow(
        rule=code,
        name=rule.name if rule else "",
        alarms=len(sent),
        caught=caught,
        agreed=sum(row.verdict == "caught" and bool(rule) and _agrees(row.causes, rule) for row in sent),
        false_alarms=false,
        open=verdicts["open"],
        elsewhere=verdicts["elsewhere_alarm"],
        held=len(group) - len(sent),
        precision=share(caught, caught + false, cents["caught"], cents["caught"] + cents["false_alarm"]),
        cents=cents.total(),
        cents_caught=cents["caught"],
        cents_false=cents["false_alarm"],
    )


def _agrees(causes: Iterable[CauseRow], rule: Rule | None) -> bool:
    """Whether a cause is one that the rule says will come."""
    assert rule is not None
    expected = rule.expected
    statuses = {status.split(":")[1] for status in expected.status}
    for cause in causes:
        if cause.kind == "277CA":
            if _status(cause.code) in statuses:
                return True
        elif cause.code in expected.carc or not set(expected.rarc).isdisjoint(cause.remarks):
            return True
    return False


def relax(rules: Iterable[RuleRow]) -> list[RuleRow]:
    """The rules whose alarms are mostly paid, most charges first."""
    doubtful = [
        one
        for one in rules
        if one.caught + one.false_alarms >= _LEAST_ALARMS and one.false_alarms > one.caught
    ]
    return sorted(doubtful, key=lambda one: (-one.cents_false, one.rule))


def by_cause(rows: Iterable[ClaimRow]) -> list[CauseCount]:
    """Claims by the causes of their final answers, the dearest first."""
    about: defaultdict[CauseRow, list[ClaimRow]] = defaultdict(list)
    for row in rows:
        for cause in {replace(one, line="", procedure="", cents=0) for one in row.causes}:
            about[cause].append(row)
    found = [
        CauseCount(cause.kind, cause.code, cause.group, cause.remarks, cause.scope, *_tally(group))
        for cause, group in about.items()
    ]
    return sorted(found, key=lambda one: (-one.cents, one.code, one.group, one.remarks, one.kind))


def by_code(rows: Iterable[ClaimRow], scope: Callable[[str, str], Scope]) -> list[CodeCount]:
    """Claims by each single code of their final answers, the dearest first; `scope` judges (list, code)."""
    about: defaultdict[tuple[str, str], list[ClaimRow]] = defaultdict(list)
    for row in rows:
        for key in {key for cause in row.causes for key in codes_of(cause)}:
            about[key].append(row)
    found = [CodeCount(*key, scope(*key), *_tally(group)) for key, group in about.items()]
    return sorted(found, key=lambda one: (-one.cents, one.list, one.code))


def codes_of(cause: CauseRow) -> list[tuple[str, str]]:
    """The single codes of a cause, each with its list, as in `CodeCount`."""
    if cause.kind == "277CA":
        return [("status", _status(cause.code))]
    if cause.kind == "835":
        return [("carc", cause.code), *(("rarc", remark) for remark in cause.remarks)]
    return [("ack", cause.code)]


def _status(code: str) -> str:
    """The second component of ``A7:562:82``."""
    return f"{code}:".split(":")[1]


def _tally(group: Sequence[ClaimRow]) -> tuple[int, int, int, int]:
    """Claims, caught, missed, cents."""
    verdicts = Counter(row.verdict for row in group)
    return len(group), verdicts["caught"], verdicts["missed"], sum(row.cents for row in group)


def overridden(rows: Iterable[ClaimRow]) -> list[OverrideRow]:
    """What came of claims that were sent in spite of a rule, by rule; most claims first."""
    about: defaultdict[tuple[str, str], list[ClaimRow]] = defaultdict(list)
    for row in rows:
        if row.state == "held":
            continue
        for key in {(one.outcome, one.rule) for one in row.alarms if one.outcome in ("bypassed", "waived")}:
            about[key].append(row)
        if row.overridden in ("approved", "policy"):
            for rule in row.rules:
                about[row.overridden, rule].append(row)
    found = [OverrideRow(how, rule, *_came(group)) for (how, rule), group in about.items()]
    return sorted(found, key=lambda one: (one.how, -one.claims, one.rule))


def _came(group: Sequence[ClaimRow]) -> tuple[int, int, int, int, int, int]:
    """Claims, paid, refused for coding, for something else, open, cents."""
    paid = sum(row.state == "paid" for row in group)
    refused = sum(row.in_scope for row in group)
    waiting = sum(row.state == "open" for row in group)
    return (
        len(group),
        paid,
        refused,
        len(group) - paid - refused - waiting,
        waiting,
        sum(r.cents for r in group),
    )


def times(rows: Iterable[ClaimRow]) -> list[TimeRow]:
    """How long final answers took."""
    days: defaultdict[State, list[int]] = defaultdict(list)
    for row in rows:
        if row.days is not None:
            days[row.state].append(row.days)
    found = []
    for state in ("rejected", "denied", "paid"):
        told = sorted(days[state])
        if told:
            ninety = told[min(len(told) - 1, len(told) * 9 // 10)]
            found.append(TimeRow(state, len(told), told[len(told) // 2], ninety, told[-1]))
    return found
