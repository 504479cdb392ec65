"""The imported part of ``scrubber tables status``: each edition, its age, what it speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from scrubber.cli.tables_load import scope, source
from scrubber.report.paint import Line
from scrubber.tables.store import Load, Quarter, Store
from scrubber.tables.store.editions import is_whole


def imported_rows(store: Store, today: date) -> list[dict[str, Any]]:
    """A JSON object for each edition (table, program, quarter) of the store, oldest first."""
    rows = []
    for _, group in groupby(store.loads, key=lambda load: (load.table, load.program)):
        editions = [tuple(same) for _, same in groupby(group, key=lambda load: load.quarter)]
        for number, loads in enumerate(editions):
            later = editions[number + 1][0].quarter if number + 1 < len(editions) else None
            rows.append(_row(loads, later, today))
    return rows


def _row(loads: Sequence[Load], later: Quarter | None, today: date) -> dict[str, Any]:
    first = loads[0]
    own = first.kind.dated
    return {
        "table": first.table,
        "program": first.program or None,
        "quarter": str(first.quarter),
        "rows": sum(load.rows for load in loads),
        "covers_from": None if own and first.kind.history else first.quarter.first_day.isoformat(),
        "covers_thru": _day_before(later) if later and not own else None,
        "dates": "rows" if own else "quarter",
        "whole": is_whole(loads),
        "newest": later is None,
        "age_days": max(0, (today - first.quarter.last_day).days),
        "loads": [
            {
                "part": load.part or None,
                "rows": load.rows,
                "codes": scope(load),
                "file": load.source.file,
                "member": load.source.member or None,
                "sha256": load.source.sha256,
                "loaded": load.loaded.isoformat(timespec="seconds"),
            }
            for load in loads
        ],
        "sources": [source(load) for load in loads],
    }


def _day_before(quarter: Quarter) -> str:
    return date.fromordinal(quarter.first_day.toordinal() - 1).isoformat()


def imported_lines(rows: Iterable[dict[str, Any]], folder: str) -> list[Line]:
    """The imported part as text."""
    rows = list(rows)
    if not rows:
        return [[("", "")], [("quiet", f"Nothing imported in {folder}: scrubber tables import FILE...")]]
    names = [" ".join(filter(None, (row["table"], row["program"]))) for row in rows]
    wide = max(len("imported"), *(len(name) for name in names))
    heads = f"{'rows':>9}  quarter  covers from  thru        age"
    lines: list[Line] = [[("", "")], [("head", f"{'imported':{wide}}  {heads}")]]
    for name, row in zip(names, rows, strict=True):
        begin, end = row["covers_from"] or "all dates", row["covers_thru"] or "open"
        facts = f"{row['rows']:>9,}  {row['quarter']:7}  {begin:11}  {end:10}  {_age(row)}"
        lines.append([("rule", f"{name:{wide}}"), ("", f"  {facts}")])
        for load, where in zip(row["loads"], row["sources"], strict=True):
            part = f"part {load['part']}, " if load["part"] else ""
            codes = "all codes" if row["whole"] else load["codes"]
            lines.append([("quiet", f"  {part}{codes}, from {where}, loaded {load['loaded'][:10]}")])
    lines.append([("quiet", f"Kept in {folder}")])
    return lines


def _age(row: dict[str, Any]) -> str:
    if not row["newest"]:
        return "a later quarter is loaded"
    return f"ended {row['age_days']} days ago" if row["age_days"] else "current"
