"""Rewrite a whole file, undo it, rewrite it again, and ask two validators what they think of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from fixing import approving
from pyx12_verdict import verdict

import loops
from loops.source import open_source
from loops.validate import validate
from scrubber.checker import Checker
from scrubber.finding import Edit
from scrubber.registry import all_rules
from scrubber.rewrite import record
from scrubber.rewrite.approvals import NONE_APPROVED, Approvals
from scrubber.rewrite.draft import Draft, Scratch
from scrubber.rewrite.verify import verify
from scrubber.rewrite.work import Written, rewrite_into

TIME = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOT_837P = -1


@cache
def checker_of() -> Checker:
    """One checker for all files."""
    return Checker()


@cache
def everything() -> Approvals:
    """Approvals of whatever any rule suggests."""
    return approving(*(rule.code for rule in all_rules()))


def outside(before: bytes, after: bytes, edits: Iterable[Edit]) -> None:
    """Assert, without the product's own guard, that `after` is `before` but for `edits`."""
    rest_before, rest_after, position, shift = [], [], 0, 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        rest_before.append(before[position : edit.start])
        rest_after.append(after[position + shift : edit.start + shift])
        position = edit.end
        shift += len(edit.after) - len(edit.before)
    assert [*rest_before, before[position:]] == [*rest_after, after[position + shift :]]


def check_rewrite(path: Path, folder: Path, approvals: Approvals = NONE_APPROVED) -> int:
    """Rewrite a file there and back; return the number of changes, `NOT_837P` when it is none.

    Undo and record give the original; a second rewrite changes nothing; neither our validator nor
    pyx12 finds anything new.
    """
    data, out, edits = path.read_bytes(), folder / "out", folder / "edits.jsonl"
    try:
        with Draft(out, [path]) as draft:
            written = rewrite_into(draft, checker_of(), path, approvals=approvals)
            draft.publish()
    except loops.NotX12Error:
        assert not out.exists()
        return NOT_837P
    after = out.read_bytes()
    assert (after == data) == (not written.changes)
    assert not written.trouble
    outside(data, after, [change.edit for change in written.changes])
    _record_holds(path, out, edits, written, folder)
    with Scratch() as scratch:
        again = rewrite_into(scratch, checker_of(), after, approvals=approvals)
    assert again.sha256_after == written.sha256_after
    assert not again.changes
    if written.changes:
        nothing_new(data, after)
    return len(written.changes)


def _record_holds(path: Path, out: Path, edits: Path, written: Written, folder: Path) -> None:
    rows = record.Recorder(TIME).lines(
        path.name, written.changes, written.sha256_before, written.sha256_after
    )
    edits.write_bytes(b"".join(rows))
    assert len(verify(edits, path, out).edits) == len(written.changes)
    record.undo(edits, out, folder / "back")
    assert (folder / "back").read_bytes() == path.read_bytes()


def nothing_new(data: bytes, after: bytes) -> None:
    """Assert that no validator finds in `after` what it did not find in `data`."""
    assert not _problems(after) - _problems(data)
    old, new = verdict(data), verdict(after)
    if old is not None:
        assert new is not None
        assert new[0] or not old[0]
        assert not new[1] - old[1]


def _problems(data: bytes) -> Counter[tuple[int, str, str]]:
    return Counter((one.claim_index, one.code, one.place) for one in validate(open_source(data)))
