"""The run of a file as a page to read (``reports/NAME.html``), made of its manifest."""

from __future__ import annotations

from typing import Any

from scrubber.report import page


def run_page(run: dict[str, Any]) -> bytes:
    """The page; `run` is the manifest."""
    held = [
        (one["claim"], one["timely"], (f"${one['charge']}", one["charge"]), ", ".join(one["rules"]))
        for one in run["held"]["next_due"]
    ]
    sets = [
        (
            *(one[key] for key in ("isa13", "gs06", "st02", "bht03")),
            *(one[part]["claims"] for part in ("received", "released", "held")),
            (f"${one['held']['charges']}", one["held"]["charges"]),
        )
        for one in run["transactions"]
    ]
    return page.render(
        "run.html",
        title=f"Run of {run['name']}",
        subtitle=f"{run['at']}: {run['outcome']}",
        run=run,
        held_rows=held,
        set_rows=sets,
        tables="; ".join(f"{one['name']} {one['vintage']}" for one in run["tables"]),
    )
