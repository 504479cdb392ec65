"""The edit record: every change as a JSON line, from which the original can be had again, byte for byte."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from loops.source import Source, open_source
from scrubber.errors import GuardError, ScrubberError
from scrubber.finding import Edit
from scrubber.rewrite.changes import Change
from scrubber.rewrite.draft import Draft
from scrubber.rewrite.splice import splice, undoing

SCHEMA: Final = "scrubber.edit/1"
_BLOCK: Final = 1 << 20


def sha256(source: Source) -> str:
    """The SHA-256 of a source in hexadecimal digits."""
    digest = hashlib.sha256()
    for position in range(0, len(source), _BLOCK):
        digest.update(source.data[position : position + _BLOCK])
        source.release(position, position + _BLOCK)
    return digest.hexdigest()


def lines(name: str, changes: Iterable[Change], before: str, after: str) -> Iterator[bytes]:
    """The record of one file, a JSON object a line: an edit each, or one without edit when none was made.

    `before` and `after` are the SHA-256 of the file as it came and as it went.
    Bytes are written as text with one character a byte (latin-1).
    """
    hashes = {"sha256_before": before, "sha256_after": after}
    rows = [{"schema": SCHEMA, "file": name, **_edit(change), **hashes} for change in changes]
    for row in rows or [{"schema": SCHEMA, "file": name, **_NONE, **hashes}]:
        yield json.dumps(row).encode("ascii") + b"\n"


_KEYS: Final = (
    *("rule", "claim", "claim_index", "line", "place"),
    *("byte_start", "byte_end", "before", "after", "safety", "title"),
)
_NONE: Final[dict[str, Any]] = dict.fromkeys(_KEYS)


def _edit(change: Change) -> dict[str, Any]:
    edit, by = change.edit, change.by[0]
    return {
        "rule": change.rule,
        "claim": change.claim,
        "claim_index": change.claim_index,
        "line": by.line,
        "place": by.place,
        "byte_start": edit.start,
        "byte_end": edit.end,
        "before": edit.before.decode("latin-1"),
        "after": edit.after.decode("latin-1"),
        "safety": max(one.safety for one in change.by).value,
        "title": by.title,
    }


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a record says of one file: the edits, and the SHA-256 of the original."""

    edits: tuple[Edit, ...]
    before: str


def read(record: Path, after: str) -> Recorded:
    """What `record` says of the file whose SHA-256 is `after`. Raises GuardError when it is not in it."""
    files: dict[str, Recorded] = {}
    with record.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            try:
                row = json.loads(line)
                if row["sha256_after"] == after:
                    known = files.get(row["file"], Recorded((), row["sha256_before"]))
                    files[row["file"]] = Recorded((*known.edits, *_edits(row)), known.before)
            except (ValueError, KeyError, TypeError, AttributeError) as fault:
                raise ScrubberError(f"{record}: line {number} is no edit record") from fault
    if not files:
        raise GuardError(f"{record}: is not the record of this file: its hash is not in it")
    return next(iter(files.values()))


def _edits(row: dict[str, Any]) -> tuple[Edit, ...]:
    if row["rule"] is None:
        return ()
    before, after = row["before"].encode("latin-1"), row["after"].encode("latin-1")
    return (Edit(int(row["byte_start"]), int(row["byte_end"]), before, after),)


def undo(record: Path, rewritten: Path, target: Path) -> int:
    """Write the original of `rewritten` to `target` by `record`; return the number of edits undone.

    Raises GuardError, and writes nothing, when the hash of `rewritten` or of the outcome is not the
    recorded one; ConfigError when `target` is one of the two files.
    """
    with Draft(target, [rewritten, record]) as draft:
        source = open_source(rewritten)
        try:
            recorded = read(record, sha256(source))
            back = undoing(recorded.edits)

            def fill(out: BinaryIO) -> None:
                splice(source, back, out)

            draft.write(fill)
        finally:
            source.close()
        _prove(draft.path, recorded)
        draft.publish()
    return len(back)


def _prove(path: Path, recorded: Recorded) -> None:
    written = open_source(path)
    try:
        if sha256(written) != recorded.before:
            raise GuardError("the outcome is not the recorded original: nothing is written")
    finally:
        written.close()
