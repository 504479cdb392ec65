"""The run of a file as a page to read (``reports/NAME.html``), made of its manifest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

from scrubber.report import page
from scrubber.report.chart import Part, Shape, stacked

_MOST: Final = 10  # bars of a chart: the table of rules has all
_OUTCOMES: Final = {
    "released": "all released",
    "held": "all held",
    "parted": "parted: some released, some held",
    "again": "done before: nothing released again",
}
_SEVERITIES: Final = ("reject", "deny", "advise")
_NOTHING: Final = {"claims": 0, "charges": "0.00"}
_UNFOUND: Final = {"severity": "", "name": "", "findings": 0, **_NOTHING}


def run_page(run: Mapping[str, Any], files: Iterable[str] = ()) -> bytes:
    """The page; `run` is the manifest, `files` are the names of the outputs (``released/NAME``)."""
    at = datetime.fromisoformat(run["at"])
    held, totals = run["held"], run["totals"]
    return page.render(
        "run.html",
        title=f"Run of {run['name']}",
        subtitle=f"{at:%Y-%m-%d %H:%M} UTC · {_OUTCOMES.get(run['outcome'], run['outcome'])}",
        run=run,
        parts_of=_parted(totals),
        bars=(_bars("rule", held["by_rule"]), _bars("payer_class", held["by_payer"])),
        names=defaultdict(str, ((one["rule"], one["name"]) for one in run["findings"]["by_rule"])),
        rules=_rules(run["findings"]["by_rule"], held["by_rule"]),
        due=[_row(one, at.date()) for one in held["next_due"]],
        oldest=[_row(one, at.date()) for one in held["oldest"]],
        files=[(name, "../" + quote(name)) for name in files],
        tables="; ".join(f"{one['name']} {one['vintage']}" for one in run["tables"]),
    )


def _cents(amount: str) -> int:
    return int(Decimal(amount).scaleb(2))


def _parted(totals: Mapping[str, Any]) -> Sequence[Shape]:
    """Released and held charges as a bar."""
    kinds = (("released", "blue"), ("held", "amber"))
    parts = [
        Part(colour, _cents(totals[kind]["charges"]), f"{kind} ${Decimal(totals[kind]['charges']):,.2f}")
        for kind, colour in kinds
    ]
    return stacked(parts, sum(part.value for part in parts if part.value > 0))


def _bars(key: str, rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, int, str, Sequence[Shape]]]:
    """Name, claims, charges, and the bar of the charges of held claims, most first."""
    most = max((_cents(row["charges"]) for row in rows), default=0)
    return [
        (
            row[key],
            row["claims"],
            row["charges"],
            stacked([Part("amber", _cents(row["charges"]), "")], most),
        )
        for row in rows[:_MOST]
    ]


def _rules(
    found: Sequence[Mapping[str, Any]], held: Sequence[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each rule with what it found and what it holds, the worst severity first.

    What holds claims without a fault of its own (they are held with others) stands last.
    """
    holds = {one["rule"]: one for one in held}
    rows = sorted(found, key=lambda one: (_SEVERITIES.index(one["severity"]), one["rule"]))
    told = [(one, holds.pop(one["rule"], _NOTHING)) for one in rows]
    return told + [(_UNFOUND | {"rule": rule}, one) for rule, one in holds.items()]


def _row(one: Mapping[str, Any], today: date) -> Mapping[str, Any]:
    """A held claim, with the days since the service, and those that are left to send it."""
    service, timely = (date.fromisoformat(one[key]) if one[key] else None for key in ("service", "timely"))
    return {
        **one,
        "old": (today - service).days if service else None,
        "left": (timely - today).days if timely else None,
    }
