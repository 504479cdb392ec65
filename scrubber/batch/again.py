"""The same bytes once more under another name: the same answer, and no second release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.batch.drafts import Drafts, as_json
from scrubber.batch.outbox import ACK, MANIFEST, REPORTS, Entry
from scrubber.batch.report import SCHEMA

if TYPE_CHECKING:
    from scrubber.batch.intake import Arrival
    from scrubber.batch.task import Task
    from scrubber.ledger import Run


def answer_again(task: Task, one: Arrival, name: str, run: Run) -> Entry:
    """Make the outputs of an input whose bytes `run` took in: copies of the answers that still stand.

    Raises OSError as the disk does.
    """
    with Drafts(task.disk, task.root, task.token, one.mode) as drafts:
        for kind in ("999", "277"):
            answer = task.root / f"{ACK}/{run.name}.{kind}"
            if answer.is_file():
                drafts.write(f"{ACK}/{name}.{kind}", [answer.read_bytes()])
        files, manifest = drafts.names, f"{REPORTS}/{name}{MANIFEST}"
        told = {
            "schema": SCHEMA,
            "name": one.name,
            "outcome": "again",
            "at": task.at.isoformat(),
            "input": {"bytes": one.size, "sha256": run.sha256},
            "first": {"name": run.name, "at": run.at.isoformat(), "outcome": run.outcome},
        }
        drafts.write(manifest, [as_json(told)])
        drafts.secure()
        return Entry("", files, manifest)
