"""An input that cannot be read: its bytes as they came, and the reason beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scrubber.batch.drafts import Drafts, as_json
from scrubber.batch.outbox import BAD, MANIFEST, REPORTS, Entry
from scrubber.batch.task import Done, Order, Task
from scrubber.ledger.records import Run

if TYPE_CHECKING:
    from scrubber.batch.intake import Opened

SCHEMA: Final = "scrubber.bad/1"


def refuse(task: Task, order: Order, drafts: Drafts, opened: Opened, reason: str) -> Done:
    """Set an input aside that cannot be read, for this `reason` (one line)."""
    told = {
        "schema": SCHEMA,
        "name": order.arrival.name,
        "bytes": order.arrival.size,
        "sha256": order.sha256,
        "at": task.at.isoformat(),
        "reason": reason,
    }
    drafts.write(f"{BAD}/{order.name}", opened.blocks())
    drafts.write(f"{BAD}/{order.name}.reason.json", [as_json(told)])
    files, artefacts = drafts.names, drafts.artefacts
    manifest = f"{REPORTS}/{order.name}{MANIFEST}"
    drafts.write(manifest, [as_json({**told, "schema": "scrubber.run/1", "outcome": "bad"})])
    run = Run(
        sha256=order.sha256,
        name=order.name,
        at=task.at,
        policy=task.policy.name,
        outcome="bad",
        select=task.select,
        ignore=task.ignore,
        tables=task.versions.tables,
        rules=task.versions.rules,
        software=task.versions.software,
        artefacts=artefacts,
    )
    return Done(order, Entry(order.sha256, files, manifest), run, outcome="bad", trouble=reason)
