"""The edit record: every change as a JSON line, from which the original can be had again, byte for byte.

Each record holds the hash of the one before it (``prev``) and its own
(``hash``): SHA-256 over its JSON without ``hash``, keys in order, no blanks,
ASCII. A record that was changed, taken out, put in or moved breaks the chain.
Whoever can write the file can make a new chain: an archive that must withstand
that keeps the last hash in another place.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from loops.source import Source, open_source
from scrubber.errors import GuardError
from scrubber.finding import Edit, Safety
from scrubber.rewrite.changes import By, Change
from scrubber.rewrite.draft import Draft
from scrubber.rewrite.kept import Kept
from scrubber.rewrite.splice import splice, undoing

SCHEMA: Final = "scrubber.edit/1"
BEGIN: Final = "0" * 64
"""The ``prev`` of the first record."""

_BLOCK: Final = 1 << 20


def sha256(source: Source) -> str:
    """The SHA-256 of a source in hexadecimal digits."""
    digest = hashlib.sha256()
    for position in range(0, len(source), _BLOCK):
        digest.update(source.data[position : position + _BLOCK])
        source.release(position, position + _BLOCK)
    return digest.hexdigest()


class Recorder:
    """Writes the records of one run, which began at `time`, as one chain."""

    def __init__(self, time: datetime) -> None:
        self._time = time.isoformat(timespec="seconds")
        self._last = BEGIN

    def lines(self, name: str, changes: Iterable[Change], before: str, after: str) -> Iterator[bytes]:
        """The records of one file, a JSON object a line: an edit each, or one without edit if none was made.

        `before` and `after` are the SHA-256 of the file as it came and as it went.
        Bytes are written as text with one character a byte (latin-1).
        """
        told = map(_edit, changes)
        for edit in chain([next(told, _NONE)], told):
            row = {"schema": SCHEMA, "file": name, **edit, "time": self._time}
            row |= {"sha256_before": before, "sha256_after": after, "prev": self._last}
            self._last = row["hash"] = digest(row)
            yield json.dumps(row).encode("ascii") + b"\n"


def digest(row: dict[str, Any]) -> str:
    """The hash that a record must have."""
    rest = {key: value for key, value in row.items() if key != "hash"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


_KEYS: Final = (
    *("rule", "claim", "claim_index", "line", "place"),
    *("byte_start", "byte_end", "before", "after"),
    *("safety", "title", "approver", "reason", "by", "tables"),
)
_NONE: Final[dict[str, Any]] = dict.fromkeys(_KEYS) | {"by": [], "tables": []}


def _edit(change: Change) -> dict[str, Any]:
    edit, first = change.edit, change.by[0]
    approvals = dict.fromkeys(by.approval for by in change.by if by.approval)
    tables = sorted({table for by in change.by for table in by.tables})
    return {
        "rule": change.rule,
        "claim": change.claim or None,
        "claim_index": change.claim_index or None,
        "line": first.line,
        "place": first.place,
        "byte_start": edit.start,
        "byte_end": edit.end,
        "before": edit.before.decode("latin-1"),
        "after": edit.after.decode("latin-1"),
        "safety": max(one.safety for one in change.by).value,
        "title": "; ".join(dict.fromkeys(by.title for by in change.by)),
        "approver": "; ".join(dict.fromkeys(one.approver for one in approvals)) or None,
        "reason": "; ".join(dict.fromkeys(one.reason for one in approvals)) or None,
        "by": [_by(by) for by in change.by],
        "tables": [{"name": name, "vintage": vintage} for name, vintage in tables],
    }


def _by(by: By) -> dict[str, Any]:
    """One of those that had a part in an edit: fixes whose edits touch are one in the end."""
    told = {"rule": by.rule, "line": by.line, "place": by.place, "safety": by.safety.value, "title": by.title}
    if by.approval:
        told |= {"approver": by.approval.approver, "reason": by.approval.reason}
    return told


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a record says of one file: the SHA-256 before and after, the edits by place, who made them.

    `rules` are codes; of several that had a part in one edit, all, with commas.
    """

    file: str
    before: str
    after: str
    edits: Kept[Edit] = field(default_factory=Kept)
    rules: set[str] = field(default_factory=set)


def _rows(record: Path) -> Iterator[tuple[int, _Row]]:
    """The records with their line numbers, the chain checked as they go by."""
    last = BEGIN
    with record.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            try:
                row = json.loads(line)
                schema, previous, own = row["schema"], row["prev"], row["hash"]
                right, told = digest(row), _row(row)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as fault:
                raise GuardError(f"{record}: line {number} is no edit record") from fault
            if schema != SCHEMA:
                raise GuardError(f"{record}: line {number} is no edit record of schema {SCHEMA}")
            if own != right:
                raise GuardError(f"{record}: the chain is broken at line {number}: the record was changed")
            if previous != last:
                raise GuardError(
                    f"{record}: the chain is broken at line {number}: it does not follow the line before"
                )
            last = own
            yield number, told


class _Row(NamedTuple):
    """One record; `edit` is None when it has none, `unsigned` tells that what is billed has no approver."""

    file: str
    before: str
    after: str
    edit: Edit | None
    rule: str
    unsigned: bool


def _row(row: dict[str, Any]) -> _Row:
    """Raises what a record that is none raises on its way."""
    names = row["file"], row["sha256_before"], row["sha256_after"]
    if not all(isinstance(name, str) for name in names):
        raise TypeError
    if row["rule"] is None:
        return _Row(*names, None, "", unsigned=False)
    before, after = row["before"].encode("latin-1"), row["after"].encode("latin-1")
    edit = Edit(int(row["byte_start"]), int(row["byte_end"]), before, after)
    if abs(edit.start) > sys.maxsize:
        raise OverflowError
    # The counts of the envelope follow from what is billed, and have no approver.
    billed = row["safety"] == Safety.SUGGESTED.value and row["claim_index"] is not None
    return _Row(*names, edit, str(row["rule"]), unsigned=billed and not row["approver"])


def of_file(record: Path, before: str | None, after: str) -> Recorded:
    """What `record` says of the file whose SHA-256 is `after`, and was `before` unless that is None.

    Raises GuardError when it is not in it, for a line that is no record, when the chain is broken, when a
    file has two originals or outcomes, and when a change of what is billed has no approver.
    """
    files: dict[str, tuple[str, str]] = {}
    found: Recorded | None = None
    for number, row in _rows(record):
        hashes = row.before, row.after
        if files.setdefault(row.file, hashes) != hashes:
            says = f"line {number} tells another hash of {row.file} than the lines before"
            raise GuardError(f"{record}: {says}")
        if row.unsigned:
            raise GuardError(f"{record}: line {number} changes what is billed and names no approver")
        if found is None and row.after == after and before in (None, row.before):
            found = Recorded(row.file, *hashes)
        if found is not None and row.file == found.file and row.edit:
            found.edits.add(row.edit.start, row.edit)
            found.rules.add(row.rule)
    if found is None:
        what = "original" if any(outcome == after for _, outcome in files.values()) else "file"
        raise GuardError(f"{record}: is not the record of this {what}: its hash is not in it")
    return found


def undo(record: Path, rewritten: Path, target: Path) -> int:
    """Write the original of `rewritten` to `target` by `record`; return the number of edits undone.

    Raises GuardError, and writes nothing, when the chain is broken, or the hash of `rewritten` or of
    the outcome is not the recorded one; ConfigError when `target` is one of the two files.
    """
    with Draft(target, [rewritten, record]) as draft:
        source = open_source(rewritten)
        try:
            recorded = of_file(record, None, sha256(source))

            def fill(out: BinaryIO) -> None:
                splice(source, undoing(recorded.edits), out)

            draft.write(fill)
        finally:
            source.close()
        _prove(draft.path, recorded)
        draft.publish()
    return len(recorded.edits)


def _prove(path: Path, recorded: Recorded) -> None:
    written = open_source(path)
    try:
        if sha256(written) != recorded.before:
            raise GuardError("the outcome is not the recorded original: nothing is written")
    finally:
        written.close()
