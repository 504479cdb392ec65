"""The result as one HTML page that works offline; the look is that of `scrubber.report.page`.

Every number leads to the claims that it counts, further down on the page. They are a table that the script
of the page narrows; each row bears the words by which it is found (`dashboard_claims.Words`). Charts are SVG
without a library: why, `scrubber.report.chart` says. Nothing of a person stands on the page but what a
correction changed, and that is masked unless it is asked for.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, BinaryIO, Final

from scrubber.qa.dashboard_charts import code_bars, days, rule_bars, weeks
from scrubber.qa.dashboard_claims import VERDICTS, Words, chosen, fill
from scrubber.qa.result import COUNTED
from scrubber.report import page

if TYPE_CHECKING:
    from scrubber.qa.result import Result
    from scrubber.report.form import Look

_COUNTED: Final = [(key, key.replace("_", " ")) for key in (*COUNTED, "paid")] + [
    ("elsewhere", "other refusal")
]


def write(out: BinaryIO, result: Result, look: Look) -> None:
    """Write the page."""
    shown, left_out = chosen(result.claims)
    words = Words(result)
    page.write(
        out,
        "qa.html",
        title="What we said, and what came back",
        subtitle=_subtitle(result) + ("" if look.mask else " · with data of persons"),
        result=result,
        counts=result.counts,
        refusals=_refusals(result),
        rules=rule_bars(result.by_rule),
        codes=code_bars(result),
        weeks=weeks(result),
        days=days(result.claims),
        undated=sum(row.days is None for row in result.claims if row.state in ("rejected", "denied")),
        corrections=[
            (one, result.claims[one.before - 1], result.claims[one.after - 1]) for one in result.corrections
        ],
        claims=((row, words.of(row)) for row in shown),
        shown=len(shown),
        left_out=left_out,
        mask=look.mask,
        verdicts=VERDICTS,
        fill=fill,
        choices=_choices(result),
        files=[one for one in result.files if one.problems or one.fault or one.copy_of],
    )


def _subtitle(result: Result) -> str:
    sent = [row.sent_on for row in result.claims if row.sent_on]
    told = [row.answered_on for row in result.claims if row.answered_on]
    parts = [f"from {result.about.claims}"]
    if sent:
        parts.append(f"sent {min(sent)} to {max(sent)}")
    if told:
        parts.append(f"final answers up to {max(told)}")
    if result.about.mode == "as-if":
        parts.append("as if judged by another configuration")
    return " · ".join(parts)


def _refusals(result: Result) -> dict[str, tuple[int, int]]:
    """Claims and cents by verdict; those that are open by whether there is an alarm."""
    claims: Counter[str] = Counter()
    cents: Counter[str] = Counter()
    for row in result.claims:
        key = f"open_{'alarm' if row.rules else 'silent'}" if row.verdict == "open" else row.verdict
        claims[key] += 1
        cents[key] += row.cents
    return {key: (claims[key], cents[key]) for key in (*VERDICTS, "open_alarm", "open_silent")}


def _choices(result: Result) -> list[tuple[str, str, list[str] | list[tuple[str, str]]]]:
    """The selects above the claims: name, label, choices."""
    rows = result.claims
    causes = {(cause.name.replace(" ", "+"), cause.name) for row in rows for cause in row.causes}
    return [
        ("counted", "Counted as", _COUNTED),
        ("rule", "Rule", [one.rule for one in sorted(result.by_rule, key=lambda one: one.rule)]),
        ("cause", "Cause", sorted(causes)),
        ("class", "Payer class", sorted({row.payer_class for row in rows if row.payer_class})),
        ("week", "Week sent", [one.key for one in result.by_week if one.key]),
    ]
