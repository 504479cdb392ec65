"""The charts of the dashboard: confusion by rule, dollars by cause, refusals by week, days to a refusal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from scrubber.qa.measure import codes_of
from scrubber.qa.sheets import dollars, percent
from scrubber.report.chart import Columns, Part, Shape, columns, stacked

if TYPE_CHECKING:
    from scrubber.qa.result import ClaimRow, CodeCount, Result, RuleRow

_MOST: Final = 10  # bars of a chart: the table has all
_WEEKS: Final = 53
_BINS: Final = 20
_WIDTHS: Final = (1, 2, 3, 5, 7, 10, 14, 30)
_LISTS: Final = {"status": "277CA", "carc": "CARC", "ack": "999"}


class RuleBar(NamedTuple):
    """A rule with the parts of its bar, and what they say in words."""

    rule: RuleRow
    says: str
    shapes: Sequence[Shape]


class CodeBar(NamedTuple):
    """A code of an answer (``CARC 97``) with the parts of its bar in dollars."""

    name: str
    code: CodeCount
    says: str
    shapes: Sequence[Shape]


def rule_bars(rules: Sequence[RuleRow]) -> list[RuleBar]:
    """Caught and false alarms of the rules with most of both."""
    judged = [one for one in rules if one.caught + one.false_alarms]
    told = sorted(judged, key=lambda one: (-one.caught - one.false_alarms, one.rule))[:_MOST]
    most = max((one.caught + one.false_alarms for one in told), default=0)
    bars = []
    for one in told:
        parts = (
            Part("blue", one.caught, f"{one.caught:,} caught"),
            Part("amber", one.false_alarms, f"{one.false_alarms:,} false alarms"),
        )
        says = f"{one.rule}: {parts[0].says}, {parts[1].says}, precision {percent(one.precision)}"
        bars.append(RuleBar(one, says, stacked(parts, most)))
    return bars


def code_bars(result: Result) -> list[CodeBar]:
    """Charges refused by status, CARC or code of a 999: those that were caught, missed, and the rest."""
    told = [one for one in result.by_code if one.list in _LISTS][:_MOST]
    cents: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in result.claims:
        for key in {key for cause in row.causes for key in codes_of(cause)}:
            cents[key][row.verdict] += row.cents
    most = max((one.cents for one in told), default=0)
    bars = []
    for one in told:
        of = cents[one.list, one.code]
        rest = one.cents - of["caught"] - of["missed"]
        parts = (
            Part("blue", of["caught"], f"{_money(of['caught'])} caught"),
            Part("red", of["missed"], f"{_money(of['missed'])} missed"),
            Part("grey", rest, f"{_money(rest)} not for coding"),
        )
        name = f"{_LISTS[one.list]} {one.code}"
        says = f"{name}: {_money(one.cents)} in {one.claims:,} claims: " + ", ".join(
            part.says for part in parts if part.value
        )
        bars.append(CodeBar(name, one, says, stacked(parts, most)))
    return bars


def weeks(result: Result) -> Columns | None:
    """Refusals for coding by the week of sending, caught and missed; None without a dated claim."""
    found = {one.key: one.counts.claims for one in result.by_week if one.key}
    if not found:
        return None
    rows = []
    for monday in _mondays(found):
        year, week, _ = monday.isocalendar()
        of: Mapping[str, int] = found.get(f"{year}-W{week:02}", Counter())
        says = (
            f"Week of {monday}: {of['in_scope']:,} refused for coding, {of['caught']:,} caught,"
            f" {of['missed']:,} missed, of {of['submitted']:,} claims"
        )
        parts = (Part("blue", of["caught"], ""), Part("red", of["missed"], ""))
        rows.append((f"{monday:%b} {monday.day}", says, parts))
    return columns(rows[-_WEEKS:])


def _mondays(keys: Mapping[str, object]) -> Iterator[date]:
    """Every Monday from the first week (``2026-W36``) to the last."""
    days = [date.fromisocalendar(int(key[:4]), int(key[6:]), 1) for key in keys]
    day, last = min(days), max(days)
    while day <= last:
        yield day
        day += timedelta(weeks=1)


def days(rows: Sequence[ClaimRow]) -> Columns | None:
    """Days from sending to the refusal, of rejected and denied claims; None when there is none."""
    refused = [(row.days, row.state) for row in rows if row.days is not None and row.state != "paid"]
    if not refused:
        return None
    longest = max(days for days, _ in refused)
    width = next((width for width in _WIDTHS if width * _BINS > longest), longest // _BINS + 1)
    bins = Counter((days // width, state) for days, state in refused)
    told = []
    for n in range(longest // width + 1):
        first, last = n * width, (n + 1) * width - 1
        label = f"{first}" if first == last else f"{first}\u2013{last}"
        rejected, denied = bins[n, "rejected"], bins[n, "denied"]
        says = f"{label} days: {rejected:,} rejected, {denied:,} denied"
        told.append((label, says, (Part("teal", rejected, ""), Part("violet", denied, ""))))
    return columns(told)


def _money(cents: int) -> str:
    return f"${dollars(cents):,.2f}"
